// SHOW statements that are a SELECT on a view of schema `sluice`: the view's columns by name, with
// their types.

import type { Queryable } from "../../../common/pg.ts";
import { ident, join, sql, type Sql, trusted } from "../../../common/sql.ts";
import type { LogicalType } from "../../../protocol/logical-type.ts";
import { column, tableResult } from "../fixed-results.ts";
import type { FixedResult, FixedValue } from "../statement-result.ts";

/** Columns of a view in the order in which they are shown. */
export type ViewColumns = Readonly<Record<string, LogicalType>>;

/**
 * Rows of a view; `conditions` are joined by AND. Arrays are shown as `a, b`, jsonb as its text.
 */
export async function selectView(
  on: Queryable,
  view: {
    readonly name: string;
    readonly columns: ViewColumns;
    readonly orderBy: string;
    /** Columns that the server turns into text, like intervals. */
    readonly asText?: readonly string[];
  },
  conditions: readonly Sql[],
  limit: number,
): Promise<FixedResult> {
  const names = Object.keys(view.columns);
  const where = join([trusted("true"), ...conditions], " AND ");
  const asText = new Set(view.asText);
  const list = join(
    names.map((name) =>
      asText.has(name) ? sql`${ident(name)}::text AS ${ident(name)}` : ident(name),
    ),
  );
  const rows = await on.query<Record<string, unknown>>(sql`
    SELECT ${list} FROM ${ident("sluice", view.name)}
    WHERE ${where} ORDER BY ${trusted(view.orderBy)} LIMIT ${limit}`);
  return tableResult(
    Object.entries(view.columns).map(([name, type]) => column(name, type)),
    rows.map((row) => names.map((name) => shown(row[name]))),
  );
}

function shown(value: unknown): FixedValue {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return value;
  }
  return Array.isArray(value) ? value.join(", ") : JSON.stringify(value);
}
