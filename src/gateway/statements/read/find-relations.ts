// Relations of one schema, by kind.

import type { Queryable } from "../../../common/pg.ts";
import { sql } from "../../../common/sql.ts";

/**
 * pg_class.relkind of everything SHOW TABLES lists: tables, partitioned and foreign ones, views.
 */
export const tableKinds = ["r", "p", "f", "v", "m"] as const;
export const viewKinds = ["v", "m"] as const;

/** Names of the relations of those kinds, unsorted. */
export async function findRelations(
  on: Queryable,
  database: string,
  kinds: readonly string[],
): Promise<string[]> {
  const rows = await on.query<{ name: string }>(sql`
    SELECT c.relname AS name
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ${database} AND c.relkind::text = ANY (${[...kinds]}::text[])`);
  return rows.map((row) => row.name);
}

/** Names of the child tables of a partitioned table of PostgreSQL's, unsorted. */
export async function findChildTables(
  on: Queryable,
  database: string,
  name: string,
): Promise<string[]> {
  const rows = await on.query<{ name: string }>(sql`
    SELECT child.relname AS name
    FROM pg_catalog.pg_inherits i
    JOIN pg_catalog.pg_class child ON child.oid = i.inhrelid
    JOIN pg_catalog.pg_class parent ON parent.oid = i.inhparent AND parent.relkind = 'p'
    JOIN pg_catalog.pg_namespace n ON n.oid = parent.relnamespace
    WHERE n.nspname = ${database} AND parent.relname = ${name}`);
  return rows.map((row) => row.name);
}
