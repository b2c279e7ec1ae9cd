// Rows of rowFormat=PLAIN_TEXT: every field is a JSON string as Flink's CAST to STRING prints it,
// or null. What Flink's types cannot hold is printed as PostgreSQL prints it.

import { javaFloat, paddedTime, timestampParts } from "./java-text.ts";
import { type ArrayItem, parseArray, parseBytes, parseComposite } from "./pg-literal.ts";
import type { PgType, RawRow } from "./query-result.ts";

/** Prints one value that is not NULL. */
export type PlainValue = (text: string) => string;

/** Makes the function that renders a page's rows to the text of the `data` array's elements. */
export function plainRows(types: readonly PgType[]): (rows: readonly RawRow[]) => string {
  const values = types.map(plainValue);
  return (rows) =>
    rows
      .map((row) => {
        const fields = values.map((value, index) => {
          const text = row[index];
          return text === null || text === undefined ? "null" : JSON.stringify(value(text));
        });
        return `{"kind":"INSERT","fields":[${fields.join(",")}]}`;
      })
      .join(",");
}

/** The function that prints values of one type. */
export function plainValue(type: PgType): PlainValue {
  switch (type.kind) {
    case "text":
    case "integer":
    case "numeric":
    case "date":
      return (text) => text;
    case "boolean":
      return (text) => (text === "t" ? "TRUE" : "FALSE");
    case "float":
      return javaFloat;
    case "bytes":
      return (text) => `x'${parseBytes(text).toString("hex")}'`;
    case "time":
      return (text) => (type.precision > 0 && !text.includes(".") ? `${text}.0` : text);
    case "timestamp":
      return plainTimestamp(type.precision);
    case "array":
      return plainArray(type);
    case "composite":
      return plainComposite(type);
  }
}

function plainTimestamp(precision: number): PlainValue {
  return (text) => {
    const parts = timestampParts(text);
    if (parts === null) return text;
    return `${parts.date} ${paddedTime(parts.time, precision)}${parts.era ? " BC" : ""}`;
  };
}

function plainArray(type: Extract<PgType, { kind: "array" }>): PlainValue {
  const element = plainValue(type.element);
  const render = (items: readonly ArrayItem[]): string =>
    `[${items
      .map((item) => {
        if (item === null) return "NULL";
        return typeof item === "string" ? element(item) : render(item);
      })
      .join(", ")}]`;
  return (text) => render(parseArray(text, type.delimiter));
}

function plainComposite(type: Extract<PgType, { kind: "composite" }>): PlainValue {
  const fields = type.fields.map((field) => plainValue(field.type));
  return (text) => {
    const parts = parseComposite(text);
    const printed = fields.map((value, index) => {
      const part = parts[index];
      return part === null || part === undefined ? "NULL" : value(part);
    });
    return `(${printed.join(", ")})`;
  };
}
