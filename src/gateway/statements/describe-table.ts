// DESCRIBE [EXTENDED] t: six columns, or seven if a column has a comment. EXTENDED adds, below the
// columns of a materialized table, what is known of its freshness: rows whose name begins with `#
// `, the value in `type`.

import type { MaterializedTable } from "../../catalog/materialized-table.ts";
import { type ObjectIdentifier, plainName } from "../../catalog/object-identifier.ts";
import { GatewayError } from "../../common/gateway-error.ts";
import type { DescribeTable } from "../../parser/ast/describe-table.ts";
import type { Executor, StatementServices } from "./executor.ts";
import { booleanType, column, tableResult } from "./fixed-results.ts";
import { findColumns, findPrimaryKey, type RelationColumn } from "./read/find-columns.ts";
import { flinkTypeName } from "./read/flink-type.ts";
import { resolveObject } from "./resolve-name.ts";
import type { FixedResult, FixedValue } from "./statement-result.ts";

export const describeTable: Executor<DescribeTable> = async (statement, { session }, services) => {
  const identifier = resolveObject(statement.name, session);
  const described = await describeRelation(identifier, services);
  if (!statement.extended || described.table === null) return columnsResult(described);
  const details = await services.tables.details(identifier);
  return columnsResult(
    described,
    details.map(({ name, value }) => [`# ${name}`, value]),
  );
};

/** What is known of a relation's columns; `table` is set for materialized tables. */
export interface DescribedRelation {
  readonly table: MaterializedTable | null;
  readonly columns: readonly RelationColumn[];
  readonly primaryKey: readonly string[];
}

/** Reads columns and key. Throws GW-OBJECT-UNKNOWN if there is no such table or view. */
export async function describeRelation(
  identifier: ObjectIdentifier,
  { catalog, database }: StatementServices,
): Promise<DescribedRelation> {
  const table = await catalog.find(database, identifier);
  const columns = await findColumns(database, identifier);
  if (columns.length === 0 && (await catalog.kindOf(database, identifier)) === null) {
    throw notFound(identifier);
  }
  const primaryKey = table?.primaryKey ?? (await findPrimaryKey(database, identifier));
  return { table, columns, primaryKey };
}

/**
 * The result of DESCRIBE and SHOW COLUMNS; `details` are name and value of rows below the columns.
 */
export function columnsResult(
  { table, columns, primaryKey }: DescribedRelation,
  details: readonly (readonly [string, string | null])[] = [],
): FixedResult {
  const commented = columns.some(({ comment }) => comment !== null);
  const key = primaryKey.length === 0 ? null : `PRI(${primaryKey.join(", ")})`;
  const declared = new Map(table?.columns.map((one) => [one.name, one.nullable]));
  const rows: FixedValue[][] = columns.map((one) => [
    one.name,
    flinkTypeName(one.type),
    declared.get(one.name) ?? one.nullable,
    primaryKey.includes(one.name) ? key : null,
    one.generated === null ? null : `AS ${one.generated}`,
    null,
    one.comment,
  ]);
  for (const [name, value] of details) rows.push([name, value, null, null, null, null, null]);
  const all = [
    column("name"),
    column("type"),
    column("null", booleanType),
    column("key"),
    column("extras"),
    column("watermark"),
    column("comment"),
  ];
  const width = commented ? 7 : 6;
  return tableResult(
    all.slice(0, width),
    rows.map((row) => row.slice(0, width)),
  );
}

function notFound(identifier: ObjectIdentifier): GatewayError {
  const name = plainName(identifier);
  return new GatewayError("GW-OBJECT-UNKNOWN", `table or view "${name}" does not exist`, {
    flink: {
      class: "org.apache.flink.table.api.ValidationException",
      text: `Tables or views with the identifier '${name}' doesn't exist.`,
    },
  });
}
