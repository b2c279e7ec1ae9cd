// Declared freshness: an amount and a unit, kept as the user wrote them (60 MINUTE stays 60 MINUTE).

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
