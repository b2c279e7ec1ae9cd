// Columns of one relation, as DESCRIBE and SHOW CREATE TABLE need them.

import type { ObjectIdentifier } from "../../../catalog/object-identifier.ts";
import type { Queryable } from "../../../common/pg.ts";
import { sql } from "../../../common/sql.ts";

export interface RelationColumn {
  readonly name: string;
  /** PostgreSQL's format_type text. */
  readonly type: string;
  readonly nullable: boolean;
  readonly comment: string | null;
  /** Expression of a generated column, else null. */
  readonly generated: string | null;
  /** Expression of the default, else null. */
  readonly default: string | null;
  /** `ALWAYS` or `BY DEFAULT` for identity columns, else null. */
  readonly identity: string | null;
}

/** The columns in order; empty if there is no such relation. */
export function findColumns(on: Queryable, id: ObjectIdentifier): Promise<RelationColumn[]> {
  return on.query<RelationColumn>(sql`
    SELECT a.attname AS name,
           pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
           NOT a.attnotnull AS nullable,
           pg_catalog.col_description(a.attrelid, a.attnum) AS comment,
           CASE WHEN a.attgenerated <> '' THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) END
             AS generated,
           CASE WHEN a.attgenerated = '' THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) END
             AS default,
           CASE a.attidentity WHEN 'a' THEN 'ALWAYS' WHEN 'd' THEN 'BY DEFAULT' END AS identity
    FROM pg_catalog.pg_attribute a
    JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE n.nspname = ${id.database} AND c.relname = ${id.name}
      AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attnum`);
}

/** The columns of the primary key in its order; empty if there is none. */
export async function findPrimaryKey(on: Queryable, id: ObjectIdentifier): Promise<string[]> {
  const rows = await on.query<{ name: string }>(sql`
    SELECT a.attname AS name
    FROM pg_catalog.pg_index i
    JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
    WHERE n.nspname = ${id.database} AND c.relname = ${id.name} AND i.indisprimary
    ORDER BY k.place`);
  return rows.map((row) => row.name);
}
