// Patterns that make labels of moments (to_char's templates and Java's, numeric fields only), read
// the other way round: which stretch of wall clock time carries a label? A pattern with anything
// else than fixed-width numbers and separators is not understood (null), and nothing is concluded
// from it.

import { DayOfWeek, LocalDate, LocalDateTime, LocalTime, TemporalAdjusters } from "@js-joda/core";
import type { PartitionGrain } from "../catalog/materialized-table.ts";

/** From fine to coarse. */
export const grains = [
  "second",
  "minute",
  "hour",
  "day",
  "week",
  "month",
  "quarter",
  "year",
] as const satisfies readonly PartitionGrain[];

/** Wall clock time `[from, to)`. */
export interface LocalRange {
  readonly from: LocalDateTime;
  readonly to: LocalDateTime;
}

type Unit =
  | "year"
  | "quarter"
  | "month"
  | "day"
  | "dayOfYear"
  | "hour"
  | "minute"
  | "second"
  | "weekYear"
  | "week";

export interface LabelPattern {
  readonly parts: readonly (
    | { readonly unit: Unit; readonly width: number }
    | { readonly literal: string }
  )[];
  /** The smallest unit that labels distinguish without a gap from the year down. */
  readonly grain: PartitionGrain;
}

const postgresTokens: Readonly<Record<string, Unit>> = {
  IYYY: "weekYear",
  YYYY: "year",
  HH24: "hour",
  DDD: "dayOfYear",
  MM: "month",
  DD: "day",
  MI: "minute",
  SS: "second",
  IW: "week",
  Q: "quarter",
};

const javaTokens: Readonly<Record<string, Unit>> = {
  yyyy: "year",
  uuuu: "year",
  DDD: "dayOfYear",
  MM: "month",
  dd: "day",
  HH: "hour",
  mm: "minute",
  ss: "second",
  q: "quarter",
  Q: "quarter",
};

const widths: Readonly<Record<Unit, number>> = {
  year: 4,
  weekYear: 4,
  dayOfYear: 3,
  quarter: 1,
  month: 2,
  day: 2,
  week: 2,
  hour: 2,
  minute: 2,
  second: 2,
};

/** Reads a template of to_char. */
export function readTemplate(template: string): LabelPattern | null {
  const tokens = /IYYY|YYYY|HH24|DDD|MM|DD|MI|SS|IW|Q|"[^"\\]*"|[^A-Za-z"\\]/giy;
  if (/SSSS/i.test(template)) return null;
  return read(
    template,
    tokens,
    (token) => {
      if (token.startsWith('"')) return token.slice(1, -1);
      return postgresTokens[token.toUpperCase()] ? { unit: token.toUpperCase() } : token;
    },
    postgresTokens,
  );
}

/** Reads a Java DateTimeFormatter pattern. */
export function readJavaPattern(pattern: string): LabelPattern | null {
  const tokens = /yyyy|uuuu|DDD|MM|dd|HH|mm|ss|[qQ]|''|'[^']+'|[^A-Za-z'[\]{}#]/y;
  if (/([A-Za-z])\1{4}|([MdHms])\2\2|[qQ]{2}/.test(pattern)) return null;
  return read(
    pattern,
    new RegExp(tokens, "gy"),
    (token) => {
      if (token === "''") return "'";
      if (token.startsWith("'")) return token.slice(1, -1);
      return javaTokens[token] ? { unit: token } : token;
    },
    javaTokens,
  );
}

type Read = (token: string) => string | { readonly unit: string };

function read(
  text: string,
  tokens: RegExp,
  readToken: Read,
  units: Readonly<Record<string, Unit>>,
): LabelPattern | null {
  const parts: LabelPattern["parts"][number][] = [];
  let end = 0;
  for (const match of text.matchAll(tokens)) {
    const token = readToken(match[0]);
    const unit = typeof token === "string" ? undefined : units[token.unit];
    if (typeof token === "string") parts.push({ literal: token });
    else if (unit) parts.push({ unit, width: widths[unit] });
    end = match.index + match[0].length;
  }
  if (end !== text.length) return null;
  const grain = grainOf(new Set(parts.flatMap((part) => ("unit" in part ? [part.unit] : []))));
  return grain && { parts, grain };
}

function grainOf(units: ReadonlySet<Unit>): PartitionGrain | null {
  if (!units.has("year")) return units.has("weekYear") && units.has("week") ? "week" : null;
  const day = (units.has("month") && units.has("day")) || units.has("dayOfYear");
  if (!day) return units.has("month") ? "month" : units.has("quarter") ? "quarter" : "year";
  if (!units.has("hour")) return "day";
  if (!units.has("minute")) return "hour";
  return units.has("second") ? "second" : "minute";
}

/** The same pattern in Java's letters; null for weeks, whose letters depend on a locale there. */
export function toJavaPattern(pattern: LabelPattern): string | null {
  const letters: Readonly<Partial<Record<Unit, string>>> = {
    year: "yyyy",
    quarter: "q",
    month: "MM",
    day: "dd",
    dayOfYear: "DDD",
    hour: "HH",
    minute: "mm",
    second: "ss",
  };
  let text = "";
  for (const part of pattern.parts) {
    const piece = "unit" in part ? letters[part.unit] : quoteJava(part.literal);
    if (piece === undefined) return null;
    text += piece;
  }
  return text;
}

function quoteJava(literal: string): string {
  return /^[-/_.,;: ]*$/.test(literal) ? literal : `'${literal.replaceAll("'", "''")}'`;
}

/** The stretch whose moments carry `label`; null if no moment of the years 1 to 9999 does. */
export function rangeOfLabel(pattern: LabelPattern, label: string): LocalRange | null {
  const fields = fieldsOf(pattern, label);
  if (!fields) return null;
  try {
    return pattern.grain === "week" ? weekOf(fields) : unitOf(fields, pattern.grain);
  } catch {
    return null; // no such day or hour: the library's way of saying so
  }
}

function fieldsOf(pattern: LabelPattern, label: string): Map<Unit, number> | null {
  const fields = new Map<Unit, number>();
  let at = 0;
  for (const part of pattern.parts) {
    if ("literal" in part) {
      if (!label.startsWith(part.literal, at)) return null;
      at += part.literal.length;
      continue;
    }
    const digits = label.slice(at, at + part.width);
    if (digits.length !== part.width || !/^\d+$/.test(digits)) return null;
    const value = Number(digits);
    if ((fields.get(part.unit) ?? value) !== value) return null;
    fields.set(part.unit, value);
    at += part.width;
  }
  return at === label.length ? fields : null;
}

function unitOf(fields: ReadonlyMap<Unit, number>, grain: PartitionGrain): LocalRange | null {
  const year = fields.get("year") ?? 0;
  if (year < 1) return null;
  const quarter = fields.get("quarter");
  const dayOfYear = fields.get("dayOfYear");
  const month = fields.get("month") ?? (quarter === undefined ? 1 : quarter * 3 - 2);
  const day = fields.get("day") ?? 1;
  const byYear = dayOfYear !== undefined && !(fields.has("month") && fields.has("day"));
  const date = byYear ? LocalDate.ofYearDay(year, dayOfYear) : LocalDate.of(year, month, day);
  const fine = grain === "hour" || grain === "minute" || grain === "second";
  const time = LocalTime.of(
    fine ? (fields.get("hour") ?? 0) : 0,
    grain === "minute" || grain === "second" ? (fields.get("minute") ?? 0) : 0,
    grain === "second" ? (fields.get("second") ?? 0) : 0,
  );
  return unitFrom(truncate(LocalDateTime.of(date, time), grain), grain);
}

function weekOf(fields: ReadonlyMap<Unit, number>): LocalRange | null {
  const year = fields.get("weekYear") ?? 0;
  const week = fields.get("week") ?? 0;
  if (year < 1 || week < 1 || week > 53) return null;
  const first = truncate(LocalDate.of(year, 1, 4).atStartOfDay(), "week");
  return unitFrom(first.plusWeeks(week - 1), "week");
}

/** The unit that begins at `from`. */
export function unitFrom(from: LocalDateTime, grain: PartitionGrain): LocalRange {
  return { from, to: plusUnit(from, grain) };
}

function plusUnit(at: LocalDateTime, grain: PartitionGrain): LocalDateTime {
  switch (grain) {
    case "second":
      return at.plusSeconds(1);
    case "minute":
      return at.plusMinutes(1);
    case "hour":
      return at.plusHours(1);
    case "day":
      return at.plusDays(1);
    case "week":
      return at.plusWeeks(1);
    case "month":
      return at.plusMonths(1);
    case "quarter":
      return at.plusMonths(3);
    case "year":
      return at.plusYears(1);
  }
}

/** The beginning of the unit that `at` lies in, as date_trunc has it. */
export function truncate(at: LocalDateTime, grain: PartitionGrain): LocalDateTime {
  const day = at.toLocalDate().atStartOfDay();
  switch (grain) {
    case "second":
      return at.withNano(0);
    case "minute":
      return at.withNano(0).withSecond(0);
    case "hour":
      return at.withNano(0).withSecond(0).withMinute(0);
    case "day":
      return day;
    case "week":
      return day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
    case "month":
      return day.withDayOfMonth(1);
    case "quarter":
      return day.withMonth(Math.floor((at.monthValue() - 1) / 3) * 3 + 1).withDayOfMonth(1);
    case "year":
      return day.withDayOfYear(1);
  }
}
