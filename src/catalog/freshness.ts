// Declared freshness: an amount and a unit, kept as the user wrote them (60 MINUTE stays 60
// MINUTE).

import { type Duration, milliseconds } from "../common/time.ts";

export const freshnessUnits = ["SECOND", "MINUTE", "HOUR", "DAY", "WEEK"] as const;
export type FreshnessUnit = (typeof freshnessUnits)[number];

/** How stale the table may be; `amount` is a positive whole number. */
export interface Freshness {
  readonly amount: number;
  readonly unit: FreshnessUnit;
}

/** As SHOW CREATE prints it: `INTERVAL '5' MINUTE`. */
export function renderFreshness(freshness: Freshness): string {
  return `INTERVAL '${freshness.amount}' ${freshness.unit}`;
}

const unitMilliseconds: Readonly<Record<FreshnessUnit, number>> = {
  SECOND: 1_000,
  MINUTE: 60_000,
  HOUR: 3_600_000,
  DAY: 86_400_000,
  WEEK: 604_800_000,
};

/** Its length as elapsed time, a day being 24 hours: for comparing, never for the calendar. */
export function freshnessDuration(freshness: Freshness): Duration {
  return milliseconds(freshness.amount * unitMilliseconds[freshness.unit]);
}

/** A configured duration in its largest whole unit: 3600 s is 1 HOUR, 90 s is 90 SECOND. */
export function freshnessOfDuration(duration: Duration): Freshness {
  const units = ["DAY", "HOUR", "MINUTE"] as const;
  const unit = units.find((candidate) => duration % unitMilliseconds[candidate] === 0) ?? "SECOND";
  return { amount: Math.max(1, Math.round(duration / unitMilliseconds[unit])), unit };
}
