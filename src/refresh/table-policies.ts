// What the stored options of a table mean, with the defaults: plain values for planner and
// scheduler. Pure; the options were checked by table-options.ts when they were stored.

import type { MaterializedTable } from "../catalog/materialized-table.ts";
import { assert } from "../common/assert.ts";
import { type Duration, milliseconds, seconds } from "../common/time.ts";
import {
  type CatchupPolicy,
  catchupPolicies,
  type OverlapPolicy,
  overlapPolicies,
} from "../scheduler/scheduler.ts";
import type { RetryPolicy } from "../scheduler/task-runner.ts";
import { optionDuration, type TableOptions } from "./table-options.ts";

export interface TablePolicies {
  readonly retry: RetryPolicy;
  /** Of one attempt; null: none. */
  readonly timeout: Duration | null;
  readonly queue: string;
  readonly overlap: OverlapPolicy;
  readonly catchup: CatchupPolicy;
  /** Cells before the interval's that are computed again. */
  readonly lookback: number;
  /** What a slot computes, and whether missing and stale cells are repaired after it. */
  readonly strategy: PartitionStrategy;
  /** Slots run so much after their time; their data interval is the same. */
  readonly delay: Duration;
  /** A query: false, NULL or no row, and the run is SKIPPED. Null: none. */
  readonly condition: string | null;
  /** Slots wait for the parents' intervals that meet theirs. */
  readonly waitsForParents: boolean;
  /** For so long at most; null: as long as the freshness. */
  readonly parentTimeout: Duration | null;
  /** More rows than this fail the run; null: no limit. */
  readonly maxRows: number | null;
  /** Cells that ended longer ago are not computed again; null: never frozen. */
  readonly freezeAfter: Duration | null;
  /** False: the primary key is metadata only. */
  readonly keyEnforced: boolean;
}

/**
 * stale: the interval's cells, and after them the missing and stale ones; interval: those alone;
 * latest: the newest cell of the interval; all: everything that is not frozen.
 */
export const partitionStrategies = ["stale", "interval", "latest", "all"] as const;
export type PartitionStrategy = (typeof partitionStrategies)[number];

/** The queue of table refreshes, apart from that of users' workflows. */
export const tablesQueue = "tables";

/**
 * The policies in force. Under strict there is neither look-back nor repair, and nobody waits for
 * parents: Flink's tables do not know each other.
 */
export function policiesOf(table: Pick<MaterializedTable, "options" | "strict">): TablePolicies {
  const options = table.options;
  const strategy = strategyOf(table);
  const usual = table.strict || strategy === "latest" ? "0" : "1";
  const lookback = Number.parseInt(options["refresh.lookback"] ?? usual, 10);
  const maxRows = options["refresh.max-rows"] ?? options["refresh.max.records"];
  return {
    retry: {
      retries: Number(options["retries"] ?? 3),
      delay: durationOf(options, "retry.delay") ?? seconds(5),
      backoff: Number(options["retry.backoff"] ?? 2),
    },
    timeout: durationOf(options, "timeout"),
    queue: options["queue"] ?? tablesQueue,
    overlap: choiceOf(options["overlap"], overlapPolicies) ?? "queue",
    catchup: choiceOf(options["catch-up"], catchupPolicies) ?? "last",
    lookback,
    strategy,
    delay: durationOf(options, "refresh.delay") ?? milliseconds(0),
    condition: options["refresh.condition"] ?? null,
    waitsForParents: options["upstream.wait"]?.toLowerCase() !== "false" && !table.strict,
    parentTimeout: durationOf(options, "upstream.wait.timeout"),
    maxRows: maxRows === undefined ? null : Number(maxRows),
    freezeAfter: durationOf(options, "freeze.after"),
    keyEnforced: options["pk.enforced"]?.toLowerCase() !== "false",
  };
}

function strategyOf({
  options,
  strict,
}: Pick<MaterializedTable, "options" | "strict">): PartitionStrategy {
  const written = options["refresh.partition.strategy"]?.toLowerCase();
  if (written === "incremental") return "stale";
  return choiceOf(written, partitionStrategies) ?? (strict ? "interval" : "stale");
}

function durationOf(options: TableOptions, key: string): Duration | null {
  const text = options[key];
  if (text === undefined) return null;
  const duration = optionDuration(text);
  assert(duration !== null, `option ${key} was checked when it was stored: ${text}`);
  return milliseconds(duration);
}

function choiceOf<Word extends string>(
  text: string | undefined,
  words: readonly Word[],
): Word | null {
  return words.find((word) => word === text?.toLowerCase()) ?? null;
}
