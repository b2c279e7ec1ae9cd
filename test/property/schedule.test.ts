// The intervals of a schedule tile any range, in any zone, over any change of the clocks; and cron
// fires exactly when an oracle that looks at every minute says so.

import fc from "fast-check";
import { expect, test } from "vitest";
import { type Instant, instant, parseInstant } from "../../src/common/time.ts";
import { type CronFields, parseCron } from "../../src/scheduler/cron-expression.ts";
import { dayMatches } from "../../src/scheduler/cron-schedule.ts";
import { scheduleOf } from "../../src/scheduler/schedule.ts";
import type { ScheduleSpec } from "../../src/scheduler/scheduler.ts";
import { type Wall, Zone } from "../../src/scheduler/zone.ts";

const zones = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "America/Havana",
  "Asia/Beirut",
  "Asia/Kolkata",
  "Australia/Lord_Howe",
  "Africa/Casablanca",
  "Pacific/Apia",
];
const zone = fc.constantFrom(...zones);
/**
 * Any instant of 2010 to 2030, in half of the cases close to a change of the clocks of some zone.
 */
const moment = fc
  .oneof(
    fc.integer({ min: Date.UTC(2010, 0, 1), max: Date.UTC(2030, 0, 1) }),
    fc
      .tuple(
        fc.constantFrom(
          "2026-03-29T01:00Z",
          "2026-10-25T01:00Z",
          "2026-03-08T07:00Z",
          "2026-11-01T05:00Z",
          "2026-03-28T22:00Z",
          "2026-10-24T21:00Z",
          "2026-04-04T15:00Z",
          "2026-10-03T15:30Z",
          "2026-02-15T02:00Z",
          "2011-12-30T10:00Z",
        ),
        fc.integer({ min: -30 * 3_600_000, max: 30 * 3_600_000 }),
      )
      .map(([at, offset]) => parseInstant(at) + offset),
  )
  .map(instant);

const every = fc
  .record({
    amount: fc.integer({ min: 1, max: 99 }),
    unit: fc.constantFrom("SECOND", "MINUTE", "HOUR", "DAY", "WEEK"),
    anchor: fc.option(moment),
  })
  .map((spec): ScheduleSpec => ({ kind: "every", ...spec }));

const minuteField = fc.constantFrom("0", "30", "*", "*/20", "0/45", "5,50", "10-12", "55-5");
const hourField = fc.constantFrom("0", "1", "2", "3", "*", "*/2", "0/5", "2,19", "1-3", "22-2");
const dayField = fc.constantFrom("*", "*", "*", "29", "L", "L-2", "1-28", "25", "15W", "LW");
const cronText = fc
  .tuple(minuteField, hourField, dayField)
  .map(([m, h, d]) => `0 ${m} ${h} ${d} * ?`);

test("intervals tile time", () => {
  const spec = fc.oneof(
    every,
    cronText.map((expression): ScheduleSpec => ({ kind: "cron", expression })),
  );
  fc.assert(
    fc.property(spec, zone, moment, (schedule, where, from) => {
      const { nextAfter, previousAtOrBefore, intervalEndingAt } = scheduleOf(schedule, where);
      let at = previousAtOrBefore(from);
      for (let n = 0; n < 12 && at !== null; n++) {
        expect(previousAtOrBefore(at)).toBe(at);
        const next: Instant | null = nextAfter(at);
        if (next === null) return;
        expect(next).toBeGreaterThan(at);
        expect(n > 0 || next > from).toBe(true);
        expect(intervalEndingAt(next)).toEqual({ start: at, end: next });
        expect(previousAtOrBefore(instant(next - 1))).toBe(at);
        const between = instant(at + Math.floor((next - at) / 2));
        expect(nextAfter(between)).toBe(next);
        at = next;
      }
    }),
    { numRuns: 250 },
  );
});

/** Every fire in `[from, to)` by looking at each minute: the definition, word for word. */
function oracle(fields: CronFields, where: Zone, from: Instant, to: Instant): readonly number[] {
  const matches = (wall: Wall) => {
    const minute = (((wall / 60_000) % 1440) + 1440) % 1440;
    return (
      dayMatches(fields, wall) &&
      fields.hours.includes(Math.floor(minute / 60)) &&
      fields.minutes.includes(minute % 60)
    );
  };
  const found: number[] = [];
  for (let at = from; at < to; at = instant(at + 60_000)) {
    const now = where.wallAt(at);
    const before = (where.wallAt(instant(at - 60_000)) + 60_000) as Wall;
    const repeated = where.occurrences(now)[0] !== at;
    let fires = matches(now) && (fields.followsRealTime || !repeated);
    if (!fields.followsRealTime) {
      for (let gone = before; gone < now; gone = (gone + 60_000) as Wall) fires ||= matches(gone);
    }
    if (fires) found.push(at);
  }
  return found;
}

test("cron fires when every minute of the range says so", () => {
  fc.assert(
    fc.property(cronText, zone, moment, (expression, where, around) => {
      const from = instant(Math.floor(around / 60_000) * 60_000 - 30 * 3_600_000);
      const to = instant(from + 60 * 3_600_000);
      const { nextAfter } = scheduleOf({ kind: "cron", expression }, where);
      const fires: number[] = [];
      for (let at = nextAfter(instant(from - 1)); at !== null && at < to; at = nextAfter(at)) {
        fires.push(at);
      }
      expect(fires).toEqual(oracle(parseCron(expression), Zone.of(where), from, to));
    }),
    { numRuns: 250 },
  );
});
