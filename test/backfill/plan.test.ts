// What the intervals of a backfill are, without a database: units over changes of the clock, cells
// and intervals of all sizes, ends of ranges in every form, slots of schedules.

import { describe, expect, test } from "vitest";
import type { PartitionTime } from "../../src/catalog/materialized-table.ts";
import { readOptions } from "../../src/backfill/backfill-options.ts";
import { skipReason } from "../../src/backfill/judge.ts";
import { TimeLedgerReader } from "../../src/backfill/ledger-facts.ts";
import { checkRange, judgeSlots, planSlots } from "../../src/backfill/plan.ts";
import { boundOf } from "../../src/backfill/range-bounds.ts";
import { UnitGrid } from "../../src/backfill/unit-grid.ts";
import { dataInterval, instant, parseInstant, toIso } from "../../src/common/time.ts";
import type { CellKeys } from "../../src/refresh/cells.ts";
import { scheduleOf } from "../../src/scheduler/schedule.ts";
import type { ScheduleSpec } from "../../src/scheduler/scheduler.ts";
import { workflowDefinition } from "../scheduler/harness.ts";

type Unit = Extract<ScheduleSpec, { readonly kind: "every" }>["unit"];

const at = (text: string) => parseInstant(text);

function keysOf(type: string, time: Omit<PartitionTime, "column">, timeZone: string): CellKeys {
  return { times: [{ column: "k", type, ...time }], timeZone };
}

/** Units as `start end`, UTC. */
function units(keys: CellKeys, every: readonly [number, Unit], from: string, to: string): string[] {
  const [amount, unit] = every;
  const anchor = amount === 7 ? at("2026-01-01T00:00Z") : null;
  const fires = scheduleOf({ kind: "every", amount, unit, anchor }, keys.timeZone);
  const grid = new UnitGrid(keys, fires, at(from));
  const found = [...grid.unitsOf(dataInterval(at(from), at(to)), () => true)];
  return found.map(
    ({ interval: { start, end } }) => `${toIso(start).slice(0, 16)} ${toIso(end).slice(0, 16)}`,
  );
}

describe("units", () => {
  const berlin = "Europe/Berlin";

  test("a day of the change of clocks is a unit of 23 or 25 hours", () => {
    const days = keysOf("text", { pattern: "yyyyMMdd", grain: "day" }, berlin);
    expect(units(days, [1, "DAY"], "2026-03-27T23:00Z", "2026-03-30T22:00Z")).toEqual([
      "2026-03-27T23:00 2026-03-28T23:00",
      "2026-03-28T23:00 2026-03-29T22:00",
      "2026-03-29T22:00 2026-03-30T22:00",
    ]);
    expect(units(days, [1, "HOUR"], "2026-10-24T22:00Z", "2026-10-26T00:00Z")).toEqual([
      "2026-10-24T22:00 2026-10-25T23:00",
      "2026-10-25T23:00 2026-10-26T23:00",
    ]);
  });

  test("a repeated hour is one unit of a text key, two of a timestamptz key", () => {
    const labels = keysOf("text", { pattern: "yyyy-MM-dd HH", grain: "hour" }, berlin);
    expect(units(labels, [1, "HOUR"], "2026-10-24T23:00Z", "2026-10-25T03:00Z")).toEqual([
      "2026-10-24T23:00 2026-10-25T00:00",
      "2026-10-25T00:00 2026-10-25T02:00",
      "2026-10-25T02:00 2026-10-25T03:00",
    ]);
    const zoned = keysOf("timestamp with time zone", { pattern: null, grain: "hour" }, berlin);
    expect(units(zoned, [1, "HOUR"], "2026-10-25T00:00Z", "2026-10-25T02:00Z")).toEqual([
      "2026-10-25T00:00 2026-10-25T01:00",
      "2026-10-25T01:00 2026-10-25T02:00",
    ]);
  });

  test("long intervals hold many cells, long cells many intervals", () => {
    const minutes = keysOf(
      "timestamp without time zone",
      { pattern: null, grain: "minute" },
      "UTC",
    );
    expect(units(minutes, [1, "DAY"], "2026-01-01T00:00Z", "2026-01-02T00:00Z")).toEqual([
      "2026-01-01T00:00 2026-01-02T00:00",
    ]);
    const months = keysOf("date", { pattern: null, grain: "month" }, "UTC");
    expect(units(months, [5, "MINUTE"], "2026-01-01T00:00Z", "2026-03-01T00:00Z")).toEqual([
      "2026-01-01T00:00 2026-02-01T00:00",
      "2026-02-01T00:00 2026-03-01T00:00",
    ]);
  });

  test("a unit that begins before the range is not in it", () => {
    const days = keysOf("date", { pattern: null, grain: "day" }, "UTC");
    expect(units(days, [1, "DAY"], "2026-01-01T00:01Z", "2026-01-03T00:01Z")).toEqual([
      "2026-01-02T00:00 2026-01-03T00:00",
      "2026-01-03T00:00 2026-01-04T00:00",
    ]);
  });

  test("where cells and intervals meet rarely, a unit is a cell", () => {
    const days = keysOf("date", { pattern: null, grain: "day" }, "UTC");
    expect(units(days, [7, "HOUR"], "2026-01-02T00:00Z", "2026-01-04T00:00Z")).toEqual([
      "2026-01-02T00:00 2026-01-03T00:00",
      "2026-01-03T00:00 2026-01-04T00:00",
    ]);
    const months = keysOf("date", { pattern: null, grain: "month" }, "UTC");
    expect(units(months, [1, "WEEK"], "2026-01-01T00:00Z", "2026-03-01T00:00Z")).toEqual([
      "2026-01-01T00:00 2026-02-01T00:00",
      "2026-02-01T00:00 2026-03-01T00:00",
    ]);
  });

  test("units tile time, whatever the sizes", () => {
    const grains = ["hour", "day", "week", "month"] as const;
    const everies: (readonly [number, Unit])[] = [
      [5, "MINUTE"],
      [1, "HOUR"],
      [7, "HOUR"],
      [1, "DAY"],
      [1, "WEEK"],
    ];
    for (const grain of grains) {
      for (const every of everies) {
        const keys = keysOf("timestamp without time zone", { pattern: null, grain }, berlin);
        const found = units(keys, every, "2026-02-01T00:00Z", "2026-05-01T00:00Z");
        expect(found.length).toBeGreaterThan(0);
        found.reduce((before, unit) => {
          expect(unit.split(" ")[0], `${grain} ${String(every)}`).toBe(before.split(" ")[1]);
          return unit;
        });
      }
    }
  });
});

describe("ends of a range", () => {
  const read = (keys: CellKeys, text: string) => toIso(boundOf(keys, text)).slice(0, 16);

  test("a value of the key, in its own form", () => {
    const compact = keysOf("text", { pattern: "yyyyMMdd", grain: "day" }, "Asia/Tokyo");
    expect(read(compact, "20260131")).toBe("2026-01-30T15:00");
    const swapped = keysOf("text", { pattern: "dd/MM/yyyy", grain: "day" }, "UTC");
    expect(read(swapped, "02/01/2026")).toBe("2026-01-02T00:00");
    const quarters = keysOf("text", { pattern: "yyyy-'Q'Q", grain: "quarter" }, "UTC");
    expect(read(quarters, "2026-Q2")).toBe("2026-04-01T00:00");
    const zoned = keysOf("timestamp with time zone", { pattern: null, grain: "hour" }, "UTC");
    expect(read(zoned, "2026-01-31 05:00:00+02")).toBe("2026-01-31T03:00");
  });

  test("or a timestamp in the table's zone; one in a gap is the end of the gap", () => {
    const compact = keysOf("text", { pattern: "yyyyMMdd", grain: "day" }, "Europe/Berlin");
    expect(read(compact, "2026-01-31")).toBe("2026-01-30T23:00");
    expect(read(compact, "2026-01-31 06:30:00")).toBe("2026-01-31T05:30");
    expect(read(compact, "2026-03-29 02:30:00")).toBe("2026-03-29T01:00");
  });

  test("words of the day, hours alone and days that are not are refused", () => {
    const days = keysOf("date", { pattern: null, grain: "day" }, "UTC");
    for (const text of ["now", "yesterday", "", "2026-02-30", "12:00", "2026"]) {
      expect(() => boundOf(days, text), text).toThrow("cannot be read as an end of the range");
    }
  });

  test("begin before end, and something of it in the past", () => {
    const now = at("2026-01-10T00:00Z");
    const range = (from: string, to: string) => checkRange({ from: at(from), to: at(to) }, now);
    expect(() => range("2026-01-02T00:00Z", "2026-01-02T00:00Z")).toThrow("not before its end");
    expect(() => range("2026-01-10T00:00Z", "2026-01-12T00:00Z")).toThrow("wholly in the future");
    expect(range("2026-01-09T00:00Z", "2026-01-12T00:00Z").end).toBe(at("2026-01-12T00:00Z"));
  });
});

describe("slots of a workflow", () => {
  const nightly = workflowDefinition("nightly", {
    schedule: { kind: "cron", expression: "0 0 2 ? * *" },
    endAt: at("2026-01-05T02:00Z"),
  });
  const range = dataInterval(at("2026-01-01T00:00Z"), at("2026-01-20T00:00Z"));
  const ends = (now: string) =>
    planSlots(nightly, range, at(now)).map(({ end }) => toIso(end).slice(0, 13));

  test("belong by their begin, have ended, and are before END AT", () => {
    expect(ends("2026-02-01T00:00Z")).toEqual(["2026-01-02T02", "2026-01-03T02", "2026-01-04T02"]);
    expect(ends("2026-01-03T01:59Z")).toEqual(["2026-01-02T02"]);
  });

  test("are judged by their latest run", () => {
    const slots = planSlots(nightly, range, at("2026-02-01T00:00Z"));
    const states = new Map([
      [at("2026-01-02T02:00Z"), "open" as const],
      [at("2026-01-03T02:00Z"), "failed" as const],
    ]);
    const how = {
      reprocess: "failed",
      force: false,
      withRows: false,
      now: at("2026-02-01T00:00Z"),
    } as const;
    const reasons = judgeSlots(nightly, slots, { states, how }).map(({ reason }) => reason);
    expect(reasons).toEqual(["in flight", null, null]);
  });
});

test("reasons have an order, and force is for frozen ones alone", () => {
  const all = {
    beyondStart: true,
    frozen: true,
    inFlight: true,
    missing: false,
    failed: false,
    stale: false,
  };
  const how = { reprocess: "stale", force: false } as const;
  expect(skipReason(all, how)).toBe("beyond start");
  expect(skipReason({ ...all, beyondStart: false }, how)).toBe("frozen");
  const forced = { ...how, force: true };
  expect(skipReason({ ...all, beyondStart: false }, forced)).toBe("in flight");
  const fresh = { ...all, beyondStart: false, frozen: false, inFlight: false };
  expect(skipReason(fresh, how)).toBe("already fresh");
  expect(skipReason({ ...fresh, stale: true }, how)).toBe(null);
});

test("a unit of which a slice has no cell is missing", () => {
  const hour = (n: number) => dataInterval(instant(n * 3_600_000), instant((n + 1) * 3_600_000));
  const group = { failed: false, stale: false, missing: false, rowCount: 2 };
  const groups = [0, 1, 2, 3, 5].map((n) => ({ ...group, interval: hour(n) }));
  const reader = new TimeLedgerReader({ groups, busy: [hour(5)] });
  const unit = (n: number) => reader.factsOf(dataInterval(hour(n).start, hour(n + 1).end));
  expect(unit(0)).toMatchObject({ missing: false, inFlight: false, rowCount: 4 });
  expect(unit(2)).toMatchObject({ missing: false, inFlight: false, rowCount: 4 });
  expect(unit(4)).toMatchObject({ missing: true, inFlight: true, rowCount: 2 });
});

test("options: defaults, aliases of yes, and one at a time when throttled", () => {
  expect(readOptions({})).toEqual({
    parallelism: 1,
    order: "ascending",
    reprocess: "all",
    queue: null,
    cascade: false,
    throttle: false,
    force: false,
  });
  expect(readOptions({ throttle: "on", parallelism: "8" })).toMatchObject({
    throttle: true,
    parallelism: 1,
  });
  expect(() => readOptions({ order: "random" })).toThrow("cannot be used");
  expect(() => readOptions({ "dry-run": "maybe" })).toThrow("cannot be used");
});
