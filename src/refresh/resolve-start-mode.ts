// Where the ledger of a table begins: START_MODE as a value. RESUME_OR_… is its fallback for a new
// table. Pure.

import { LocalDateTime, Period } from "@js-joda/core";
import type { StartMode } from "../catalog/materialized-table.ts";
import { GatewayError } from "../common/gateway-error.ts";
import { type Instant, instant } from "../common/time.ts";
import type { IntervalLiteral, StartModeClause } from "./table-requests.ts";
import { instantOf, localAt, type Zone, zoneOf } from "./zone.ts";

/** Resolves the clause at the moment `now` of the statement. Throws MT-START-MODE. */
export function resolveStartMode(
  clause: StartModeClause,
  now: Instant,
  timeZone: string,
): StartMode {
  const zone = zoneOf(timeZone);
  switch (clause.kind) {
    case "FROM_BEGINNING":
    case "RESUME_OR_FROM_BEGINNING":
      return { kind: "FROM_BEGINNING" };
    case "FROM_NOW":
    case "RESUME_OR_FROM_NOW":
      return {
        kind: "FROM_NOW",
        at: clause.interval === null ? now : before(now, clause.interval, zone),
        text: clause.interval === null ? clause.kind : `${clause.kind}(${textOf(clause.interval)})`,
      };
    case "FROM_TIMESTAMP":
    case "RESUME_OR_FROM_TIMESTAMP":
      return fromTimestamp(clause, zone);
  }
}

function fromTimestamp(clause: StartModeClause, zone: Zone): StartMode {
  const { text = "", local = false } = clause.timestamp ?? {};
  const type = local ? "TIMESTAMP WITH LOCAL TIME ZONE" : "TIMESTAMP";
  try {
    const wall = LocalDateTime.parse(text.trim().replace(/[ ]+/, "T"));
    const at = instantOf(wall, local ? zone : zoneOf("UTC"));
    return { kind: "FROM_TIMESTAMP", at, text: `${clause.kind}(${type} '${text}')` };
  } catch (cause) {
    throw new GatewayError("MT-START-MODE", `timestamp '${text}' of START_MODE cannot be read`, {
      detail: "It must have the form yyyy-MM-dd HH:mm:ss.",
      cause,
    });
  }
}

const periods: Readonly<Record<string, (amount: number) => Period>> = {
  DAY: (amount) => Period.ofDays(amount),
  WEEK: (amount) => Period.ofWeeks(amount),
  MONTH: (amount) => Period.ofMonths(amount),
  QUARTER: (amount) => Period.ofMonths(amount * 3),
  YEAR: (amount) => Period.ofYears(amount),
};
const elapsed: Readonly<Record<string, number>> = {
  SECOND: 1_000,
  MINUTE: 60_000,
  HOUR: 3_600_000,
};

/** Days and longer by the calendar of the zone, shorter ones as elapsed time. */
function before(now: Instant, interval: IntervalLiteral, zone: Zone): Instant {
  const amount = Number(interval.text.trim());
  const usable = Number.isInteger(amount) && amount > 0 && amount < 100_000;
  const period = periods[interval.unit];
  const milliseconds = elapsed[interval.unit];
  if (interval.toUnit !== null || interval.negative || !usable || (!period && !milliseconds)) {
    throw new GatewayError("MT-START-MODE", "interval of START_MODE cannot be used", {
      detail: `It must be a positive whole number of one unit, but is ${textOf(interval)}.`,
    });
  }
  if (period === undefined) return instant(now - amount * (milliseconds ?? 0));
  return instantOf(localAt(now, zone).minus(period(amount)), zone);
}

function textOf({ negative, text, unit, toUnit }: IntervalLiteral): string {
  const sign = negative ? "-" : "";
  return `INTERVAL ${sign}'${text}' ${unit}${toUnit === null ? "" : ` TO ${toUnit}`}`;
}
