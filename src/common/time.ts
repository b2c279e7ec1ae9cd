// Instants, durations and data intervals: the only time values that travel inside Sluice. An
// instant is a moment on the time line without a zone; whatever needs a calendar (days, months,
// DST) takes the zone explicitly.

import { assert } from "./assert.ts";

declare const instantBrand: unique symbol;
declare const durationBrand: unique symbol;

/** Milliseconds since 1970-01-01T00:00:00Z. PostgreSQL's microseconds are cut off. */
export type Instant = number & { readonly [instantBrand]: "Instant" };

/** Elapsed milliseconds; never a calendar amount. */
export type Duration = number & { readonly [durationBrand]: "Duration" };

/**
 * A half-open slice of time `[start, end)`; `end` is the scheduled time of the run that is about
 * it.
 */
export interface DataInterval {
  readonly start: Instant;
  readonly end: Instant;
}

/** Converts epoch milliseconds, which must be a finite number, to an instant. */
export function instant(epochMilliseconds: number): Instant {
  assert(Number.isFinite(epochMilliseconds), `not an instant: ${epochMilliseconds}`);
  return Math.floor(epochMilliseconds) as Instant;
}

/** Converts milliseconds to a duration. */
export function milliseconds(amount: number): Duration {
  assert(Number.isFinite(amount), `not a duration: ${amount}`);
  return amount as Duration;
}

/** Converts seconds to a duration. */
export function seconds(amount: number): Duration {
  return milliseconds(amount * 1000);
}

/** Makes a data interval; `start` may equal `end` (a manual run has no extent). */
export function dataInterval(start: Instant, end: Instant): DataInterval {
  assert(start <= end, `interval ends before it starts: ${start} > ${end}`);
  return { start, end };
}

/** ISO 8601 in UTC with milliseconds, e.g. `2026-01-31T00:00:00.000Z`. */
export function toIso(at: Instant): string {
  return new globalThis.Date(at).toISOString();
}

/**
 * Reads ISO 8601 or PostgreSQL's ISO output (`2026-01-31 00:00:00.123456+00`). A text without
 * offset is UTC. Throws AssertionError if it is no timestamp.
 */
export function parseInstant(text: string): Instant {
  const normal = text.replace(" ", "T").replace(/([+-]\d\d)$/, "$1:00");
  const zoned = /(?:Z|[+-]\d\d:\d\d(?::\d\d)?)$/.test(normal) ? normal : `${normal}Z`;
  return instant(globalThis.Date.parse(zoned));
}
