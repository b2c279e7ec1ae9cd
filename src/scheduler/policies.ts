// The policies of scheduling as pure functions over plain values: priority, who excludes whom,
// overlap, catch-up, retry. Nothing here knows the clock or a database.

import { type Duration, type Instant, milliseconds } from "../common/time.ts";
import { unreachable } from "../common/assert.ts";
import type { CatchupPolicy, OverlapPolicy } from "./scheduler.ts";
import type { Claim, ClaimScope, RetryPolicy, Trigger } from "./task-runner.ts";

/** Smaller runs first. */
export const priorityOf: Readonly<Record<Trigger, number>> = {
  MANUAL: 0,
  COMMAND: 0,
  INITIAL: 1,
  SCHEDULE: 2,
  CATCH_UP: 3,
  REPAIR: 4,
  BACKFILL: 5,
};

/** Triggers that SUSPEND of a table keeps from starting. */
export const suspendable: readonly Trigger[] = ["SCHEDULE", "CATCH_UP", "REPAIR"];

/** True if two claims exclude each other; a task without a claim excludes nobody. */
export function claimsMeet(a: Claim | null, b: Claim | null): boolean {
  if (a === null || b === null || a.resource !== b.resource) return false;
  if (a.scopes === null || b.scopes === null) return true;
  const others = b.scopes;
  return a.scopes.some((x) => others.some((y) => !scopesDiffer(x, y)));
}

function scopesDiffer(a: ClaimScope, b: ClaimScope): boolean {
  return Object.keys(a).some((key) => key in b && a[key] !== b[key]);
}

/** An instance of the workflow that has not ended; backfills are not among them. */
export interface OpenRun {
  readonly instanceId: string;
  readonly claims: readonly (Claim | null)[];
}

export type OverlapDecision =
  | { readonly kind: "run" }
  | { readonly kind: "wait" }
  | { readonly kind: "skip" }
  | { readonly kind: "replace"; readonly instanceIds: readonly string[] };

/**
 * What a new run does about those that are open. Runs of a user workflow exclude each other as a
 * whole; those of a table only where their claims meet, and then `queue` needs no gate: the claim
 * itself waits.
 */
export function overlapOf(
  policy: OverlapPolicy,
  kind: "table" | "user",
  claims: readonly (Claim | null)[],
  open: readonly OpenRun[],
): OverlapDecision {
  const meets = (run: OpenRun) =>
    kind === "user" || run.claims.some((theirs) => claims.some((ours) => claimsMeet(ours, theirs)));
  const instanceIds = open.filter(meets).map((run) => run.instanceId);
  if (instanceIds.length === 0) return { kind: "run" };
  switch (policy) {
    case "queue":
      return kind === "user" ? { kind: "wait" } : { kind: "run" };
    case "skip":
      return { kind: "skip" };
    case "replace":
      return { kind: "replace", instanceIds };
    default:
      return unreachable(policy);
  }
}

/**
 * Whether the newest due slot is run, and as what; older due slots are always missed except under
 * `all`.
 */
export function newestSlot(
  policy: CatchupPolicy,
  slot: Instant,
  aliveSince: Instant,
): "SCHEDULE" | "CATCH_UP" | "MISSED" {
  if (slot >= aliveSince) return "SCHEDULE";
  return policy === "none" ? "MISSED" : "CATCH_UP";
}

/** Lost attempts of one task after which it is given up. */
export const maxLost = 10;
const longestDelay = 3_600_000;

/** How long to wait before the attempt after `failures` failed ones (1 or more). */
export function retryDelay(policy: RetryPolicy, failures: number): Duration {
  const delay = policy.delay * policy.backoff ** (failures - 1);
  return milliseconds(Math.min(delay, longestDelay));
}

/**
 * Waiting before the attempt after `lost` lost ones (1 or more): none, then 1 s doubling to a
 * minute.
 */
export function lostDelay(lost: number): Duration {
  return milliseconds(lost <= 1 ? 0 : Math.min(1000 * 2 ** (lost - 2), 60_000));
}
