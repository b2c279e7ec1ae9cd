// Freshness becomes a schedule. Flink's values are aligned to the clock, as its cron expressions
// are; all others have an anchor, which is stored with the workflow and shown: days and weeks count
// from local midnight (weeks: of Monday), shorter ones count elapsed time from local midnight of
// the day of creation. Pure.

import type { Freshness } from "../catalog/freshness.ts";
import type { Instant } from "../common/time.ts";
import { anchorOf } from "../scheduler/schedule.ts";
import type { ScheduleSpec } from "../scheduler/scheduler.ts";

/** The schedule of a table that was created at `createdAt` and lives in `timeZone`. */
export function scheduleOf(
  freshness: Freshness,
  timeZone: string,
  createdAt: Instant,
): ScheduleSpec {
  return { kind: "every", ...freshness, anchor: anchorOf(freshness, createdAt, timeZone) };
}
