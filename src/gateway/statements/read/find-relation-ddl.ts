// What SHOW CREATE TABLE and SHOW CREATE VIEW need of PostgreSQL's own relations, beside their
// columns.

import type { ObjectIdentifier } from "../../../catalog/object-identifier.ts";
import type { Queryable } from "../../../common/pg.ts";
import { sql } from "../../../common/sql.ts";

export interface TableDdl {
  /** `CONSTRAINT name definition`, the key first. */
  readonly constraints: readonly { readonly name: string; readonly definition: string }[];
  /** `RANGE (ts)`; null if PostgreSQL does not partition it. */
  readonly partitionBy: string | null;
  readonly unlogged: boolean;
}

/** Constraints and partitioning of a table. */
export async function findTableDdl(on: Queryable, id: ObjectIdentifier): Promise<TableDdl> {
  const [table] = await on.query<{ partition: string | null; unlogged: boolean; oid: number }>(sql`
    SELECT c.oid::int8 AS oid, c.relpersistence = 'u' AS unlogged,
           CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END AS partition
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ${id.database} AND c.relname = ${id.name}`);
  const constraints = await on.query<{ name: string; definition: string }>(sql`
    SELECT conname AS name, pg_catalog.pg_get_constraintdef(oid, true) AS definition
    FROM pg_catalog.pg_constraint
    WHERE conrelid = ${table?.oid ?? 0}::int8::oid AND contype IN ('p', 'u', 'c', 'f', 'x')
    ORDER BY position(contype::text IN 'pucxf'), conname`);
  return {
    constraints,
    partitionBy: table?.partition ?? null,
    unlogged: table?.unlogged ?? false,
  };
}

/** The query of a view, canonical; null if there is no such view. */
export async function findViewQuery(on: Queryable, id: ObjectIdentifier): Promise<string | null> {
  const [view] = await on.query<{ query: string }>(sql`
    SELECT pg_catalog.pg_get_viewdef(c.oid, true) AS query
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ${id.database} AND c.relname = ${id.name} AND c.relkind IN ('v', 'm')`);
  return view?.query ?? null;
}
