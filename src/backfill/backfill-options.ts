// The options of BACKFILL: a closed list. Pure.

import { GatewayError } from "../common/gateway-error.ts";
import { nearest } from "../common/nearest.ts";

export const reprocessWords = ["all", "stale", "failed", "missing"] as const;
/** Which cells are computed again: missing ⊂ failed ⊂ stale ⊂ all. */
export type Reprocess = (typeof reprocessWords)[number];

export interface BackfillOptions {
  /** Instances at a time. */
  readonly parallelism: number;
  readonly order: "ascending" | "descending";
  readonly reprocess: Reprocess;
  readonly queue: string | null;
  readonly cascade: boolean;
  readonly throttle: boolean;
  /** Frozen cells too. */
  readonly force: boolean;
}

const mostParallel = 1_000;
const known = [
  "parallelism",
  "order",
  "reprocess",
  "queue",
  "cascade",
  "throttle",
  "force",
  "dry-run",
] as const;
type Key = (typeof known)[number];

/**
 * Throws BF-OPTION-UNKNOWN, BF-OPTION-VALUE. `dry-run` is for the caller to act upon, and only
 * checked here. Throttled runs are made one at a time, whatever `parallelism` says.
 */
export function readOptions(options: Readonly<Record<string, string>>): BackfillOptions {
  for (const key of Object.keys(options)) {
    if (!known.some((option) => option === key)) throw unknownOption(key);
  }
  const value = (key: Key) => options[key]?.trim() ?? null;
  flag("dry-run", value("dry-run"));
  const throttle = flag("throttle", value("throttle"));
  const parallelism = count(value("parallelism"));
  const queue = value("queue");
  if (queue === "") throw refused("queue", queue, "Expected the name of a queue.");
  return {
    parallelism: throttle ? 1 : parallelism,
    order: choice("order", value("order"), ["ascending", "descending"]) ?? "ascending",
    reprocess: choice("reprocess", value("reprocess"), reprocessWords) ?? "all",
    queue,
    cascade: flag("cascade", value("cascade")),
    throttle,
    force: flag("force", value("force")),
  };
}

function count(text: string | null): number {
  if (text === null) return 1;
  const amount = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (amount >= 1 && amount <= mostParallel) return amount;
  throw refused("parallelism", text, `Expected a whole number from 1 to ${mostParallel}.`);
}

function flag(key: Key, text: string | null): boolean {
  const word = choice(key, text, ["true", "false", "on", "off"]);
  return word === "true" || word === "on";
}

function choice<Word extends string>(
  key: Key,
  text: string | null,
  words: readonly Word[],
): Word | null {
  if (text === null) return null;
  const found = words.find((word) => word === text.toLowerCase());
  if (found !== undefined) return found;
  throw refused(key, text, `Expected one of ${words.join(", ")}.`);
}

function refused(key: Key, text: string, detail: string): GatewayError {
  const message = `value "${text}" of option '${key}' cannot be used`;
  return new GatewayError("BF-OPTION-VALUE", message, { detail });
}

function unknownOption(key: string): GatewayError {
  const meant = nearest(key, known);
  return new GatewayError("BF-OPTION-UNKNOWN", `option '${key}' does not exist`, {
    detail: `The options of a backfill are ${known.join(", ")}.`,
    hint: meant === null ? undefined : `Did you mean '${meant}'?`,
  });
}
