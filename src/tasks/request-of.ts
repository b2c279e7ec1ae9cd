// Why a claimed task refreshes its table: slots by their interval, all others by what the submitter
// wrote. Pure.

import { parsePartition } from "../catalog/partition.ts";
import type { RefreshRequest } from "../refresh/refresh-request.ts";
import type { ClaimedTask } from "../scheduler/task-runner.ts";
import { unreachable } from "../common/assert.ts";

/** The request of a run; the interval of asked runs has no extent and no meaning. */
export function requestOf(
  run: Pick<ClaimedTask, "trigger" | "interval" | "request">,
): RefreshRequest {
  switch (run.trigger) {
    case "SCHEDULE":
    case "CATCH_UP":
      return { kind: "scheduled", interval: run.interval };
    case "BACKFILL":
      return backfillRequest(run);
    case "INITIAL":
    case "MANUAL":
    case "REPAIR":
    case "COMMAND":
      // Written by refresh/submit-run.ts, and by nobody else.
      return run.request as unknown as RefreshRequest;
    default:
      return unreachable(run.trigger);
  }
}

/** What src/backfill writes, and `{}` of users' workflows; `partition` only without an interval. */
function backfillRequest({ interval, request }: Pick<ClaimedTask, "interval" | "request">) {
  const { partition, force, throttled } = request as {
    readonly partition?: string | null;
    readonly force?: boolean;
    readonly throttled?: boolean;
  };
  const whole = partition === null || partition === "";
  const named = partition === undefined ? null : whole ? [] : [parsePartition(partition)];
  return {
    kind: "backfill",
    interval,
    partitions: named,
    force: force ?? false,
    throttled: throttled ?? false,
  } as const;
}
