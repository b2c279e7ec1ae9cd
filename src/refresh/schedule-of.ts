// Freshness becomes a schedule. Flink's values are aligned to the clock, as its cron expressions are; all others have
// an anchor, so that their slots have a beginning that can be stored and shown. Pure.
//
//   SECOND, MINUTE dividing 60; HOUR dividing 24; 1 DAY    aligned, no anchor
//   other SECOND, MINUTE, HOUR                             elapsed time from local midnight of the day of creation
//   other DAY                                              calendar days from local midnight of the day of creation
//   WEEK                                                   calendar weeks from local midnight of that week's Monday

import type { Freshness } from "../catalog/freshness.ts";
import type { Instant } from "../common/time.ts";
import type { ScheduleSpec } from "../scheduler/scheduler.ts";
import { floorTo, instantOf, localAt, zoneOf } from "./zone.ts";

/** The schedule of a table that was created at `createdAt` and lives in `timeZone`. */
export function scheduleOf(
  freshness: Freshness,
  timeZone: string,
  createdAt: Instant,
): ScheduleSpec {
  const { amount, unit } = freshness;
  if (isAligned(freshness)) return { kind: "every", amount, unit, anchor: null };
  const zone = zoneOf(timeZone);
  const grain = unit === "WEEK" ? "week" : "day";
  const anchor = instantOf(floorTo(localAt(createdAt, zone), grain), zone);
  return { kind: "every", amount, unit, anchor };
}

/** True for the values that Flink can express as cron. */
export function isAligned({ amount, unit }: Freshness): boolean {
  switch (unit) {
    case "SECOND":
    case "MINUTE":
      return amount < 60 && 60 % amount === 0;
    case "HOUR":
      return amount < 24 && 24 % amount === 0;
    case "DAY":
      return amount === 1;
    case "WEEK":
      return false;
  }
}
