// The pieces of SQL that all statements on a stored table share: its name, lists of its columns,
// the predicate of a scope. Values stand in the text as quoted literals with a cast, not as
// parameters: CREATE TABLE AS takes none.

import type { PartitionSpec, PartitionValue } from "../../catalog/partition.ts";
import { ident, join, literal, type Sql, sql, trusted } from "../../common/sql.ts";
import type { RefreshScope } from "../refresh-step.ts";

/** A column of the stored table as it is now, in the order of the row type. */
export interface LiveColumn {
  readonly name: string;
  /** format_type text, valid under an empty search_path. */
  readonly type: string;
}

/** The stored table of a refresh, as found under its locks. */
export interface LiveTable {
  readonly database: string;
  readonly name: string;
  readonly columns: readonly LiveColumn[];
  readonly partitionKeys: readonly string[];
}

/** `"schema"."table"`. */
export function nameOf(table: Pick<LiveTable, "database" | "name">): Sql {
  return ident(table.database, table.name);
}

/** `a."x", a."y"`; without alias `"x", "y"`. */
export function columnList(columns: readonly { readonly name: string }[], alias?: string): Sql {
  return join(columns.map(({ name }) => (alias ? ident(alias, name) : ident(name))));
}

/** Rows of `alias` that belong to the scope; `TRUE` for the whole table. NULL matches NULL. */
export function scopePredicate(scope: RefreshScope, table: LiveTable, alias: string): Sql {
  if (scope.kind === "whole") return trusted("TRUE");
  const keys = [...new Set(scope.specs.flatMap((spec) => Object.keys(spec)))];
  const [only] = keys;
  const values = scope.specs.map((spec) => spec[only ?? ""]);
  if (only !== undefined && keys.length === 1 && !values.includes(null)) {
    const list = join(values.map((value) => literal(value ?? "")));
    const type = typeOf(table, only);
    return sql`${column(table, alias, only)} = ANY (ARRAY[${list}]::${type}[])`;
  }
  return sql`(${join(
    scope.specs.map((spec) => specPredicate(spec, table, alias)),
    " OR ",
  )})`;
}

function specPredicate(spec: PartitionSpec, table: LiveTable, alias: string): Sql {
  const parts = Object.entries(spec).map(([key, value]) => equals(table, alias, key, value));
  return parts.length === 0 ? trusted("TRUE") : sql`(${join(parts, " AND ")})`;
}

function equals(table: LiveTable, alias: string, key: string, value: PartitionValue): Sql {
  const left = column(table, alias, key);
  if (value === null) return sql`${left} IS NULL`;
  return sql`${left} = ${literal(value)}::${typeOf(table, key)}`;
}

/**
 * The cast is for a declared type that differs from the query's; of the same type it is nothing to
 * the server.
 */
function column(table: LiveTable, alias: string, key: string): Sql {
  return sql`${ident(alias, key)}::${typeOf(table, key)}`;
}

/** The type of a column as it is stored. */
export function typeOf(table: LiveTable, key: string): Sql {
  return trusted(table.columns.find((each) => each.name === key)?.type ?? "text");
}

/** `a."k" = b."k" AND …`. */
export function sameKey(keys: readonly string[], a: string, b: string): Sql {
  return join(
    keys.map((key) => sql`${ident(a, key)} = ${ident(b, key)}`),
    " AND ",
  );
}

const hashable = new RegExp(
  "^(smallint|integer|bigint|numeric|real|double precision|boolean|date|uuid|bytea|text|jsonb" +
    '|interval|inet|character varying|time|timestamp|oid|"char"|name)\\b(?!.*\\[\\])',
);

/**
 * A hash of the row `alias` such that rows of one image have one hash. Columns of types that may
 * have no hash (json, point, types of users) are left out; the image itself is compared afterwards.
 */
export function imageHash(columns: readonly LiveColumn[], alias: string): Sql {
  const hashed = columns.filter((each) => hashable.test(each.type));
  if (hashed.length === 0) return sql`hashtextextended(${ident(alias)}::text, 0)`;
  return sql`hash_record_extended(ROW(${columnList(hashed, alias)}), 0)`;
}
