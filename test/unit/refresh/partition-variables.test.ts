// Scheduled time to partitions: Flink's rows under strict, the whole-interval rule otherwise.

import { describe, expect, test } from "vitest";
import { type Freshness, freshnessUnits } from "../../../src/catalog/freshness.ts";
import type { PartitionGrain } from "../../../src/catalog/materialized-table.ts";
import { GatewayError } from "../../../src/common/gateway-error.ts";
import { dataInterval, parseInstant, toIso } from "../../../src/common/time.ts";
import type { CellKey } from "../../../src/refresh/cell-label.ts";
import { type CellKeys, cellsMeeting, intervalOfSpec } from "../../../src/refresh/cells.ts";
import { grainOfPattern } from "../../../src/refresh/date-pattern.ts";
import {
  cellsOfInterval,
  parseScheduleTime,
  strictPartition,
} from "../../../src/refresh/partition-variables.ts";

const patterns = { day: "yyyy-MM-dd", hour: "HH", minute: "mm" } as const;
const table = { catalog: "c", database: "d", name: "t" };

/** Keys of text columns, named after their formatter. */
function textKeys(names: string, timeZone = "UTC"): CellKeys {
  const times = names.split(",").map((name): CellKey => {
    const pattern = patterns[name as keyof typeof patterns] ?? name;
    return { column: name, pattern, grain: grainOfPattern(name, pattern), type: "text" };
  });
  return { times, timeZone };
}

function typedKeys(type: string, grain: PartitionGrain, timeZone: string): CellKeys {
  return { times: [{ column: "k", pattern: null, grain, type }], timeZone };
}

// covers: G-24
describe("flink-strict: the single partition at T minus freshness", () => {
  const rows: readonly (readonly [string, string, string, string])[] = [
    // T                 freshness    formatters         expected
    ["2024-01-01 00:00", "1 DAY", "day", "2023-12-31"],
    ["2024-01-02 00:00", "1 DAY", "day", "2024-01-01"],
    ["2024-01-02 00:00", "1 HOUR", "day,hour", "2024-01-01 / 23"],
    ["2024-01-02 01:00", "1 HOUR", "day,hour", "2024-01-02 / 00"],
    ["2024-01-01 00:00", "2 HOUR", "day,hour", "2023-12-31 / 22"],
    ["2024-01-01 00:00", "4 HOUR", "day,hour", "2023-12-31 / 20"],
    ["2024-01-01 00:00", "8 HOUR", "day,hour", "2023-12-31 / 16"],
    ["2024-01-01 00:00", "12 HOUR", "day,hour", "2023-12-31 / 12"],
    ["2024-01-01 12:00", "12 HOUR", "day,hour", "2024-01-01 / 00"],
    ["2024-01-01 00:00", "1 MINUTE", "day,hour,minute", "2023-12-31 / 23 / 59"],
    ["2024-01-01 00:00", "2 MINUTE", "day,hour,minute", "2023-12-31 / 23 / 58"],
    ["2024-01-01 00:00", "4 MINUTE", "day,hour,minute", "2023-12-31 / 23 / 56"],
    ["2024-01-01 00:00", "5 MINUTE", "day,hour,minute", "2023-12-31 / 23 / 55"],
    ["2024-01-01 00:00", "6 MINUTE", "day,hour,minute", "2023-12-31 / 23 / 54"],
    ["2024-01-01 00:00", "10 MINUTE", "day,hour,minute", "2023-12-31 / 23 / 50"],
    ["2024-01-01 00:00", "12 MINUTE", "day,hour,minute", "2023-12-31 / 23 / 48"],
    ["2024-01-01 00:00", "15 MINUTE", "day,hour,minute", "2023-12-31 / 23 / 45"],
    ["2024-01-01 00:00", "30 MINUTE", "day,hour,minute", "2023-12-31 / 23 / 30"],
    ["2024-01-01 00:30", "30 MINUTE", "day,hour,minute", "2024-01-01 / 00 / 00"],
    ["2024-01-01 00:00", "1 DAY", "day,hour", "2023-12-31 / 00"],
    ["2024-01-01 00:00", "1 DAY", "day,hour,minute", "2023-12-31 / 00 / 00"],
    ["2024-01-01 00:00", "1 HOUR", "day,hour,minute", "2023-12-31 / 23 / 00"],
    ["2024-01-01 01:00", "1 HOUR", "day,hour,minute", "2024-01-01 / 00 / 00"],
    ["2024-01-01 00:00", "1 HOUR", "day", "2023-12-31"],
    ["2024-01-01 00:00", "2 HOUR", "day", "2023-12-31"],
    ["2024-01-01 00:00", "4 HOUR", "day", "2023-12-31"],
    ["2024-01-01 01:00", "1 HOUR", "day", "2024-01-01"],
    ["2024-01-01 02:00", "2 HOUR", "day", "2024-01-01"],
    ["2024-01-01 04:00", "4 HOUR", "day", "2024-01-01"],
    ["2024-01-01 00:00", "1 MINUTE", "day,hour", "2023-12-31 / 23"],
    ["2024-01-01 00:00", "2 MINUTE", "day,hour", "2023-12-31 / 23"],
    ["2024-01-01 00:00", "4 MINUTE", "day,hour", "2023-12-31 / 23"],
    ["2024-01-01 00:00", "15 MINUTE", "day,hour", "2023-12-31 / 23"],
    ["2024-01-01 00:00", "1 MINUTE", "day", "2023-12-31"],
    ["2024-01-01 00:01", "1 MINUTE", "day", "2024-01-01"],
  ];
  test.each(rows)("%s, %s, %s", (time, text, names, expected) => {
    for (const zone of ["UTC", "Asia/Shanghai", "America/New_York"]) {
      const at = parseScheduleTime(`${time}:00`, zone, table, "day");
      const spec = strictPartition(textKeys(names, zone), at, freshness(text));
      expect(Object.values(spec).join(" / ")).toBe(expected);
    }
  });

  test.each([
    [
      null,
      "MT-TIME-NULL: The scheduler time must not be null during the periodic refresh of " +
        "the materialized table `c`.`d`.`t`.",
    ],
    [
      "2024-01-01",
      "MT-TIME-PARSE: Failed to parse a valid partition value for the field 'day' in " +
        "materialized table `c`.`d`.`t` using the scheduler time '2024-01-01' based on the " +
        "date format 'yyyy-MM-dd HH:mm:ss'.",
    ],
  ])("scheduler time %s", (text, expected) => {
    try {
      parseScheduleTime(text, "UTC", table, "day");
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      expect(`${error.code}: ${error.flink?.text}`).toBe(expected);
    }
  });

  test("a day of 23 hours: T minus 24 hours is Flink's answer, the day before yesterday", () => {
    const at = parseScheduleTime("2026-03-30 00:00:00", "Europe/Berlin", table, "day");
    const spec = strictPartition(textKeys("day", "Europe/Berlin"), at, freshness("1 DAY"));
    expect(spec).toEqual({ day: "2026-03-28" });
  });
});

// covers: G-21, G-22, G-23, G-24
describe("every partition that meets the data interval", () => {
  const interval = (from: string, to: string) => dataInterval(parseInstant(from), parseInstant(to));
  const labels = (keys: CellKeys, from: string, to: string) =>
    cellsMeeting(keys, interval(from, to), 100).map((cell) => Object.values(cell.spec).join("/"));

  test.each([
    // a day of hours; what Flink leaves out
    [
      "day,hour",
      "2024-01-01T22:00Z",
      "2024-01-02T02:00Z",
      "2024-01-01/22 2024-01-01/23 2024-01-02/00 2024-01-02/01",
    ],
    ["day", "2024-01-01T00:00Z", "2024-01-02T00:00Z", "2024-01-01"],
    ["day", "2024-01-01T23:59Z", "2024-01-02T00:01Z", "2024-01-01 2024-01-02"],
    ["day", "2024-01-01T00:00Z", "2024-01-01T00:00Z", ""],
    ["yyyyMM", "2024-01-31T00:00Z", "2024-03-01T00:00Z", "202401 202402"],
    ["yyyy'Q'Q", "2024-03-31T00:00Z", "2024-04-02T00:00Z", "2024Q1 2024Q2"],
    ["yyyy", "2023-12-31T23:00Z", "2024-01-01T00:00Z", "2023"],
    ["yyyy-DDD", "2024-12-31T00:00Z", "2025-01-02T00:00Z", "2024-366 2025-001"],
  ])("text %s from %s to %s", (names, from, to, expected) => {
    expect(labels(textKeys(names), from, to).join(" ")).toBe(expected);
  });

  test.each([
    ["date", "day", "Europe/Berlin", "2026-03-28T23:00Z", "2026-03-29T22:00Z", "2026-03-29"],
    ["date", "day", "Europe/Berlin", "2026-10-24T22:00Z", "2026-10-25T23:00Z", "2026-10-25"],
    [
      "date",
      "week",
      "Europe/Berlin",
      "2026-10-25T00:00Z",
      "2026-10-25T23:00:01Z",
      "2026-10-19 2026-10-26",
    ],
    ["date", "month", "UTC", "2026-01-31T23:59Z", "2026-02-01T00:01Z", "2026-01-01 2026-02-01"],
    [
      "timestamp without time zone",
      "hour",
      "Europe/Berlin",
      "2026-03-29T00:00Z",
      "2026-03-29T02:00Z",
      "2026-03-29 01:00:00 2026-03-29 03:00:00",
    ],
    // the hour that occurs twice is one cell of a wall-clock key and two of a timestamptz key
    [
      "timestamp without time zone",
      "hour",
      "Europe/Berlin",
      "2026-10-25T00:00Z",
      "2026-10-25T02:00Z",
      "2026-10-25 02:00:00 2026-10-25 03:00:00".slice(0, 19),
    ],
    [
      "timestamp with time zone",
      "hour",
      "Europe/Berlin",
      "2026-10-25T00:00Z",
      "2026-10-25T02:00Z",
      "2026-10-25 02:00:00+02 2026-10-25 02:00:00+01",
    ],
    [
      "timestamp with time zone",
      "day",
      "Asia/Kolkata",
      "2026-01-01T00:00Z",
      "2026-01-01T01:00Z",
      "2026-01-01 00:00:00+05:30",
    ],
    [
      "timestamp with time zone",
      "hour",
      "Asia/Kolkata",
      "2026-01-01T00:00Z",
      "2026-01-01T01:00Z",
      "2026-01-01 05:00:00+05:30 2026-01-01 06:00:00+05:30",
    ],
    [
      "timestamp with time zone",
      "minute",
      "UTC",
      "2026-01-01T00:00Z",
      "2026-01-01T00:02Z",
      "2026-01-01 00:00:00+00 2026-01-01 00:01:00+00",
    ],
    // half an hour of clock change
    [
      "timestamp without time zone",
      "hour",
      "Australia/Lord_Howe",
      "2026-10-03T15:00Z",
      "2026-10-03T16:30Z",
      "2026-10-04 01:00:00 2026-10-04 02:00:00 2026-10-04 03:00:00",
    ],
  ] as const)("%s by %s in %s from %s", (...row) => {
    const [type, grain, zone, from, to, expected] = row;
    expect(labels(typedKeys(type, grain, zone), from, to).join(" ")).toBe(expected);
  });

  test("cells tile the day of the clock change without gap or overlap", () => {
    const changes = [
      ["Europe/Berlin", "2026-03-28T12:00Z"],
      ["Europe/Berlin", "2026-10-24T12:00Z"],
      ["Australia/Lord_Howe", "2026-10-03T03:00Z"],
      ["Australia/Lord_Howe", "2026-04-04T03:00Z"],
      ["America/Sao_Paulo", "2018-11-03T12:00Z"],
    ] as const;
    for (const [zone, from] of changes) {
      for (const grain of ["day", "hour"] as const) {
        for (const type of ["date", "timestamp without time zone", "timestamp with time zone"]) {
          if (type === "date" && grain === "hour") continue;
          // PostgreSQL's date_trunc('hour', timestamptz) itself overlaps where the clock jumps by
          // half an hour.
          const overlaps = zone === "Australia/Lord_Howe" && grain === "hour";
          if (overlaps && type === "timestamp with time zone") continue;
          const keys = typedKeys(type, grain, zone);
          const start = parseInstant(from);
          const cells = cellsMeeting(keys, dataInterval(start, parseInstant(shift(from, 48))), 200);
          for (const [k, cell] of cells.entries()) {
            const next = cells[k + 1];
            const where = `${zone} ${type} ${grain} ${JSON.stringify(cell.spec)}`;
            if (next)
              expect(`${where} ${toIso(cell.interval.end)}`).toBe(
                `${where} ${toIso(next.interval.start)}`,
              );
            expect(intervalOfSpec(keys, cell.spec)).toEqual(cell.interval);
          }
        }
      }
    }
  });

  test("look-back, strict and the beginning of the ledger", () => {
    const keys = textKeys("day");
    const day = interval("2024-01-03T00:00Z", "2024-01-04T00:00Z");
    const rule = { keys, lookback: 2, strictFreshness: null, from: null };
    const days = (changed: object) =>
      cellsOfInterval({ ...rule, ...changed }, day).map((cell) => cell.spec["day"]);
    expect(days({})).toEqual(["2024-01-01", "2024-01-02", "2024-01-03"]);
    expect(days({ lookback: 0 })).toEqual(["2024-01-03"]);
    expect(days({ from: parseInstant("2024-01-02T12:00Z") })).toEqual(["2024-01-02", "2024-01-03"]);
    expect(days({ strictFreshness: freshness("1 HOUR") })).toEqual(["2024-01-03"]);
  });
});

describe("the slice of time a partition stands for", () => {
  test.each([
    [
      "day,hour",
      { day: "2024-01-01", hour: "23" },
      "2024-01-01T23:00:00.000Z 2024-01-02T00:00:00.000Z",
    ],
    ["day,hour", { day: "2024-01-01" }, "2024-01-01T00:00:00.000Z 2024-01-02T00:00:00.000Z"],
    ["day,hour", { hour: "23" }, null],
    ["day", { day: "2024-02-30" }, null],
    ["day", { day: "2024-2-3" }, null],
    ["day", { day: "nonsense" }, null],
    ["day", { day: null }, null],
    ["day", { region: "eu" }, null],
    [
      "day",
      { day: "2024-01-01", region: "eu" },
      "2024-01-01T00:00:00.000Z 2024-01-02T00:00:00.000Z",
    ],
    ["yyyy'Q'Q", { "yyyy'Q'Q": "2024Q4" }, "2024-10-01T00:00:00.000Z 2025-01-01T00:00:00.000Z"],
    ["yyyy-DDD", { "yyyy-DDD": "2024-366" }, "2024-12-31T00:00:00.000Z 2025-01-01T00:00:00.000Z"],
    [
      "yyyyMMddHH",
      { yyyyMMddHH: "2024022923" },
      "2024-02-29T23:00:00.000Z 2024-03-01T00:00:00.000Z",
    ],
  ])("%s %o", (names, spec, expected) => {
    const found = intervalOfSpec(textKeys(names), spec as Record<string, string | null>);
    expect(found === null ? null : `${toIso(found.start)} ${toIso(found.end)}`).toBe(expected);
  });
});

// covers: A-10, G-32
describe("date patterns", () => {
  test.each([
    ["yyyy-MM-dd", "day"],
    ["yyyyMMdd", "day"],
    ["HH", "hour"],
    ["yyyy-MM-dd'T'HH:mm", "minute"],
    ["uuuu", "year"],
    ["yyyy-DDD", "day"],
  ])("%s", (pattern, grain) => {
    expect(grainOfPattern("ds", pattern)).toBe(grain);
  });

  test.each([
    ["YYYY-MM-DD", /use yyyy/],
    ["yyyy-mm-dd", /leaves out the month. MM is the month, mm the minute/],
    ["yyyy-MM-DD", /D is the day of the year, dd the day of the month/],
    ["not-a-pattern", /Fractions|The letter/],
    ["hh", /use HH/],
    ["", /no letter/],
    ["'x'", /no letter/],
    ["yyyy-ww", /Weeks/],
    ["yyyy-MM-dd HH:mm:ss.SSS", /Fractions/],
    ["{yyyy}", /reserved character/],
    ["yyyy-'MM", /./],
  ])("%s is refused", (pattern, detail) => {
    try {
      grainOfPattern("ds", pattern);
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      expect(error.code).toBe("MT-PART-FMT-PATTERN");
      expect(error.detail).toMatch(detail);
    }
  });
});

function freshness(text: string): Freshness {
  const [amount, name] = text.split(" ");
  const unit = freshnessUnits.find((candidate) => candidate === name);
  if (unit === undefined) throw new Error(text);
  return { amount: Number(amount), unit };
}

function shift(from: string, hours: number): string {
  return toIso((parseInstant(from) + hours * 3_600_000) as ReturnType<typeof parseInstant>);
}
