// The work of backfills in the loop: the next intervals become instances as earlier ones end. All
// truth is in the store's step, which any gateway may make, and make again after a kill: an
// interval has an instance if and only if both were committed together.

import type { RandomSource } from "../../common/clock.ts";
import { GatewayError } from "../../common/gateway-error.ts";
import { dataInterval, type Duration, type Instant, milliseconds } from "../../common/time.ts";
import type { ClaimOf } from "../scheduler.ts";
import type { BackfillStore, DueBackfill, DueInterval } from "./backfill-store.ts";
import { failedInstance, newInstance, resolveRun, type RunSpec } from "./new-instance.ts";
import type { NewInstanceRow } from "./store.ts";

/** Backfills in one step. */
const backfillsAtOnce = 20;

export interface BackfillPorts {
  readonly store: BackfillStore;
  readonly claimOf: ClaimOf;
  readonly random: RandomSource;
}

/**
 * Steps until nothing is left to do now; calls `onMade` whenever there are new instances. Gives how
 * long to wait for the next time, at most `poll`.
 */
export async function workOnBackfills(
  ports: BackfillPorts,
  poll: Duration,
  onMade: () => void,
): Promise<Duration> {
  for (;;) {
    const make = (backfill: DueBackfill, now: Instant) => instancesOf(backfill, now, ports);
    const { made, more, nextIn } = await ports.store.stepBackfills(backfillsAtOnce, make);
    if (made > 0) onMade();
    if (!more) return nextIn === null ? poll : milliseconds(Math.min(nextIn, poll));
  }
}

/** The instances of the due intervals; one that cannot be made is FAILED from the beginning. */
export function instancesOf(
  backfill: DueBackfill,
  now: Instant,
  { claimOf, random }: Pick<BackfillPorts, "claimOf" | "random">,
): readonly NewInstanceRow[] {
  return backfill.intervals.map((due) => {
    const run = runOf(backfill, due, now);
    try {
      return newInstance(resolveRun(run, claimOf, random), random);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      return failedInstance(run, random, error);
    }
  });
}

function runOf(backfill: DueBackfill, due: DueInterval, now: Instant): RunSpec {
  const { workflowId, version, definition, queue } = backfill;
  const interval = due.interval ?? dataInterval(now, now);
  const partition = due.interval === null ? { partition: due.partition } : {};
  return {
    workflowId,
    version,
    definition,
    trigger: "BACKFILL",
    interval,
    request: { ...backfill.request, ...partition },
    scheduledAt: interval.end,
    overrides: backfill.variables,
    backfill: { id: backfill.backfillId, ordinal: due.ordinal, queue },
  };
}
