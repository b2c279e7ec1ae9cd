// FROM and TO of a backfill: values of the partition key or timestamps, literals only. Pure.

import { GatewayError } from "../common/gateway-error.ts";
import type { Instant } from "../common/time.ts";
import { type CellKey, fieldsOfLabel, hasZone, instantOfLabel } from "../refresh/cell-label.ts";
import { type CellKeys, intervalOfSpec } from "../refresh/cells.ts";
import { readTimestamp } from "../workflows/local-timestamp.ts";

/**
 * The moment that a bound names: a label of the first key that tells a date (its begin), or a
 * timestamp in the table's zone, which a gap of the clocks moves to its end. Throws BF-VALUE.
 */
export function boundOf(keys: CellKeys, text: string): Instant {
  const [first] = keys.times;
  const moment = first !== undefined && hasZone(first) ? instantOfLabel(text.trim()) : null;
  if (moment !== null) return moment;
  const named = keys.times.find((key) => isLabel(key, text.trim()));
  if (named !== undefined) {
    const only: CellKeys = { times: [named], timeZone: keys.timeZone };
    const interval = intervalOfSpec(only, { [named.column]: text.trim() });
    if (interval !== null) return interval.start;
  }
  return timestampOf(text, keys.timeZone, named ?? keys.times[0] ?? null);
}

/** A label that reaches down from a year: hours alone name no moment. */
function isLabel(key: CellKey, text: string): boolean {
  return !hasZone(key) && fieldsOfLabel(key, text)?.year !== undefined;
}

/** A timestamp of a workflow's backfill, in its zone. Throws BF-VALUE. */
export function timestampOf(text: string, timeZone: string, key: CellKey | null): Instant {
  try {
    return readTimestamp(text, timeZone);
  } catch (cause) {
    if (!(cause instanceof GatewayError)) throw cause;
    const form = key?.pattern ?? null;
    const value = form === null ? "" : `a value of "${key?.column ?? ""}" in the form ${form}, or `;
    throw new GatewayError("BF-VALUE", `"${text}" cannot be read as an end of the range`, {
      detail: `Expected ${value}a timestamp such as 2026-01-31 or 2026-01-31 06:00:00.`,
      cause,
    });
  }
}
