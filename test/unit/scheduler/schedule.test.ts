// When schedules fire: tables of freshness slots and of cron, over changes of the clocks.

import { describe, expect, test } from "vitest";
import { GatewayError } from "../../../src/common/gateway-error.ts";
import { type Instant, parseInstant, toIso } from "../../../src/common/time.ts";
import { anchorOf, scheduleOf } from "../../../src/scheduler/schedule.ts";
import type { ScheduleSpec } from "../../../src/scheduler/scheduler.ts";

const berlin = "Europe/Berlin";

/** The next `count` fires after `from` (both in UTC), as ISO texts cut to what matters. */
function fires(spec: ScheduleSpec, zone: string, from: string, count: number): readonly string[] {
  const schedule = scheduleOf(spec, zone);
  const texts: string[] = [];
  let at: Instant | null = parseInstant(from);
  for (let n = 0; n < count; n++) {
    at = schedule.nextAfter(at);
    if (at === null) return [...texts, "never"];
    texts.push(toIso(at).slice(0, 19));
  }
  return texts;
}

/** The fires at or before `from`, walking back. */
function firesBack(spec: ScheduleSpec, zone: string, from: string, count: number): string[] {
  const schedule = scheduleOf(spec, zone);
  const texts: string[] = [];
  let at: Instant | null = schedule.previousAtOrBefore(parseInstant(from));
  while (at !== null && texts.length < count) {
    texts.push(toIso(at).slice(0, 19));
    at = schedule.previousAtOrBefore((at - 1) as Instant);
  }
  return texts;
}

function every(amount: number, unit: "SECOND" | "MINUTE" | "HOUR" | "DAY" | "WEEK", anchor = "") {
  return {
    kind: "every",
    amount,
    unit,
    anchor: anchor === "" ? null : parseInstant(anchor),
  } as const;
}

const cron = (expression: string) => ({ kind: "cron", expression }) as const;

// covers: G-13
describe("freshness slots", () => {
  // In 2026 Berlin's clocks go forward on 03-29 at 01:00Z and back on 10-25 at 01:00Z.
  test.each([
    ["10 s", every(10, "SECOND"), berlin, "2026-01-01T00:00:05", ["2026-01-01T00:00:10"]],
    ["30 min", every(30, "MINUTE"), berlin, "2026-03-29T00:30:00", ["2026-03-29T01:00:00"]],
    [
      "half-hour zone",
      every(1, "HOUR"),
      "Asia/Kolkata",
      "2026-01-01T00:00",
      ["2026-01-01T00:30:00"],
    ],
    [
      "4 h is 3 h long",
      every(4, "HOUR"),
      berlin,
      "2026-03-28T22:59:59",
      ["2026-03-28T23:00:00", "2026-03-29T02:00:00"],
    ],
    [
      "4 h is 5 h long",
      every(4, "HOUR"),
      berlin,
      "2026-10-24T21:59:59",
      ["2026-10-24T22:00:00", "2026-10-25T03:00:00"],
    ],
    [
      "1 h in the repeated hour",
      every(1, "HOUR"),
      berlin,
      "2026-10-24T23:30:00",
      ["2026-10-25T00:00:00", "2026-10-25T01:00:00", "2026-10-25T02:00:00"],
    ],
    [
      "2 h, slot skipped by the clocks",
      every(2, "HOUR"),
      berlin,
      "2026-03-28T23:00:00",
      ["2026-03-29T01:00:00", "2026-03-29T02:00:00"],
    ],
    [
      "1 d of 23 h",
      every(1, "DAY"),
      berlin,
      "2026-03-28T12:00:00",
      ["2026-03-28T23:00:00", "2026-03-29T22:00:00"],
    ],
    [
      "1 d of 25 h",
      every(1, "DAY"),
      berlin,
      "2026-10-24T12:00:00",
      ["2026-10-24T22:00:00", "2026-10-25T23:00:00"],
    ],
    [
      "midnight skipped",
      every(1, "DAY"),
      "Asia/Beirut",
      "2026-03-28T12:00:00",
      ["2026-03-28T22:00:00", "2026-03-29T21:00:00"],
    ],
    [
      "midnight twice",
      every(1, "DAY"),
      "America/Havana",
      "2026-10-31T12:00:00",
      ["2026-11-01T04:00:00", "2026-11-02T05:00:00"],
    ],
    [
      "weeks begin on Monday",
      every(1, "WEEK"),
      "UTC",
      "2026-11-24T10:00:00",
      ["2026-11-30T00:00:00"],
    ],
    [
      "7 min anchored",
      every(7, "MINUTE", "2026-01-01T00:00"),
      "UTC",
      "2026-01-01T23:57:30",
      ["2026-01-02T00:02:00"],
    ],
    [
      "90 min anchored",
      every(90, "MINUTE", "2026-01-01T00:00"),
      "UTC",
      "2026-01-01T01:30:00",
      ["2026-01-01T03:00:00"],
    ],
    [
      "2 d anchored",
      every(2, "DAY", "2026-03-27T23:00"),
      berlin,
      "2026-03-27T23:00:00",
      ["2026-03-29T22:00:00", "2026-03-31T22:00:00"],
    ],
    [
      "2 weeks anchored",
      every(2, "WEEK", "2026-11-16T00:00"),
      "UTC",
      "2026-11-16T00:00:00",
      ["2026-11-30T00:00:00"],
    ],
  ])("%s", (_name, spec, zone, from, expected) => {
    expect(fires(spec, zone, from, expected.length)).toEqual(expected);
  });

  test.each([
    [every(5, "HOUR"), berlin, "2026-03-29T12:00:00Z", "2026-03-28T23:00:00.000Z"],
    [every(1, "HOUR"), berlin, "2026-03-29T12:00:00Z", null],
    [every(2, "DAY"), berlin, "2026-06-15T12:00:00Z", "2026-06-14T22:00:00.000Z"],
    [every(2, "WEEK"), "UTC", "2026-11-26T12:00:00Z", "2026-11-23T00:00:00.000Z"],
    [every(1, "WEEK"), "UTC", "2026-11-26T12:00:00Z", null],
  ])("the anchor of %o is %s", (spec, zone, createdAt, expected) => {
    const anchor = anchorOf(spec, parseInstant(createdAt), zone);
    expect(anchor === null ? null : toIso(anchor)).toBe(expected);
  });

  test("a manual schedule never fires and its interval is empty", () => {
    const schedule = scheduleOf({ kind: "manual" }, "UTC");
    const at = parseInstant("2026-01-01T00:00:00");
    expect(schedule.nextAfter(at)).toBeNull();
    expect(schedule.intervalEndingAt(at)).toEqual({ start: at, end: at });
  });
});

describe("cron", () => {
  test.each([
    // Quartz
    ["0 0 2 ? * *", "UTC", "2026-11-23T20:00", ["2026-11-24T02:00:00"]],
    ["0/15 * * * * ? *", "UTC", "2026-11-23T20:00:50", ["2026-11-23T20:01:00"]],
    ["0 0 2 ? * MON-FRI", "UTC", "2026-11-27T20:00", ["2026-11-30T02:00:00"]],
    ["0 0 2 ? * 2-6", "UTC", "2026-11-27T20:00", ["2026-11-30T02:00:00"]],
    ["0 0 2 ? * 1", "UTC", "2026-11-23T20:00", ["2026-11-29T02:00:00"]],
    ["0 0 2 ? * L", "UTC", "2026-11-23T20:00", ["2026-11-28T02:00:00"]],
    ["0 0 2 ? * 6L", "UTC", "2026-11-01T00:00", ["2026-11-27T02:00:00"]],
    ["0 0 2 ? * FRI#2", "UTC", "2026-11-01T00:00", ["2026-11-13T02:00:00"]],
    [
      "0 0 2 ? * FRI-MON",
      "UTC",
      "2026-11-23T20:00",
      ["2026-11-27T02:00:00", "2026-11-28T02:00:00"],
    ],
    ["0 0 0 L * ?", "UTC", "2026-02-01T00:00", ["2026-02-28T00:00:00"]],
    ["0 0 0 L-3 * ?", "UTC", "2026-02-01T00:00", ["2026-02-25T00:00:00", "2026-03-28T00:00:00"]],
    ["0 0 0 L-30 * ?", "UTC", "2026-02-01T00:00", ["2026-03-01T00:00:00", "2026-05-01T00:00:00"]],
    ["0 0 0 LW * ?", "UTC", "2026-01-01T00:00", ["2026-01-30T00:00:00"]],
    ["0 0 0 1W * ?", "UTC", "2026-07-02T00:00", ["2026-08-03T00:00:00"]],
    ["0 0 0 15W * ?", "UTC", "2026-08-01T00:00", ["2026-08-14T00:00:00"]],
    ["0 0 22-2 * * ?", "UTC", "2026-01-01T12:00", ["2026-01-01T22:00:00", "2026-01-01T23:00:00"]],
    [
      "0 0 0 1 NOV-JAN ?",
      "UTC",
      "2026-01-02T00:00",
      ["2026-11-01T00:00:00", "2026-12-01T00:00:00"],
    ],
    ["0 0 0 29 2 ? *", "UTC", "2026-01-01T00:00", ["2028-02-29T00:00:00"]],
    [
      "0 0 0 1 1 ? 2027-2028",
      "UTC",
      "2026-01-01T00:00",
      ["2027-01-01T00:00:00", "2028-01-01T00:00:00", "never"],
    ],
    // Unix
    ["30 2 * * *", "UTC", "2026-11-23T20:00", ["2026-11-24T02:30:00"]],
    ["*/5 * * * *", "UTC", "2026-11-23T20:01", ["2026-11-23T20:05:00"]],
    ["0 0 * * 0", "UTC", "2026-11-23T20:00", ["2026-11-29T00:00:00"]],
    ["0 0 * * 7", "UTC", "2026-11-23T20:00", ["2026-11-29T00:00:00"]],
    ["0 0 * * 1-5", "UTC", "2026-11-27T20:00", ["2026-11-30T00:00:00"]],
    ["0 0 * * 5-7", "UTC", "2026-11-23T20:00", ["2026-11-27T00:00:00", "2026-11-28T00:00:00"]],
    ["0 0 13 * FRI", "UTC", "2026-11-07T00:00", ["2026-11-13T00:00:00", "2026-11-20T00:00:00"]],
    ["0 0 15 * FRI", "UTC", "2026-11-13T00:00", ["2026-11-15T00:00:00", "2026-11-20T00:00:00"]],
    // Clocks
    ["0 30 2 * * ?", berlin, "2026-03-28T12:00", ["2026-03-29T01:00:00", "2026-03-30T00:30:00"]],
    ["0 30 2,19 * * ?", berlin, "2026-03-28T20:00", ["2026-03-29T01:00:00", "2026-03-29T17:30:00"]],
    [
      "0 10,40 2-3 * * ?",
      berlin,
      "2026-03-28T20:00",
      ["2026-03-29T01:00:00", "2026-03-29T01:10:00", "2026-03-29T01:40:00"],
    ],
    ["0 30 2 * * ?", berlin, "2026-10-24T12:00", ["2026-10-25T00:30:00", "2026-10-26T01:30:00"]],
    [
      "0 0/30 * * * ?",
      berlin,
      "2026-10-25T00:00",
      ["2026-10-25T00:30:00", "2026-10-25T01:00:00", "2026-10-25T01:30:00", "2026-10-25T02:00:00"],
    ],
    ["0 0 0/2 * * ?", berlin, "2026-03-28T23:00", ["2026-03-29T02:00:00"]],
    ["0 30 * 25 10 ?", berlin, "2026-10-25T00:50", ["2026-10-25T01:30:00", "2026-10-25T02:30:00"]],
    ["0 30 0-2/1 25 10 ?", berlin, "2026-10-25T00:50", ["2026-10-25T01:30:00"]],
    ["0 15 0 * * ?", "Africa/Cairo", "2026-04-23T12:00", ["2026-04-23T22:00:00"]],
    ["0 0 12 30 12 ?", "Pacific/Apia", "2011-12-01T00:00", ["2011-12-30T10:00:00"]],
  ])("%s in %s after %s", (expression, zone, from, expected) => {
    expect(fires(cron(expression), zone, from, expected.length)).toEqual(expected);
  });

  test.each([
    ["0 30 2 * * ?", berlin, "2026-03-29T12:00", ["2026-03-29T01:00:00", "2026-03-28T01:30:00"]],
    ["0 30 2 * * ?", berlin, "2026-10-25T01:10", ["2026-10-25T00:30:00", "2026-10-24T00:30:00"]],
    [
      "0 0/30 * * * ?",
      berlin,
      "2026-10-25T01:40",
      ["2026-10-25T01:30:00", "2026-10-25T01:00:00", "2026-10-25T00:30:00"],
    ],
    ["0 0 0 L-3 * ?", "UTC", "2026-03-20T00:00", ["2026-02-25T00:00:00", "2026-01-28T00:00:00"]],
    ["0 0 0 1 1 ? 2027", "UTC", "2026-01-01T00:00", []],
  ])("%s in %s back from %s", (expression, zone, from, expected) => {
    expect(firesBack(cron(expression), zone, from, Math.max(1, expected.length))).toEqual(expected);
  });

  test.each([
    ["", 0, /0 fields/],
    ["* * * *", 0, /4 fields/],
    ["every hour", 0, /2 fields/],
    ["61 * * * * ?", 0, /"61" does not fit second/],
    ["0 0 24 * * ?", 4, /"24" does not fit hour/],
    ["0 0 0 0 * ?", 6, /"0" does not fit day of month/],
    ["0 0 0 1,32 * ?", 8, /"32" does not fit day of month/],
    ["0 0 0 * 13 ?", 8, /"13" does not fit month/],
    ["0 0 0 ? * 8", 10, /"8" does not fit day of week/],
    ["0 0 0 ? * 0", 10, /"0" does not fit day of week/],
    ["0 0 0 ? * FRY", 10, /"FRY" does not fit day of week/],
    ["0 0/0 * * * ?", 4, /step 0/],
    ["0 0/61 * * * ?", 4, /step 61/],
    ["0 0 0 15 * MON", 11, /both restricted/],
    ["0 0 0 ? * ?", 10, /both day fields/],
    ["0 0 0 31 2 ?", 0, /never fires/],
    ["0 0 0 ? * 2#6", 10, /does not fit day of week/],
    ["0 ? * * * ?", 2, /does not fit minute/],
    ["0 0 0 L-31 * ?", 6, /does not fit day of month/],
  ])("%o is refused at %i", (expression, position, message) => {
    const attempt = () => scheduleOf(cron(expression), "UTC");
    expect(attempt).toThrow(GatewayError);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(expect.objectContaining({ code: "WF-CRON", position }));
  });

  test("an unknown zone is refused", () => {
    const attempt = () => scheduleOf({ kind: "manual" }, "Mars/Olympus");
    expect(attempt).toThrow(expect.objectContaining({ code: "WF-TIME-ZONE" }));
  });
});
