// The results that statements of ours answer: "OK", a list of names, a table of texts, one text.
// Columns are STRING unless said otherwise.

import { type LogicalType, stringType } from "../../protocol/logical-type.ts";
import type { FixedResult, FixedValue, ResultColumn } from "./statement-result.ts";

export const booleanType: LogicalType = { type: "BOOLEAN", nullable: true };
export const bigintType: LogicalType = { type: "BIGINT", nullable: true };
export const instantType: LogicalType = {
  type: "TIMESTAMP_WITH_LOCAL_TIME_ZONE",
  nullable: true,
  precision: 6,
};
export const stringMapType: LogicalType = {
  type: "MAP",
  nullable: true,
  keyType: stringType,
  valueType: stringType,
};

/** A column of a fixed result; STRING if no type is given. */
export function column(name: string, logicalType: LogicalType = stringType): ResultColumn {
  return { name, logicalType, comment: null };
}

/** The answer of statements that have nothing to say. */
export const okResult: FixedResult = {
  kind: "fixed",
  resultKind: "SUCCESS",
  columns: [column("result")],
  rows: [["OK"]],
};

/** Rows as they are given. */
export function tableResult(
  columns: readonly ResultColumn[],
  rows: readonly (readonly FixedValue[])[],
): FixedResult {
  return { kind: "fixed", resultKind: "SUCCESS_WITH_CONTENT", columns, rows };
}

/** One column of names, sorted by code unit as Java sorts. */
export function listResult(columnName: string, names: readonly string[]): FixedResult {
  const sorted = [...names].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return tableResult(
    [column(columnName)],
    sorted.map((name) => [name]),
  );
}

/** One row, column `result`: EXPLAIN and SHOW CREATE. */
export function textResult(text: string): FixedResult {
  return tableResult([column("result")], [[text]]);
}
