// Java date patterns of text partition columns ('partition.fields.ds.date-formatter' =
// 'yyyy-MM-dd'). Checked when a table is defined, so that no firing ever meets a bad one. Pure.

import { DateTimeFormatter, LocalDateTime } from "@js-joda/core";
import type { PartitionGrain } from "../catalog/materialized-table.ts";
import { GatewayError } from "../common/gateway-error.ts";

/** From coarse to fine; a pattern may leave no unit out between its coarsest and its finest. */
const units: readonly { readonly grain: PartitionGrain; readonly letters: string }[] = [
  { grain: "year", letters: "yu" },
  { grain: "quarter", letters: "Qq" },
  { grain: "month", letters: "ML" },
  { grain: "day", letters: "dD" },
  { grain: "hour", letters: "Hk" },
  { grain: "minute", letters: "m" },
  { grain: "second", letters: "s" },
];

/**
 * The smallest unit that a label of `pattern` distinguishes. Throws MT-PART-FMT-PATTERN with a
 * hint.
 */
export function grainOfPattern(column: string, pattern: string): PartitionGrain {
  const letters = lettersOf(pattern);
  if (letters.length === 0) throw refused(column, pattern, "It has no letter of a date or time.");
  for (const letter of letters) {
    const reason = refusedLetters[letter];
    if (reason !== undefined) throw refused(column, pattern, reason);
    if (!units.some((unit) => unit.letters.includes(letter))) {
      throw refused(column, pattern, `The letter ${letter} has no meaning here.`);
    }
  }
  checkGaps(column, pattern, letters);
  checkFormats(column, pattern);
  const finest = units.findLast((unit) => hasUnit(letters, unit.letters));
  return finest?.grain ?? "year";
}

/** The label of a moment of wall-clock time; the pattern was checked by grainOfPattern. */
export function formatLabel(local: LocalDateTime, pattern: string): string {
  return local.format(formatterOf(pattern));
}

const formatters = new Map<string, DateTimeFormatter>();

function formatterOf(pattern: string): DateTimeFormatter {
  const known = formatters.get(pattern);
  if (known !== undefined) return known;
  const made = DateTimeFormatter.ofPattern(pattern);
  if (formatters.size < 1_000) formatters.set(pattern, made);
  return made;
}

const refusedLetters: Readonly<Record<string, string>> = {
  Y:
    "Y is the year of weeks, which differs from the year around New Year; use yyyy, as in " +
    "yyyy-MM-dd.",
  h: "h counts hours to 12, so that morning and evening are one; use HH.",
  K: "K counts hours to 11, so that morning and evening are one; use HH.",
  a: "Halves of the day are not possible; use HH.",
  E: "Names of days are not possible; use dd.",
  S: "Fractions of a second are not possible.",
  n: "Fractions of a second are not possible.",
  w: "Weeks are not possible in a pattern; let the query yield date_trunc('week', …).",
  W: "Weeks are not possible in a pattern; let the query yield date_trunc('week', …).",
  z: "Zones are not possible; labels are wall-clock time of the table's zone.",
  Z: "Zones are not possible; labels are wall-clock time of the table's zone.",
  X: "Zones are not possible; labels are wall-clock time of the table's zone.",
  x: "Zones are not possible; labels are wall-clock time of the table's zone.",
  V: "Zones are not possible; labels are wall-clock time of the table's zone.",
};

/** Letters outside quoted text, each once. */
function lettersOf(pattern: string): string[] {
  const bare = pattern.replaceAll(/'[^']*'/g, "");
  return [...new Set(bare.match(/[A-Za-z]/g) ?? [])];
}

function hasUnit(letters: readonly string[], ofUnit: string): boolean {
  return letters.some((letter) => ofUnit.includes(letter));
}

/** yyyy-mm-dd has minutes but no hours: each label would then stand for moments that lie apart. */
function checkGaps(column: string, pattern: string, letters: readonly string[]): void {
  const present = units.map((unit) => hasUnit(letters, unit.letters));
  const first = present.indexOf(true);
  const last = present.lastIndexOf(true);
  for (let k = first + 1; k < last; k++) {
    const grain = units[k]?.grain;
    const dayOfYear = letters.includes("D") && grain === "month";
    if (present[k] === true || grain === "quarter" || dayOfYear) continue;
    const swapped = letters.includes("m") && !letters.includes("M");
    const hint = swapped ? " MM is the month, mm the minute." : "";
    throw refused(column, pattern, `It leaves out the ${grain}.${hint}`);
  }
}

function checkFormats(column: string, pattern: string): void {
  try {
    formatLabel(LocalDateTime.of(2024, 12, 31, 23, 59, 58), pattern);
  } catch (error) {
    const dayOfYear = /D/.test(pattern)
      ? " D is the day of the year, dd the day of the month."
      : "";
    const reason = error instanceof Error ? error.message.replace(/[.!]?$/, ".") : "";
    throw refused(column, pattern, `${reason}${dayOfYear}`);
  }
}

function refused(column: string, pattern: string, detail: string): GatewayError {
  return new GatewayError(
    "MT-PART-FMT-PATTERN",
    `date formatter "${pattern}" of partition column "${column}" cannot be used`,
    { detail, hint: "Patterns are Java's, for example yyyy-MM-dd, yyyyMMdd or HH." },
  );
}
