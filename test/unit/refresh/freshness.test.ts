// FRESHNESS literals, modes and schedules, one line a case.

import { describe, expect, test } from "vitest";
import {
  type Freshness,
  freshnessOfDuration,
  freshnessUnits,
  renderFreshness,
} from "../../../src/catalog/freshness.ts";
import { GatewayError } from "../../../src/common/gateway-error.ts";
import { milliseconds, parseInstant, toIso } from "../../../src/common/time.ts";
import { resolveFreshness } from "../../../src/refresh/resolve-freshness.ts";
import { resolveMode } from "../../../src/refresh/resolve-mode.ts";
import { scheduleOf } from "../../../src/refresh/schedule-of.ts";

const minutes = (amount: number) => milliseconds(amount * 60_000);
const settings = { freshnessThreshold: minutes(30), defaultFreshnessFull: minutes(60) };

/** What the function yields, or code and Flink's sentence of its error. */
function outcome(body: () => string): string {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return `${error.code}: ${error.flink?.text ?? error.message}`;
  }
}

const positive = "MT-FRESH-NONPOS: The freshness interval currently only supports positive integer";
const unitError =
  "MT-FRESH-UNIT: Materialized table freshness only supports SECOND, MINUTE, HOUR, DAY, " +
  "WEEK as the time unit.";

describe("literals", () => {
  test.each([
    // literal                              default                   strict (null: the same)
    ["", "1", "SECOND", null, "INTERVAL '1' SECOND", null],
    ["", "60", "MINUTE", null, "INTERVAL '60' MINUTE", null],
    ["", "99", "DAY", null, "INTERVAL '99' DAY", null],
    ["", "+7", "WEEK", null, "INTERVAL '7' WEEK", null],
    ["", "1.9", "SECOND", null, "INTERVAL '1' SECOND", null],
    ["", " 5 ", "HOUR", null, "INTERVAL '5' HOUR", null],
    [
      "",
      "100",
      "SECOND",
      null,
      "INTERVAL '100' SECOND",
      "MT-FRESH-LITERAL: Interval field value 100 exceeds precision of SECOND(2) field",
    ],
    [
      "",
      "99999999999",
      "SECOND",
      null,
      "MT-FRESH-LITERAL: Interval field value 99,999,999,999 exceeds precision of SECOND(2) field",
      null,
    ],
    ["", "0", "SECOND", null, `${positive} type values. But was: 0`, null],
    ["", "0.5", "SECOND", null, `${positive} type values. But was: 0`, null],
    ["-", "0", "SECOND", null, `${positive} type values. But was: 0`, null],
    ["", "-1", "SECOND", null, `${positive} type values. But was: -1`, null],
    ["-", "30", "SECOND", null, `${positive} type values. But was: -30`, null],
    [
      "",
      "1.5",
      "MINUTE",
      null,
      "MT-FRESH-LITERAL: Illegal interval literal format '1.5' for INTERVAL MINUTE",
      null,
    ],
    [
      "",
      "abc",
      "MINUTE",
      null,
      "MT-FRESH-LITERAL: Illegal interval literal format 'abc' for INTERVAL MINUTE",
      null,
    ],
    ["", "", "MINUTE", null, "MT-FRESH-LITERAL: Illegal INTERVAL literal  MINUTE", null],
    ["", "1", "MONTH", null, unitError, null],
    ["", "1", "QUARTER", null, unitError, null],
    ["", "1", "YEAR", null, unitError, null],
    ["", "1 12", "DAY", "HOUR", unitError, null],
  ] as const)("INTERVAL %s'%s' %s %s", (...row) => {
    const [sign, text, unit, toUnit, lenient, strict] = row;
    const literal = { negative: sign === "-", text, unit, toUnit };
    expect(outcome(() => renderFreshness(resolveFreshness(literal, false)))).toBe(lenient);
    expect(outcome(() => renderFreshness(resolveFreshness(literal, true)))).toBe(strict ?? lenient);
  });

  test.each([
    [3_600_000, "INTERVAL '1' HOUR"],
    [90_000, "INTERVAL '90' SECOND"],
    [180_000, "INTERVAL '3' MINUTE"],
    [172_800_000, "INTERVAL '2' DAY"],
    [5_400_000, "INTERVAL '90' MINUTE"],
  ])("default of %i ms", (duration, expected) => {
    expect(renderFreshness(freshnessOfDuration(milliseconds(duration)))).toBe(expected);
  });
});

//
describe("requested mode x freshness x threshold", () => {
  test.each([
    // asked      freshness        result
    ["AUTOMATIC", "29 MINUTE", "FULL 29 MINUTE CONTINUOUS_NOT_YET"],
    ["AUTOMATIC", "1799 SECOND", "FULL 1799 SECOND CONTINUOUS_NOT_YET"],
    ["AUTOMATIC", "1800 SECOND", "FULL 1800 SECOND ABOVE_THRESHOLD"],
    ["AUTOMATIC", "30 MINUTE", "FULL 30 MINUTE ABOVE_THRESHOLD"],
    ["AUTOMATIC", "1 HOUR", "FULL 1 HOUR ABOVE_THRESHOLD"],
    ["AUTOMATIC", "1 WEEK", "FULL 1 WEEK ABOVE_THRESHOLD"],
    ["AUTOMATIC", null, "FULL 1 HOUR CONTINUOUS_NOT_YET"],
    ["FULL", "1 SECOND", "FULL 1 SECOND null"],
    ["FULL", "2 DAY", "FULL 2 DAY null"],
    ["FULL", null, "FULL 1 HOUR null"],
    ["CONTINUOUS", "1 SECOND", "MT-CONTINUOUS-NOT-YET"],
    ["CONTINUOUS", null, "MT-CONTINUOUS-NOT-YET"],
  ] as const)("%s %s", (requested, text, expected) => {
    const actual = outcome(() => {
      const mode = resolveMode(requested, text === null ? null : freshness(text), settings, false);
      const { amount, unit } = mode.freshness;
      return `${mode.refreshMode} ${amount} ${unit} ${mode.modeReason}`;
    });
    expect(actual.replace(/: .*/, "")).toBe(expected);
  });

  const factors = { SECOND: 60, MINUTE: 60, HOUR: 24 } as const;
  test.each(["SECOND", "MINUTE", "HOUR"] as const)("strict: every amount of %s", (unit) => {
    const limit = factors[unit];
    for (let amount = 1; amount <= 99; amount++) {
      const actual = outcome(() => {
        resolveMode("FULL", { amount, unit }, settings, true);
        return "ok";
      });
      const tooLarge =
        `MT-FRESH-CRON-LIMIT: In full refresh mode, freshness must be less than ${limit} ` +
        `when the time unit is ${unit}.`;
      const noFactor =
        "MT-FRESH-CRON-FACTOR: In full refresh mode, only freshness that are factors of " +
        `${limit} are currently supported when the time unit is ${unit}.`;
      const expected = amount >= limit ? tooLarge : limit % amount === 0 ? "ok" : noFactor;
      expect(`${amount} ${actual}`).toBe(`${amount} ${expected}`);
    }
  });

  test.each([
    ["1 DAY", "ok"],
    [
      "2 DAY",
      "MT-FRESH-CRON-DAY: In full refresh mode, freshness must be 1 when the time unit is DAY.",
    ],
    ["1 WEEK", "MT-FRESH-CRON-UNIT: Unknown freshness time unit: WEEK."],
  ])("strict: %s", (text, expected) => {
    const actual = outcome(() => {
      resolveMode("AUTOMATIC", freshness(text), settings, true);
      return "ok";
    });
    expect(actual).toBe(expected);
  });
});

// covers: G-13
describe("schedules", () => {
  // Created on Wednesday 2026-03-25 at 15:20 in Berlin, which is UTC+1 then.
  const createdAt = parseInstant("2026-03-25T14:20:00Z");
  test.each([
    ["1 SECOND", null],
    ["30 SECOND", null],
    ["7 SECOND", "2026-03-24T23:00:00.000Z"],
    ["20 MINUTE", null],
    ["60 MINUTE", "2026-03-24T23:00:00.000Z"],
    ["90 MINUTE", "2026-03-24T23:00:00.000Z"],
    ["12 HOUR", null],
    ["5 HOUR", "2026-03-24T23:00:00.000Z"],
    ["36 HOUR", "2026-03-24T23:00:00.000Z"],
    ["1 DAY", null],
    ["2 DAY", "2026-03-24T23:00:00.000Z"],
    ["1 WEEK", null],
    ["2 WEEK", "2026-03-22T23:00:00.000Z"],
  ])("%s", (text, expected) => {
    const spec = scheduleOf(freshness(text), "Europe/Berlin", createdAt);
    if (spec.kind !== "every") throw new Error(spec.kind);
    expect(spec.anchor === null ? null : toIso(spec.anchor)).toBe(expected);
    expect(`${spec.amount} ${spec.unit}`).toBe(text);
  });
});

function freshness(text: string): Freshness {
  const [amount, name] = text.split(" ");
  const unit = freshnessUnits.find((candidate) => candidate === name);
  if (unit === undefined) throw new Error(text);
  return { amount: Number(amount), unit };
}
