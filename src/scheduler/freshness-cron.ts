// Flink's text for a freshness: its seven-field Quartz cron, and its refusals, sentence for
// sentence. Under flink-strict these decide what FULL accepts; otherwise they only tell which
// values are aligned to the clock.

import { GatewayError } from "../common/gateway-error.ts";

/** An amount with its unit; catalog's Freshness is one. */
export interface Every {
  readonly amount: number;
  readonly unit: "SECOND" | "MINUTE" | "HOUR" | "DAY" | "WEEK";
}

const validationException = "org.apache.flink.table.api.ValidationException";
const limits = { SECOND: 60, MINUTE: 60, HOUR: 24 } as const;

/** True if Flink has a cron for it: factors of 60 SECOND and MINUTE, factors of 24 HOUR, 1 DAY. */
export function hasFlinkCron({ amount, unit }: Every): boolean {
  if (unit === "DAY") return amount === 1;
  if (unit === "WEEK") return false;
  return amount < limits[unit] && limits[unit] % amount === 0;
}

/**
 * Flink's Quartz cron, e.g. `0 0/30 * * * ? *`. Throws MT-FRESH-CRON-UNIT, -DAY, -LIMIT, -FACTOR
 * (in this order of tests) where Flink has none.
 */
export function scheduleText({ amount, unit }: Every): string {
  if (unit === "WEEK") throw refusal("MT-FRESH-CRON-UNIT", "Unknown freshness time unit: WEEK.");
  if (unit === "DAY") {
    if (amount === 1) return "0 0 0 * * ? *";
    throw refusal(
      "MT-FRESH-CRON-DAY",
      "In full refresh mode, freshness must be 1 when the time unit is DAY.",
    );
  }
  const limit = limits[unit];
  if (amount >= limit) {
    throw refusal(
      "MT-FRESH-CRON-LIMIT",
      `In full refresh mode, freshness must be less than ${limit} when the time unit is ${unit}.`,
    );
  }
  if (limit % amount !== 0) {
    throw refusal(
      "MT-FRESH-CRON-FACTOR",
      `In full refresh mode, only freshness that are factors of ${limit} are currently supported` +
        ` when the time unit is ${unit}.`,
    );
  }
  if (unit === "SECOND") return `0/${amount} * * * * ? *`;
  return unit === "MINUTE" ? `0 0/${amount} * * * ? *` : `0 0 0/${amount} * * ? *`;
}

type RefusalCode =
  | "MT-FRESH-CRON-UNIT"
  | "MT-FRESH-CRON-DAY"
  | "MT-FRESH-CRON-LIMIT"
  | "MT-FRESH-CRON-FACTOR";

function refusal(code: RefusalCode, text: string): GatewayError {
  const message = text.charAt(0).toLowerCase() + text.slice(1, -1);
  return new GatewayError(code, message, {
    hint: "Without flink-strict every positive interval is accepted.",
    flink: { class: validationException, text },
  });
}
