// The slots of a freshness. Values of Flink's set are aligned to the clock of the zone: those of
// hours and below fire whenever the wall shows a multiple (in a repeated hour twice), days and
// weeks at the start of the local day. A slot that the clocks skip fires at the first instant after
// the gap, so a table is never older than declared because of it. Other values count elapsed time,
// or local days, from an anchor that is stored with the schedule.

import { assert } from "../common/assert.ts";
import { type Instant, instant } from "../common/time.ts";
import { hasFlinkCron } from "./freshness-cron.ts";
import type { Fires } from "./schedule.ts";
import type { ScheduleSpec } from "./scheduler.ts";
import { dayMs, wall, Zone } from "./zone.ts";

type EverySpec = Extract<ScheduleSpec, { readonly kind: "every" }>;

const unitMs = {
  SECOND: 1000,
  MINUTE: 60_000,
  HOUR: 3_600_000,
  DAY: dayMs,
  WEEK: 7 * dayMs,
} as const;

/** 1970-01-05, the first Monday, in days since 1970-01-01. */
const firstMonday = 4;

/**
 * Where the slots of a freshness begin: null for values that are aligned to the clock anyway, else
 * the local midnight of the creation day (weeks: of its Monday). Throws WF-TIME-ZONE.
 */
export function anchorOf(
  every: { readonly amount: number; readonly unit: EverySpec["unit"] },
  createdAt: Instant,
  timeZone: string,
): Instant | null {
  const zone = Zone.of(timeZone);
  if (hasFlinkCron(every) || (every.unit === "WEEK" && every.amount === 1)) return null;
  const day = Math.floor(zone.wallAt(createdAt) / dayMs);
  if (every.unit !== "WEEK") return zone.startOfDay(createdAt);
  return zone.resolve(wall(mondayOf(day) * dayMs));
}

export function freshnessSlots(spec: EverySpec, zone: Zone): Fires {
  const { amount, unit } = spec;
  assert(Number.isInteger(amount) && amount > 0, `freshness must be positive: ${amount}`);
  if (unit === "DAY" || unit === "WEEK") return daySlots(spec, zone);
  const period = amount * unitMs[unit];
  return hasFlinkCron(spec) ? clockSlots(period, zone) : elapsedSlots(period, spec.anchor);
}

function elapsedSlots(period: number, anchor: Instant | null): Fires {
  const origin = anchor ?? 0;
  const floor = (at: number) => origin + Math.floor((at - origin) / period) * period;
  return {
    nextAfter: (at) => instant(floor(at) + period),
    previousAtOrBefore: (at) => instant(floor(at)),
  };
}

function daySlots(spec: EverySpec, zone: Zone): Fires {
  const period = spec.unit === "WEEK" ? 7 * spec.amount : spec.amount;
  const anchored = spec.anchor === null ? 0 : Math.floor(zone.wallAt(spec.anchor) / dayMs);
  const origin = spec.unit === "WEEK" ? mondayOf(anchored) : anchored;
  const floor = (at: Instant) => {
    const day = Math.floor(zone.wallAt(at) / dayMs);
    return origin + Math.floor((day - origin) / period) * period;
  };
  const startOf = (day: number) => zone.resolve(wall(day * dayMs));
  return {
    nextAfter(at) {
      // A midnight that occurs twice belongs to the day that has begun already: hence the second
      // step.
      let day = floor(at);
      while (startOf(day) <= at) day += period;
      return startOf(day);
    },
    previousAtOrBefore(at) {
      let day = floor(at) + period;
      while (startOf(day) > at) day -= period;
      return startOf(day);
    },
  };
}

/** `period` divides a day. Between two changes of offset the slots are simply `period` apart. */
function clockSlots(period: number, zone: Zone): Fires {
  const floor = (at: Instant) => at - mod(zone.wallAt(at), period);
  const firesAtChange = (change: Instant) => {
    const before = change + zone.offsetAt(instant(change - 1));
    const after = change + zone.offsetAt(change);
    const swallowed = after > before && Math.ceil(before / period) * period < after;
    return mod(after, period) === 0 || swallowed;
  };
  return {
    nextAfter(at) {
      const slot = instant(floor(at) + period);
      if (zone.offsetAt(slot) === zone.offsetAt(at)) return slot;
      const change = zone.firstChange(at, slot);
      return firesAtChange(change) ? change : instant(floor(change) + period);
    },
    previousAtOrBefore(at) {
      const slot = instant(floor(at));
      if (zone.offsetAt(slot) === zone.offsetAt(at)) return slot;
      const change = zone.firstChange(slot, at);
      return firesAtChange(change) ? change : instant(floor(instant(change - 1)));
    },
  };
}

function mondayOf(day: number): number {
  return day - mod(day - firstMonday, 7);
}

function mod(a: number, b: number): number {
  return ((a % b) + b) % b;
}
