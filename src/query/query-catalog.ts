// What the server's catalog says about the relations and functions that a canonical query names,
// views opened up to what they stand on. A snapshot: whoever plans with it does so at once.

import type { SelectStmt } from "libpg-query";
import type { Database, Tx } from "../common/pg.ts";
import { sql } from "../common/sql.ts";
import { namesOf, parseQuery, walk } from "./ast.ts";
import type { QuerySource, SourceKind } from "./query-analysis.ts";

export interface CatalogColumn {
  readonly name: string;
  /** format_type text. */
  readonly type: string;
  readonly notNull: boolean;
  /** An index begins with it, as it is. */
  readonly indexed: boolean;
}

export interface CatalogRelation extends QuerySource {
  readonly columns: readonly CatalogColumn[];
  /** Canonical text of a view's definition; null for all others. */
  readonly definition: string | null;
  readonly temporary: boolean;
  /** A policy would hide rows from the current role. */
  readonly rowSecurity: boolean;
}

/** A function by the name under which canonical text calls it (unqualified: PostgreSQL's own). */
export interface CatalogFunction {
  readonly name: string;
  /** The most volatile of all functions of the name. */
  readonly volatility: "immutable" | "stable" | "volatile";
  readonly kind: "function" | "aggregate" | "window";
  readonly user: boolean;
  readonly returnsSet: boolean;
}

export interface QueryCatalog {
  readonly relations: readonly CatalogRelation[];
  readonly functions: readonly CatalogFunction[];
}

/** Carries a value out of a savepoint that must not last. */
class Undone extends Error {
  override readonly name = "Undone";
  readonly value: unknown;
  constructor(value: unknown) {
    super("undone on purpose");
    this.value = value;
  }
}

/**
 * Runs `body` in a transaction or savepoint that is always rolled back, settings included; gives
 * its value.
 */
export async function undone<T>(db: Database | Tx, body: (tx: Tx) => Promise<T>): Promise<T> {
  const leave = async (tx: Tx): Promise<never> => {
    throw new Undone(await body(tx));
  };
  try {
    return await ("transaction" in db
      ? db.transaction(leave)
      : db.savepoint(async () => leave(db)));
  } catch (error) {
    if (error instanceof Undone) return error.value as T;
    throw error;
  }
}

/** Loads the snapshot for a canonical query; the search_path of the transaction is empty. */
export async function loadQueryCatalog(tx: Tx, expandedQuery: string): Promise<QueryCatalog> {
  const select = await selectOf(expandedQuery);
  const named = relationNames(select);
  const rows = await tx.query<RelationRow>(relationsStatement(named));
  const relations = rows.map((row) => toRelation(row, named));
  const calls = functionNames(select);
  for (const { definition } of relations) {
    if (definition !== null) {
      for (const name of functionNames(await selectOf(definition))) calls.add(name);
    }
  }
  const functions = await tx.query<CatalogFunction>(functionsStatement([...calls]));
  return { relations, functions };
}

async function selectOf(text: string): Promise<SelectStmt | null> {
  const parsed = await parseQuery(text);
  return "select" in parsed ? parsed.select : null;
}

/** `schema.name` of the relations in a query's own text; names of CTEs are left out. */
function relationNames(select: SelectStmt | null): Set<string> {
  const ctes = new Set<string>();
  walk({ SelectStmt: select }, (kind, fields) => {
    if (kind === "CommonTableExpr") ctes.add(String(fields["ctename"]));
  });
  const names = new Set<string>();
  walk({ SelectStmt: select }, (kind, fields) => {
    if (kind !== "RangeVar") return;
    const name = String(fields["relname"]);
    if (fields["schemaname"] !== undefined) names.add(`${String(fields["schemaname"])}\0${name}`);
    else if (!ctes.has(name)) names.add(`pg_catalog\0${name}`);
  });
  return names;
}

/**
 * Functions that a query calls, by name or through an operator outside pg_catalog
 * (`schema.operator`).
 */
function functionNames(select: SelectStmt | null): Set<string> {
  const names = new Set<string>();
  walk({ SelectStmt: select }, (kind, fields) => {
    if (kind !== "FuncCall" && kind !== "A_Expr") return;
    const list = kind === "FuncCall" ? fields["funcname"] : fields["name"];
    const parts = namesOf(list as Parameters<typeof namesOf>[0]);
    if (!parts || (kind === "A_Expr" && parts.length < 2)) return;
    names.add(functionName(parts));
  });
  return names;
}

/**
 * The name by which the catalog snapshot lists a function: `schema.name`, PostgreSQL's own without
 * schema.
 */
export function functionName(parts: readonly string[]): string {
  return parts[0] === "pg_catalog" && parts.length > 1 ? parts.slice(1).join(".") : parts.join(".");
}

interface RelationRow {
  readonly schema: string;
  readonly name: string;
  readonly oid: number;
  readonly relkind: string;
  readonly temporary: boolean;
  readonly row_security: boolean;
  readonly definition: string | null;
  readonly columns: readonly CatalogColumn[] | null;
}

function relationsStatement(named: ReadonlySet<string>) {
  const pairs = [...named].map((name) => name.split("\0"));
  const schemas = pairs.map((pair) => pair[0]);
  const names = pairs.map((pair) => pair[1]);
  return sql`
    WITH RECURSIVE found(oid) AS (
      SELECT c.oid
      FROM unnest(${schemas}::text[], ${names}::text[]) AS wanted(schema, name)
      JOIN pg_namespace n
        ON n.nspname = wanted.schema
        -- Temporary relations are in sight even under an empty path, and so have no schema in the
        -- text.
        OR (wanted.schema = 'pg_catalog' AND n.oid = pg_my_temp_schema())
      JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = wanted.name
      UNION
      SELECT d.refobjid
      FROM found
      JOIN pg_class v ON v.oid = found.oid AND v.relkind = 'v'
      JOIN pg_rewrite r ON r.ev_class = v.oid
      JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
      WHERE d.refclassid = 'pg_class'::regclass AND d.deptype = 'n' AND d.refobjid <> v.oid)
    SELECT n.nspname AS schema, c.relname AS name, c.oid::int8 AS oid, c.relkind,
      c.relpersistence = 't' AS temporary, row_security_active(c.oid) AS row_security,
      CASE WHEN c.relkind = 'v' THEN pg_get_viewdef(c.oid) END AS definition,
      (SELECT jsonb_agg(jsonb_build_object(
          'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
          'notNull', a.attnotnull AND NOT EXISTS (SELECT FROM pg_constraint k
            WHERE k.conrelid = c.oid AND k.contype = 'n' AND NOT k.convalidated
              AND k.conkey[1] = a.attnum),
          'indexed', EXISTS (SELECT FROM pg_index i
            WHERE i.indrelid = c.oid AND i.indisvalid AND i.indpred IS NULL
              AND i.indkey[0] = a.attnum)) ORDER BY a.attnum)
        FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
    FROM found JOIN pg_class c USING (oid) JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    ORDER BY c.oid`;
}

const kinds: Readonly<Record<string, SourceKind>> = {
  r: "table",
  p: "partitioned",
  v: "view",
  m: "matview",
  f: "foreign",
  S: "sequence",
};

function toRelation(row: RelationRow, named: ReadonlySet<string>): CatalogRelation {
  return {
    schema: row.schema,
    name: row.name,
    oid: row.oid,
    kind: kinds[row.relkind] ?? "table",
    throughView: !named.has(`${row.schema}\0${row.name}`) && !row.temporary,
    columns: row.columns ?? [],
    definition: row.definition,
    temporary: row.temporary,
    rowSecurity: row.row_security,
  };
}

function functionsStatement(names: readonly string[]) {
  const parts = names.map((name) => {
    const dot = name.indexOf(".");
    return dot < 0 ? ["pg_catalog", name] : [name.slice(0, dot), name.slice(dot + 1)];
  });
  const schemas = parts.map((part) => part[0]);
  const bare = parts.map((part) => part[1]);
  return sql`
    WITH wanted AS (
      SELECT w.name, w.bare, n.oid AS namespace, n.nspname <> 'pg_catalog' AS is_user
      FROM unnest(${names}::text[], ${schemas}::text[], ${bare}::text[]) AS w(name, schema, bare)
      JOIN pg_namespace n ON n.nspname = w.schema),
    called AS (
      SELECT w.name, w.is_user, p.oid FROM wanted w
      JOIN pg_proc p ON p.proname = w.bare AND p.pronamespace = w.namespace
      UNION ALL
      SELECT w.name, w.is_user, o.oprcode FROM wanted w
      JOIN pg_operator o ON o.oprname = w.bare AND o.oprnamespace = w.namespace AND w.is_user)
    SELECT name,
      CASE WHEN bool_or(provolatile = 'v') THEN 'volatile'
           WHEN bool_or(provolatile = 's') THEN 'stable' ELSE 'immutable' END AS volatility,
      CASE min(prokind::text) WHEN 'a' THEN 'aggregate' WHEN 'w' THEN 'window'
           ELSE 'function' END AS kind,
      bool_or(is_user) AS "user", bool_or(proretset) AS "returnsSet"
    FROM called JOIN pg_proc p USING (oid) GROUP BY name ORDER BY name`;
}
