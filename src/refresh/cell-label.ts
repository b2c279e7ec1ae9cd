// The label of a time key: the text that stands in its column for a moment, and back. Labels are
// written as PostgreSQL prints the column's type in the table's zone, so that they equal what the
// ledger reads from rows. Pure.

import { DateTimeFormatter, LocalDateTime, OffsetDateTime } from "@js-joda/core";
import type { PartitionTime } from "../catalog/materialized-table.ts";
import { type DataInterval, type Instant, instant } from "../common/time.ts";
import { formatLabel } from "./date-pattern.ts";
import {
  elapsedUnit,
  floorTo,
  hullOfUnit,
  instantOf,
  isElapsed,
  localAt,
  renderWithOffset,
  type Zone,
} from "./zone.ts";

/** A time key with the type of its column (format_type text). */
export interface CellKey extends PartitionTime {
  readonly type: string;
}

/**
 * Fields of wall-clock time that a label tells; what is absent is told by another key, or by none.
 */
export type TimeFields = Partial<
  Record<"year" | "quarter" | "month" | "day" | "dayOfYear" | "hour" | "minute" | "second", number>
>;

const timestampForm = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

/** The label of the moment `at`. */
export function labelAt(key: CellKey, at: Instant, zone: Zone): string {
  const local = floorTo(localAt(at, zone), key.grain);
  if (key.pattern !== null) return formatLabel(local, key.pattern);
  if (key.type === "date") return local.toLocalDate().toString();
  if (!hasZone(key)) return local.format(timestampForm);
  return renderWithOffset(hullAt(key, at, zone).start, zone);
}

/** The hull of the instants around `at` that carry its label. */
export function hullAt(key: CellKey, at: Instant, zone: Zone): DataInterval {
  if (hasZone(key) && isElapsed(key.grain)) return elapsedUnit(at, key.grain, zone);
  return hullOfUnit(floorTo(localAt(at, zone), key.grain), key.grain, zone);
}

/** True for timestamptz, whose labels name instants instead of wall-clock times. */
export function hasZone(key: CellKey): boolean {
  return key.pattern === null && key.type.includes("with time zone");
}

/** The instant a timestamptz label names; null if it is none. */
export function instantOfLabel(label: string): Instant | null {
  const iso = label.replace(" ", "T").replace(/([+-]\d\d)$/, "$1:00");
  try {
    return instant(OffsetDateTime.parse(iso).toInstant().toEpochMilli());
  } catch {
    return null;
  }
}

/** What a label of a text, date or timestamp key tells; null if it does not have the key's form. */
export function fieldsOfLabel(key: CellKey, label: string): TimeFields | null {
  const pattern = key.pattern ?? (key.type === "date" ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss");
  const runs = pattern.match(/'[^']*'|([A-Za-z])\1*|[^A-Za-z']+/g) ?? [];
  const expression = runs.map((run) => runExpression(run)).join("");
  const match = new RegExp(`^${expression}$`).exec(label);
  if (match === null) return null;
  const fields: TimeFields = {};
  let group = 0;
  for (const run of runs) {
    const field = fieldOfLetter[run[0] ?? ""];
    if (field === undefined) continue;
    const value = Number(match[++group]);
    if (run === "yy" || run === "uu") fields.year = 2000 + value;
    else fields[field] = run[0] === "k" ? value % 24 : value;
  }
  return fields;
}

/**
 * The wall-clock time that the fields of all keys tell together; null if they do not reach down
 * from a year.
 */
export function instantOfFields(fields: TimeFields, zone: Zone): Instant | null {
  const { year, quarter, dayOfYear, hour = 0, minute = 0, second = 0 } = fields;
  if (year === undefined) return null;
  const month = fields.month ?? (quarter === undefined ? 1 : quarter * 3 - 2);
  try {
    const base = LocalDateTime.of(year, month, fields.day ?? 1, hour, minute, second);
    const local = dayOfYear === undefined ? base : base.withDayOfYear(dayOfYear);
    return instantOf(local, zone);
  } catch {
    return null;
  }
}

const fieldOfLetter: Readonly<Record<string, keyof TimeFields>> = {
  y: "year",
  u: "year",
  Q: "quarter",
  q: "quarter",
  M: "month",
  L: "month",
  d: "day",
  D: "dayOfYear",
  H: "hour",
  k: "hour",
  m: "minute",
  s: "second",
};

function runExpression(run: string): string {
  if (run.startsWith("'")) return escape(run === "''" ? "'" : run.slice(1, -1));
  if (fieldOfLetter[run[0] ?? ""] === undefined) return escape(run);
  return run.length === 1 ? "(\\d{1,4})" : `(\\d{${run.length}})`;
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}
