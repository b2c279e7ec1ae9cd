// Values that are computed from the scheduled time: a pattern, with optional arithmetic, as in
// `yyyyMMdd - 1 month truncate to month`. Days and longer are steps of the calendar in the zone,
// hours and shorter are elapsed time; the end of a month is never passed. Pure.

import { present, unreachable } from "../../common/assert.ts";
import { type Instant, instant } from "../../common/time.ts";
import { dayMs, type Wall, wall, type Zone } from "../zone.ts";

const units = ["second", "minute", "hour", "day", "week", "month", "quarter", "year"] as const;
export type Unit = (typeof units)[number];

export interface DateValue {
  readonly kind: "date";
  readonly pattern: string;
  /** In the order written. */
  readonly steps: readonly { readonly amount: number; readonly unit: Unit }[];
  /** Applied last; null: not. */
  readonly truncate: Unit | null;
}

const steps = /(?<steps>(?:\s*[+-]\s*\d+\s*[a-z]+)*)/.source;
const truncation = /(?:\s+truncate\s+to\s+(?<to>[a-z]+))?/.source;
const form = new RegExp(`^(?<pattern>.*?)${steps}${truncation}\\s*$`, "is");
/** Longer texts are static: looking for arithmetic in them would take long. */
const longestPattern = 500;
const tokens = /yyyy|yy|MM|dd|HH|mm|ss|SSS/g;

/**
 * Null if the text is none: a text is a pattern only if all its letters are tokens, with known
 * units behind it.
 */
export function parseDateValue(text: string): DateValue | null {
  if (text.length > longestPattern) return null;
  if (isPattern(text)) return { kind: "date", pattern: text.trim(), steps: [], truncate: null };
  const { pattern = "", steps: written = "", to } = form.exec(text)?.groups ?? {};
  if (!isPattern(pattern)) return null;
  const steps = [...written.matchAll(/([+-])\s*(\d+)\s*([a-z]+)/gi)].map(
    ([, sign, digits, word]) => ({
      amount: (sign === "-" ? -1 : 1) * Number(digits),
      unit: unitOf(word ?? ""),
    }),
  );
  const known = steps.filter((step): step is { amount: number; unit: Unit } => step.unit !== null);
  const truncate = to === undefined ? null : unitOf(to);
  if (known.length < steps.length || (to !== undefined && truncate === null)) return null;
  return { kind: "date", pattern: pattern.trim(), steps: known, truncate };
}

function isPattern(text: string): boolean {
  return /[a-z]/i.test(text) && !/\p{L}/u.test(text.replaceAll(tokens, " "));
}

function unitOf(word: string): Unit | null {
  const singular = word.toLowerCase().replace(/s$/, "");
  return units.find((unit) => unit === singular) ?? null;
}

/** Longest way of one value from the scheduled time, in years. */
export const farthestYears = 1000;
const dayLengths: Readonly<Record<Unit, number>> = {
  second: 1 / 86_400,
  minute: 1 / 1440,
  hour: 1 / 24,
  day: 1,
  week: 7,
  month: 30.5,
  quarter: 91.5,
  year: 366,
};

/** True if the steps lead farther than `farthestYears`, so that years might leave four digits. */
export function isTooFar({ steps }: DateValue): boolean {
  const days = steps.reduce((sum, step) => sum + Math.abs(step.amount) * dayLengths[step.unit], 0);
  return !(days <= farthestYears * 365);
}

/** The text of the value for a scheduled time. */
export function formatDateValue(value: DateValue, scheduledAt: Instant, zone: Zone): string {
  const stepped = value.steps.reduce((at, step) => add(at, step, zone), scheduledAt);
  const at = value.truncate === null ? stepped : truncateTo(stepped, value.truncate, zone);
  return formatWall(value.pattern, zone.wallAt(at));
}

/** The wall time in the tokens of a pattern; all else stays. */
export function formatWall(pattern: string, at: Wall): string {
  const date = new globalThis.Date(at);
  const digits = (value: number, width: number) => String(value).padStart(width, "0");
  const texts: Readonly<Record<string, string>> = {
    yyyy: digits(date.getUTCFullYear(), 4),
    yy: digits(date.getUTCFullYear() % 100, 2),
    MM: digits(date.getUTCMonth() + 1, 2),
    dd: digits(date.getUTCDate(), 2),
    HH: digits(date.getUTCHours(), 2),
    mm: digits(date.getUTCMinutes(), 2),
    ss: digits(date.getUTCSeconds(), 2),
    SSS: digits(date.getUTCMilliseconds(), 3),
  };
  return pattern.replaceAll(tokens, (token) => present(texts[token], token));
}

const elapsed: Readonly<Partial<Record<Unit, number>>> = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
};

function add(at: Instant, step: { amount: number; unit: Unit }, zone: Zone): Instant {
  const length = elapsed[step.unit];
  if (length !== undefined) return instant(at + step.amount * length);
  return atWall(addCalendar(zone.wallAt(at), step), at, zone);
}

/** The instant that shows `target`; of two the one with the offset that `from` has. */
function atWall(target: Wall, from: Instant, zone: Zone): Instant {
  const offset = zone.offsetAt(from);
  const same = zone.occurrences(target).find((one) => zone.offsetAt(one) === offset);
  return same ?? zone.resolve(target);
}

function addCalendar(at: Wall, { amount, unit }: { amount: number; unit: Unit }): Wall {
  switch (unit) {
    case "day":
      return wall(at + amount * dayMs);
    case "week":
      return wall(at + amount * 7 * dayMs);
    case "month":
      return addMonths(at, amount);
    case "quarter":
      return addMonths(at, amount * 3);
    case "year":
      return addMonths(at, amount * 12);
    default:
      return wall(at);
  }
}

function addMonths(at: Wall, months: number): Wall {
  const date = new globalThis.Date(at);
  const month = date.getUTCFullYear() * 12 + date.getUTCMonth() + months;
  const last = new globalThis.Date(wallOfMonth(month + 1) - dayMs).getUTCDate();
  const day = Math.min(date.getUTCDate(), last);
  const time = ((at % dayMs) + dayMs) % dayMs;
  return wall(wallOfMonth(month) + (day - 1) * dayMs + time);
}

/** Midnight of the first of the month counted from year 0. */
function wallOfMonth(month: number): number {
  const date = new globalThis.Date(0);
  date.setUTCFullYear(Math.floor(month / 12), ((month % 12) + 12) % 12, 1);
  return date.getTime();
}

function truncateTo(at: Instant, unit: Unit, zone: Zone): Instant {
  return atWall(truncateWall(zone.wallAt(at), unit), at, zone);
}

/** 1970-01-05 was a Monday. */
const firstMonday = 4 * dayMs;

function truncateWall(at: Wall, unit: Unit): Wall {
  const date = new globalThis.Date(at);
  const month = date.getUTCFullYear() * 12 + date.getUTCMonth();
  const floor = (length: number, from = 0) =>
    wall(Math.floor((at - from) / length) * length + from);
  switch (unit) {
    case "second":
      return floor(1_000);
    case "minute":
      return floor(60_000);
    case "hour":
      return floor(3_600_000);
    case "day":
      return floor(dayMs);
    case "week":
      return floor(7 * dayMs, firstMonday);
    case "month":
      return wall(wallOfMonth(month));
    case "quarter":
      return wall(wallOfMonth(month - (month % 3)));
    case "year":
      return wall(wallOfMonth(month - (month % 12)));
    default:
      return unreachable(unit);
  }
}
