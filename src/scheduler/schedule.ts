// A schedule is a small pure value: the instants at which it fires. A run is about the data
// interval between the previous fire and its own, so that the intervals of a schedule tile time
// without gap or overlap, whatever the zone's clocks do. Freshness slots are in freshness-slots.ts,
// cron in cron-expression.ts and cron-schedule.ts.

import { type DataInterval, dataInterval, type Instant, instant } from "../common/time.ts";
import { parseCron } from "./cron-expression.ts";
import { CronSchedule } from "./cron-schedule.ts";
import { freshnessSlots } from "./freshness-slots.ts";
import type { ScheduleSpec } from "./scheduler.ts";
import { Zone } from "./zone.ts";

export { anchorOf } from "./freshness-slots.ts";
export { wall, Zone } from "./zone.ts";

export interface Fires {
  /** The first fire strictly after `at`; null if there is none. */
  nextAfter(at: Instant): Instant | null;
  /** The last fire at or before `at`; null if there is none. */
  previousAtOrBefore(at: Instant): Instant | null;
}

export interface Schedule extends Fires {
  /**
   * `[previous fire, at)`; empty (`[at, at)`) for manual schedules and where nothing fired before.
   */
  intervalEndingAt(at: Instant): DataInterval;
}

/** Throws WF-CRON (position counted in the expression) or WF-TIME-ZONE. */
export function scheduleOf(spec: ScheduleSpec, timeZone: string): Schedule {
  const fires = remembering(firesOf(spec, Zone.of(timeZone)));
  return {
    nextAfter: (at) => fires.nextAfter(at),
    previousAtOrBefore: (at) => fires.previousAtOrBefore(at),
    intervalEndingAt(at) {
      return dataInterval(fires.previousAtOrBefore(instant(at - 1)) ?? at, at);
    },
  };
}

/** A tick asks the same of many workflows that share a schedule: about the slots around now. */
function remembering(fires: Fires): Fires {
  return {
    nextAfter: remembered((at) => fires.nextAfter(at)),
    previousAtOrBefore: remembered((at) => fires.previousAtOrBefore(at)),
  };
}

const answersKept = 64;

function remembered(ask: (at: Instant) => Instant | null): (at: Instant) => Instant | null {
  const answers = new Map<Instant, Instant | null>();
  return (at) => {
    const known = answers.get(at);
    if (known !== undefined) return known;
    if (answers.size >= answersKept) answers.clear();
    const answer = ask(at);
    answers.set(at, answer);
    return answer;
  };
}

function firesOf(spec: ScheduleSpec, zone: Zone): Fires {
  switch (spec.kind) {
    case "manual":
      return { nextAfter: () => null, previousAtOrBefore: () => null };
    case "cron":
      return new CronSchedule(parseCron(spec.expression), zone);
    case "every":
      return freshnessSlots(spec, zone);
  }
}
