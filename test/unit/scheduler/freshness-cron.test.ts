// Flink's cron for a freshness: every legal value with its text, every illegal one with its code
// and sentence.

import { expect, test } from "vitest";
import type { GatewayError } from "../../../src/common/gateway-error.ts";
import { type Every, hasFlinkCron, scheduleText } from "../../../src/scheduler/freshness-cron.ts";

const factorsOf60 = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30];
const factorsOf24 = [1, 2, 3, 4, 6, 8, 12];
const upTo99 = Array.from({ length: 99 }, (_, index) => index + 1);

const legal: readonly (readonly [number, Every["unit"], string])[] = [
  ...factorsOf60.map((n) => [n, "SECOND", `0/${n} * * * * ? *`] as const),
  ...factorsOf60.map((n) => [n, "MINUTE", `0 0/${n} * * * ? *`] as const),
  ...factorsOf24.map((n) => [n, "HOUR", `0 0 0/${n} * * ? *`] as const),
  [1, "DAY", "0 0 0 * * ? *"],
];

test.each(legal)("%i %s is %s", (amount, unit, text) => {
  expect(scheduleText({ amount, unit })).toBe(text);
  expect(hasFlinkCron({ amount, unit })).toBe(true);
});

function refusalOf(every: Every): GatewayError {
  try {
    scheduleText(every);
  } catch (error) {
    return error as GatewayError;
  }
  throw new Error(`accepted: ${every.amount} ${every.unit}`);
}

const mode = "In full refresh mode,";
const illegal: readonly (readonly [number, Every["unit"], string, string])[] = [
  ...(["SECOND", "MINUTE"] as const).flatMap((unit) =>
    upTo99
      .filter((n) => !factorsOf60.includes(n))
      .map((n) =>
        n >= 60
          ? ([
              n,
              unit,
              "MT-FRESH-CRON-LIMIT",
              `${mode} freshness must be less than 60 when the time unit is ${unit}.`,
            ] as const)
          : ([
              n,
              unit,
              "MT-FRESH-CRON-FACTOR",
              `${mode} only freshness that are factors of 60 are currently supported when the time unit is ${unit}.`,
            ] as const),
      ),
  ),
  [
    5,
    "HOUR",
    "MT-FRESH-CRON-FACTOR",
    `${mode} only freshness that are factors of 24 are currently supported when the time unit is HOUR.`,
  ],
  [
    23,
    "HOUR",
    "MT-FRESH-CRON-FACTOR",
    `${mode} only freshness that are factors of 24 are currently supported when the time unit is HOUR.`,
  ],
  [
    24,
    "HOUR",
    "MT-FRESH-CRON-LIMIT",
    `${mode} freshness must be less than 24 when the time unit is HOUR.`,
  ],
  [
    36,
    "HOUR",
    "MT-FRESH-CRON-LIMIT",
    `${mode} freshness must be less than 24 when the time unit is HOUR.`,
  ],
  [2, "DAY", "MT-FRESH-CRON-DAY", `${mode} freshness must be 1 when the time unit is DAY.`],
  [1, "WEEK", "MT-FRESH-CRON-UNIT", "Unknown freshness time unit: WEEK."],
];

test.each(illegal)("%i %s is refused with %s", (amount, unit, code, text) => {
  const refusal = refusalOf({ amount, unit });
  expect(refusal.code).toBe(code);
  expect(refusal.flink?.text).toBe(text);
  expect(hasFlinkCron({ amount, unit })).toBe(false);
});
