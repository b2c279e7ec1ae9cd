// Rows of our own statements (SHOW, DESCRIBE, OK …) in both row formats. Instants are shown as
// wall clock of the zone that is given: with a literal Z in JSON, without in PLAIN_TEXT, as Flink
// does.

import { unreachable } from "../../common/assert.ts";
import type { LogicalType } from "../../protocol/logical-type.ts";
import type { FixedResult, FixedValue } from "../statements/statement-result.ts";

export type RowFormat = "JSON" | "PLAIN_TEXT";

/** The text of the `data` array's elements. */
export function fixedRows(result: FixedResult, format: RowFormat, zone: string): string {
  const types = result.columns.map((column) => column.logicalType);
  return result.rows
    .map((row) => {
      const fields = types.map((type, index) => {
        const value = row[index] ?? null;
        if (value === null) return "null";
        return format === "JSON"
          ? jsonField(value, type, zone)
          : JSON.stringify(plainField(value, type, zone));
      });
      return `{"kind":"INSERT","fields":[${fields.join(",")}]}`;
    })
    .join(",");
}

type Present = Exclude<FixedValue, null>;

function jsonField(value: Present, type: LogicalType, zone: string): string {
  if (type.type === "TIMESTAMP_WITH_LOCAL_TIME_ZONE" && typeof value === "number") {
    return `"${wallClock(value, zone)}Z"`;
  }
  return JSON.stringify(value);
}

function plainField(value: Present, type: LogicalType, zone: string): string {
  switch (typeof value) {
    case "string":
      return value;
    case "boolean":
      return value ? "TRUE" : "FALSE";
    case "number":
      return type.type === "TIMESTAMP_WITH_LOCAL_TIME_ZONE"
        ? wallClock(value, zone)
        : String(value);
    case "object":
      return `{${Object.entries(value)
        .map(([key, text]) => `${key}=${text}`)
        .join(", ")}}`;
    default:
      return unreachable(value);
  }
}

/** Minutes east of Greenwich of `GMT+02:00`, `+5:30` and the like; null for names. */
export function offsetMinutes(zone: string): number | null {
  const match = /^(?:GMT|UTC)?([+-])(\d{1,2})(?::(\d\d))?$/.exec(zone);
  if (match === null) return null;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return match[1] === "-" ? -minutes : minutes;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-CA-u-hc-h23", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  formats.set(zone, made);
  return made;
}

/**
 * `2026-01-31T12:12:43.12`: the instant (epoch milliseconds) in a zone, fraction with the fewest
 * digits.
 */
export function wallClock(instant: number, zone: string): string {
  const parts = new Map<string, string>();
  const offset = offsetMinutes(zone);
  const format = formatFor(offset === null ? zone : "UTC");
  const shifted = instant + (offset ?? 0) * 60_000;
  for (const part of format.formatToParts(shifted)) parts.set(part.type, part.value);
  const of = (name: string) => parts.get(name) ?? "";
  const milliseconds = ((instant % 1000) + 1000) % 1000;
  const fraction =
    milliseconds === 0 ? "" : `.${String(milliseconds).padStart(3, "0").replace(/0+$/, "")}`;
  const date = `${of("year").padStart(4, "0")}-${of("month")}-${of("day")}`;
  return `${date}T${of("hour")}:${of("minute")}:${of("second")}${fraction}`;
}
