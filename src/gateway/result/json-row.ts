// Rows of rowFormat=JSON, made straight from PostgreSQL's text to JSON text: no object for a field
// is ever built, and digits are copied, so BIGINT and DECIMAL lose nothing. Values that Flink's
// types cannot hold (±infinity of dates and timestamps, 24:00:00, NaN and ±Infinity of numeric)
// are null here; PLAIN_TEXT shows them as PostgreSQL does.

import { isoDate, javaFloat, timestampParts } from "./java-text.ts";
import { type ArrayItem, parseArray, parseBytes, parseComposite } from "./pg-literal.ts";
import type { PgType, RawRow } from "./query-result.ts";

/** Renders one value that is not NULL to JSON text. */
export type JsonValue = (text: string) => string;

/** Makes the function that renders a page's rows to the text of the `data` array's elements. */
export function jsonRows(types: readonly PgType[]): (rows: readonly RawRow[]) => string {
  const values = types.map(jsonValue);
  const width = values.length;
  return (rows) => {
    let out = "";
    for (const row of rows) {
      out += out === "" ? '{"kind":"INSERT","fields":[' : ',{"kind":"INSERT","fields":[';
      for (let k = 0; k < width; k++) {
        const text = row[k];
        if (k > 0) out += ",";
        out += text === null || text === undefined ? "null" : (values[k] as JsonValue)(text);
      }
      out += "]}";
    }
    return out;
  };
}

/** The function that renders values of one type. */
export function jsonValue(type: PgType): JsonValue {
  switch (type.kind) {
    case "text":
      return quoteText;
    case "integer":
      return (text) => text;
    case "boolean":
      return (text) => (text === "t" ? "true" : "false");
    case "float":
      return jsonFloat;
    case "numeric":
      return jsonDecimal;
    case "bytes":
      return (text) => `"${parseBytes(text).toString("base64")}"`;
    case "date":
      return jsonDate;
    case "time":
      return (text) => (text.startsWith("24") ? "null" : `"${text}"`);
    case "timestamp":
      return jsonTimestamp(type.zoned);
    case "array":
      return jsonArray(type);
    case "composite":
      return jsonComposite(type);
  }
}

/** Most texts need no escape; finding that out is cheaper than JSON.stringify. */
function quoteText(text: string): string {
  for (let k = 0; k < text.length; k++) {
    const code = text.charCodeAt(k);
    if (code < 32 || code === 34 || code === 92 || code > 126) return JSON.stringify(text);
    if (k === 64) return JSON.stringify(text);
  }
  return `"${text}"`;
}

function jsonFloat(text: string): string {
  const java = javaFloat(text);
  return java.endsWith("N") || java.endsWith("y") ? `"${java}"` : java;
}

/**
 * A number up to 15 significant digits; beyond, a text, because Java clients read numbers through
 * a double.
 */
export function jsonDecimal(text: string): string {
  const first = text.charCodeAt(0) === 45 ? text.charCodeAt(1) : text.charCodeAt(0);
  if (first < 48 || first > 57) return "null";
  const short = text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  if (short.length <= 15) return short === "-0" ? "0" : short;
  const significant = short.replace(/^-?0*\.?0*/, "").replace(".", "").length;
  return significant <= 15 ? short : `"${short}"`;
}

function jsonDate(text: string): string {
  if (text.length === 10 && text.charCodeAt(4) === 45) return `"${text}"`;
  if (!text.includes("-") || text.endsWith("infinity")) return "null";
  const era = text.endsWith(" BC");
  return `"${isoDate(era ? text.slice(0, -3) : text, era)}"`;
}

function jsonTimestamp(zoned: boolean): JsonValue {
  const end = zoned ? 'Z"' : '"';
  return (text) => {
    // 2026-01-31 12:12:43…: the common case of four-digit years after Christ.
    if (text.charCodeAt(10) === 32 && text.charCodeAt(text.length - 1) !== 67) {
      const time = zoned ? withoutOffset(text) : text.slice(11);
      return `"${text.slice(0, 10)}T${time}${end}`;
    }
    const parts = timestampParts(text);
    if (parts === null) return "null";
    return `"${isoDate(parts.date, parts.era)}T${parts.time}${end}`;
  };
}

/** The time of day of `2026-01-31 12:12:43.12+05:30`: the offset begins at 19 or later. */
function withoutOffset(text: string): string {
  let at = 19;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 43 || code === 45) break;
    at += 1;
  }
  return text.slice(11, at);
}

function jsonArray(type: Extract<PgType, { kind: "array" }>): JsonValue {
  const element = jsonValue(type.element);
  const render = (items: readonly ArrayItem[]): string =>
    `[${items
      .map((item) => {
        if (item === null) return "null";
        return typeof item === "string" ? element(item) : render(item);
      })
      .join(",")}]`;
  return (text) => render(parseArray(text, type.delimiter));
}

function jsonComposite(type: Extract<PgType, { kind: "composite" }>): JsonValue {
  const fields = type.fields.map((field) => ({
    key: JSON.stringify(field.name),
    value: jsonValue(field.type),
  }));
  return (text) => {
    const parts = parseComposite(text);
    const members = fields.map(({ key, value }, index) => {
      const part = parts[index];
      return `${key}:${part === null || part === undefined ? "null" : value(part)}`;
    });
    return `{${members.join(",")}}`;
  };
}
