// Options of a table, the policies they mean, and START_MODE, as pure functions.

import { describe, expect, test } from "vitest";
import { GatewayError } from "../../../src/common/gateway-error.ts";
import { parseInstant, toIso } from "../../../src/common/time.ts";
import { resolveStartMode } from "../../../src/refresh/resolve-start-mode.ts";
import {
  checkStatementOptions,
  checkTableOptions,
  optionDuration,
} from "../../../src/refresh/table-options.ts";
import { policiesOf } from "../../../src/refresh/table-policies.ts";

/** Code and Flink's sentence (or ours) of the error that `body` throws. */
function failure(body: () => unknown): string {
  try {
    body();
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return `${error.code}: ${error.flink?.text ?? error.message}`;
  }
  return "no error";
}

describe("options", () => {
  test("are sorted into stored ones and those of the statement", () => {
    const given = {
      retries: "5",
      "refresh.lookback": "2 partitions",
      "tag.team": "sales",
      connector: "filesystem",
      "sink.parallelism": "2",
      rebuild: "TRUE",
    };
    const { rebuild: _rebuild, ...stored } = given;
    expect(checkTableOptions(given, "createOrAlter")).toEqual({
      stored,
      statement: { rebuild: "true" },
      warnings: [
        "option 'connector' is stored, but has no meaning on PostgreSQL",
        "option 'sink.parallelism' is stored, but has no meaning on PostgreSQL",
      ],
    });
  });

  test.each([
    ["retrys", "1", "MT-OPTION-UNKNOWN", "Did you mean 'retries'?"],
    ["no.such.option", "1", "MT-OPTION-UNKNOWN", "docs/reference has the list of options."],
    [
      "partition.fields",
      "yyyy",
      "MT-OPTION-UNKNOWN",
      "Did you mean 'partition.fields.<column>.date-formatter'?",
    ],
    [
      "partition.fields.ds.date-formater",
      "yyyy",
      "MT-OPTION-UNKNOWN",
      "Did you mean 'partition.fields.<column>.date-formatter'?",
    ],
    ["rebuild", "true", "MT-OPTION-UNKNOWN", undefined],
    ["retries", "many", "MT-OPTION-VALUE", undefined],
    ["timeout", "soon", "MT-OPTION-VALUE", undefined],
    ["catch-up", "some", "MT-OPTION-VALUE", undefined],
    ["refresh.max-rows", "0", "MT-OPTION-VALUE", undefined],
    ["storage.partitioned", "true", "MT-OPTION-VALUE", undefined],
  ])("'%s' = '%s' is %s", (key, value, code, hint) => {
    try {
      checkTableOptions({ [key]: value }, "create");
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      expect(error.code).toBe(code);
      if (hint !== undefined) expect(error.hint).toBe(hint);
    }
  });

  test("of a statement that stores none", () => {
    checkStatementOptions({ cancel: "true" }, "suspend");
    expect(failure(() => checkStatementOptions({ cancle: "true" }, "suspend"))).toBe(
      "MT-OPTION-UNKNOWN: option 'cancle' does not exist",
    );
  });

  test.each([
    ["30", 30_000],
    ["30 s", 30_000],
    ["2h", 7_200_000],
    ["1 d", 86_400_000],
    ["500 ms", 500],
    ["", null],
    ["x", null],
    ["-1 s", null],
  ])("duration '%s'", (text, expected) => {
    expect(optionDuration(text)).toBe(expected);
  });

  test("policies and their defaults", () => {
    expect(policiesOf({ options: {}, strict: false })).toEqual({
      retry: { retries: 3, delay: 5_000, backoff: 2 },
      timeout: null,
      queue: "tables",
      overlap: "queue",
      catchup: "last",
      lookback: 1,
      strategy: "stale",
      delay: 0,
      condition: null,
      waitsForParents: true,
      parentTimeout: null,
      maxRows: null,
      freezeAfter: null,
      keyEnforced: true,
    });
    expect(policiesOf({ options: {}, strict: true })).toMatchObject({
      lookback: 0,
      strategy: "interval",
      waitsForParents: false,
    });
    const options = {
      retries: "0",
      "retry.delay": "1 min",
      timeout: "90",
      "catch-up": "ALL",
      overlap: "skip",
      "refresh.lookback": "3 partitions",
      "refresh.partition.strategy": "interval",
      "refresh.max.records": "10",
      "freeze.after": "30 d",
      "pk.enforced": "false",
    };
    expect(policiesOf({ options, strict: false })).toEqual({
      retry: { retries: 0, delay: 60_000, backoff: 2 },
      timeout: 90_000,
      queue: "tables",
      overlap: "skip",
      catchup: "all",
      lookback: 3,
      strategy: "interval",
      delay: 0,
      condition: null,
      waitsForParents: true,
      parentTimeout: null,
      maxRows: 10,
      freezeAfter: 30 * 86_400_000,
      keyEnforced: false,
    });
  });
});

describe("START_MODE", () => {
  const now = parseInstant("2026-03-30T10:00:00Z");
  const interval = (text: string, unit: string, negative = false) => ({
    negative,
    text,
    unit,
    toUnit: null,
  });
  const clause = (
    kind: "FROM_NOW" | "RESUME_OR_FROM_NOW",
    of: ReturnType<typeof interval> | null,
  ) => ({ kind, interval: of, timestamp: null }) as const;
  const resolved = (given: Parameters<typeof resolveStartMode>[0]) => {
    const mode = resolveStartMode(given, now, "Europe/Berlin");
    return mode.kind === "FROM_BEGINNING" ? mode.kind : `${toIso(mode.at)} ${mode.text}`;
  };

  test.each([
    [clause("FROM_NOW", null), "2026-03-30T10:00:00.000Z FROM_NOW"],
    [
      clause("FROM_NOW", interval("2", "HOUR")),
      "2026-03-30T08:00:00.000Z FROM_NOW(INTERVAL '2' HOUR)",
    ],
    // two days over the change to summer time are 47 hours
    [
      clause("FROM_NOW", interval("2", "DAY")),
      "2026-03-28T11:00:00.000Z FROM_NOW(INTERVAL '2' DAY)",
    ],
    [
      clause("RESUME_OR_FROM_NOW", interval("1", "QUARTER")),
      "2025-12-30T11:00:00.000Z RESUME_OR_FROM_NOW(INTERVAL '1' QUARTER)",
    ],
    [{ kind: "RESUME_OR_FROM_BEGINNING", interval: null, timestamp: null }, "FROM_BEGINNING"],
    [
      {
        kind: "FROM_TIMESTAMP",
        interval: null,
        timestamp: { text: "2026-01-01 00:00:00", local: false },
      },
      "2026-01-01T00:00:00.000Z FROM_TIMESTAMP(TIMESTAMP '2026-01-01 00:00:00')",
    ],
    [
      {
        kind: "FROM_TIMESTAMP",
        interval: null,
        timestamp: { text: "2026-01-01 00:00:00.5", local: true },
      },
      "2025-12-31T23:00:00.500Z FROM_TIMESTAMP(TIMESTAMP WITH LOCAL TIME ZONE " +
        "'2026-01-01 00:00:00.5')",
    ],
  ] as const)("%o", (given, expected) => {
    expect(resolved(given)).toBe(expected);
  });

  test.each([
    clause("FROM_NOW", interval("1", "DAY", true)),
    clause("FROM_NOW", interval("0", "DAY")),
    clause("FROM_NOW", interval("x", "DAY")),
    { kind: "FROM_TIMESTAMP", interval: null, timestamp: { text: "yesterday", local: false } },
  ] as const)("%o is refused", (given) => {
    expect(failure(() => resolved(given))).toMatch(/^MT-START-MODE: /);
  });
});
