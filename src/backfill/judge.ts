// Why an interval of a backfill is not run, from what is known of it. Pure.

import { unreachable } from "../common/assert.ts";
import type { Reprocess } from "./backfill-options.ts";

export type SkipReason = "beyond start" | "frozen" | "in flight" | "already fresh";

/** What the ledger, or the history of a workflow, says of one interval. */
export interface IntervalFacts {
  /** Before an explicit begin of the table or workflow. */
  readonly beyondStart: boolean;
  /** All of it is frozen. */
  readonly frozen: boolean;
  /** Some of it waits or runs elsewhere. */
  readonly inFlight: boolean;
  readonly missing: boolean;
  readonly failed: boolean;
  readonly stale: boolean;
}

/** Null: it is run. */
export function skipReason(
  facts: IntervalFacts,
  how: { readonly reprocess: Reprocess; readonly force: boolean },
): SkipReason | null {
  if (facts.beyondStart) return "beyond start";
  if (facts.frozen && !how.force) return "frozen";
  if (facts.inFlight) return "in flight";
  return isWanted(facts, how.reprocess) ? null : "already fresh";
}

function isWanted({ missing, failed, stale }: IntervalFacts, reprocess: Reprocess): boolean {
  switch (reprocess) {
    case "all":
      return true;
    case "stale":
      return missing || failed || stale;
    case "failed":
      return missing || failed;
    case "missing":
      return missing;
    default:
      return unreachable(reprocess);
  }
}
