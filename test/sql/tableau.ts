// Results as text: names, a line, the rows, their number. Numbers stand right, everything else
// left.

import type { StatementAnswer } from "./rest-client.ts";

const numeric = new Set(["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "FLOAT", "DOUBLE", "DECIMAL"]);

/** One answer: `OK`, the text of a single `result` cell, or a table. */
export function printAnswer(answer: StatementAnswer, sorted: boolean): string {
  const { columns, rows, resultKind } = answer;
  if (resultKind === "SUCCESS") return String(rows[0]?.[0] ?? "");
  const only = columns.length === 1 && rows.length === 1 && columns[0]?.name === "result";
  if (only) return String(rows[0]?.[0] ?? "");
  const cells = rows.map((row) => row.map(printCell));
  if (sorted) cells.sort((a, b) => (a.join("\u0001") < b.join("\u0001") ? -1 : 1));
  return printTable(
    columns.map(({ name }) => name),
    cells,
    columns.map(({ type }) => numeric.has(type)),
  );
}

/** A table of texts; `right` says which columns stand right. */
export function printTable(
  names: readonly string[],
  cells: readonly (readonly string[])[],
  right: readonly boolean[] = [],
): string {
  const widths = names.map((name, index) =>
    Math.max(name.length, ...cells.map((row) => (row[index] ?? "").length)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, index) => {
        const width = widths[index] ?? 0;
        return right[index] === true ? cell.padStart(width) : cell.padEnd(width);
      })
      .join(" | ")
      .trimEnd();
  return [
    line(names),
    widths.map((width) => "-".repeat(width)).join("-+-"),
    ...cells.map(line),
    cells.length === 1 ? "(1 row)" : `(${cells.length} rows)`,
  ].join("\n");
}

function printCell(value: unknown): string {
  if (value === null) return "<NULL>";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.replaceAll("\n", "\\n");
}
