// How a stored table may follow a new query: columns are appended at the end; everything else is
// refused with Flink's sentences, one for each mismatch, or needs 'rebuild' = 'true'. Pure.

import type { Column } from "../catalog/materialized-table.ts";
import { flinkType } from "../catalog/flink-type.ts";
import { GatewayError } from "../common/gateway-error.ts";
import type { QueryColumn } from "./derive-schema.ts";
import { validation } from "./flink-text.ts";

const appendOnly =
  "When modifying the query of a materialized table, currently only support appending columns at " +
  "the end of original schema, dropping, renaming, and reordering columns are not supported.";

/**
 * The columns that are new, nullable because old rows have no value for them. Throws MT-EVOLVE-*.
 */
export function appendedColumns(
  old: readonly Column[],
  query: readonly QueryColumn[],
): readonly Column[] {
  const mismatches = old.flatMap((column, index) => {
    const now = query[index];
    return now === undefined || (now.name === column.name && now.type === column.type)
      ? []
      : [{ column, now, position: index + 1 }];
  });
  const dropped =
    `Failed to modify query because drop column is unsupported. When modifying a query, you can ` +
    "only append new columns at the end of original schema. The original schema has " +
    `${old.length} ` +
    `columns, but the newly derived schema from the query has ${query.length} columns.`;
  const sentences = mismatches.map(
    ({ column, now, position }) =>
      `${appendOnly}\nColumn mismatch at position ${position}: Original column is ` +
      `[${describeColumn(column)}], but new column is [${describeColumn(now)}].`,
  );
  if (query.length < old.length) sentences.push(dropped);
  const first = mismatches[0];
  if (first !== undefined) {
    throw new GatewayError(
      "MT-EVOLVE-MISMATCH",
      `column ${first.position} of the table is ${show(first.column)}, but of the query ` +
        `${show(first.now)}`,
      { hint: evolveHint, flink: validation(sentences.join("\n")) },
    );
  }
  if (query.length < old.length) {
    throw new GatewayError(
      "MT-EVOLVE-DROP",
      `the table has ${old.length} columns, but the query yields ${query.length}`,
      { hint: evolveHint, flink: validation(sentences.join("\n")) },
    );
  }
  return query
    .slice(old.length)
    .map(({ name, type, typeOid }) => ({ name, type, typeOid, nullable: true, comment: null }));
}

const evolveHint =
  "Columns can be appended at the end; WITH ('rebuild' = 'true') makes the table anew.";

/** The query's columns in the table's order, for a table that named them in another one. */
export function inTableOrder(
  old: readonly Column[],
  query: readonly QueryColumn[],
): readonly QueryColumn[] {
  const known = old.map((column) => query.find((candidate) => candidate.name === column.name));
  if (known.some((column) => column === undefined)) return query;
  const rest = query.filter((column) => !old.some((candidate) => candidate.name === column.name));
  return [...known.filter((column) => column !== undefined), ...rest];
}

function describeColumn(column: { name: string; type: string; nullable: boolean }): string {
  return `\`${column.name}\` ${flinkType(column.type, column.nullable)}`;
}

function show(column: { name: string; type: string }): string {
  return `"${column.name}" of type ${column.type}`;
}
