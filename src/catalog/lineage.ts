// Lineage as a graph, from the view sluice.lineage: from a table or a column up to what feeds it,
// or down to what it feeds, through any number of steps. Tables of the user's that nothing of ours
// fills are its sources.

import { GatewayError } from "../common/gateway-error.ts";
import type { Queryable } from "../common/pg.ts";
import { type Sql, sql, trusted } from "../common/sql.ts";

/** From the plain column to what condenses many rows; the strongest step of a way counts. */
export const lineageSteps = ["IDENTITY", "EXPRESSION", "AGGREGATION"] as const;
export type LineageStep = (typeof lineageSteps)[number];

export interface LineageRequest {
  readonly database: string;
  /** Null: every direct edge there is, of any database. */
  readonly name: string | null;
  /** Null: the relation as a whole (kind `table`), or each of its columns. */
  readonly column: string | null;
  readonly direction: "upstream" | "downstream" | "both";
  readonly kind: "table" | "column";
  /** Most steps, 1 or more. */
  readonly depth: number;
}

export interface LineageEnd {
  readonly database: string;
  readonly name: string;
  /** Null in edges of tables. */
  readonly column: string | null;
}

export interface LineageEdge {
  readonly kind: "table" | "column";
  readonly from: LineageEnd;
  readonly to: LineageEnd;
  /** Null in edges of tables. */
  readonly transformation: LineageStep | null;
}

export interface LineageNode extends LineageEnd {
  readonly materialized: boolean;
  /** Fewest steps from where it was asked for; 0 for that itself. */
  readonly depth: number;
}

export interface LineageGap extends LineageEnd {
  readonly column: string;
  readonly reason: string;
}

export interface Lineage {
  readonly nodes: LineageNode[];
  readonly edges: LineageEdge[];
  /** Columns of the nodes whose origin could not be followed. */
  readonly unresolved: LineageGap[];
}

interface EdgeRow {
  readonly depth: number;
  readonly database: string;
  readonly name: string;
  readonly column_name: string | null;
  readonly source_database: string;
  readonly source_name: string;
  readonly source_column: string | null;
  readonly transformation: LineageStep | null;
  readonly is_materialized: boolean;
}

/** Throws GW-OBJECT-UNKNOWN if there is no such relation or column. */
export async function loadLineage(on: Queryable, request: LineageRequest): Promise<Lineage> {
  const { name, database, column, direction } = request;
  if (name !== null) await requireThere(on, request);
  const found: EdgeRow[] = [];
  if (name === null) found.push(...(await on.query<EdgeRow>(allEdges(request))));
  else {
    if (direction !== "downstream") found.push(...(await on.query<EdgeRow>(upstream(request))));
    if (direction !== "upstream") found.push(...(await on.query<EdgeRow>(downstream(request))));
  }
  const nodes = new Map<string, LineageNode>();
  const edges = new Map<string, LineageEdge>();
  const start = name === null ? [] : await startNodes(on, { ...request, name });
  for (const node of start) addNode(nodes, node);
  for (const row of found) addEdge(nodes, edges, row, request);
  const names = [...nodes.values()];
  return {
    nodes: names.sort((a, b) => a.depth - b.depth || (keyOf(a) < keyOf(b) ? -1 : 1)),
    edges: [...edges.values()],
    unresolved: await loadGaps(on, names, name === null ? null : { database, name, column }),
  };
}

const edgeColumns = trusted(`e.database, e.name, e.column_name, e.source_database, e.source_name,
  e.source_column, e.transformation, e.source_is_materialized_table AS is_materialized`);

function allEdges({ kind }: LineageRequest): Sql {
  return sql`
    SELECT 1 AS depth, ${edgeColumns} FROM sluice.lineage e WHERE e.kind = ${kind}
    ORDER BY e.database, e.name, e.column_name, e.source_database, e.source_name, e.source_column`;
}

/** Breadth first. CREATE refuses circles; the depth would end one too. */
function upstream({ database, name, column, kind, depth }: LineageRequest): Sql {
  return sql`
    WITH RECURSIVE edge AS MATERIALIZED (SELECT * FROM sluice.lineage WHERE kind = ${kind}),
    walk AS (
      SELECT 1 AS depth, e.* FROM edge e
      WHERE e.database = ${database} AND e.name = ${name}
        AND (${column}::text IS NULL OR e.column_name = ${column})
      UNION
      SELECT w.depth + 1, e.* FROM walk w JOIN edge e
        ON e.database = w.source_database AND e.name = w.source_name
       AND e.column_name IS NOT DISTINCT FROM w.source_column
      WHERE w.depth < ${depth}::integer)
    SELECT min(e.depth) AS depth, ${edgeColumns} FROM walk e GROUP BY 2, 3, 4, 5, 6, 7, 8, 9
    ORDER BY 1, 2, 3, 4, 5, 6, 7`;
}

function downstream({ database, name, column, kind, depth }: LineageRequest): Sql {
  return sql`
    WITH RECURSIVE edge AS MATERIALIZED (SELECT * FROM sluice.lineage WHERE kind = ${kind}),
    walk AS (
      SELECT 1 AS depth, e.* FROM edge e
      WHERE e.source_database = ${database} AND e.source_name = ${name}
        AND (${column}::text IS NULL OR e.source_column = ${column})
      UNION
      SELECT w.depth + 1, e.* FROM walk w JOIN edge e
        ON e.source_database = w.database AND e.source_name = w.name
       AND e.source_column IS NOT DISTINCT FROM w.column_name
      WHERE w.depth < ${depth}::integer)
    SELECT -min(e.depth) AS depth, ${edgeColumns} FROM walk e GROUP BY 2, 3, 4, 5, 6, 7, 8, 9
    ORDER BY 1 DESC, 2, 3, 4, 5, 6, 7`;
}

async function requireThere(on: Queryable, { database, name, column }: LineageRequest) {
  const rows = await on.query<{ has: boolean }>(sql`
    SELECT ${column}::text IS NULL OR EXISTS (
        SELECT FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = c.oid AND a.attname = ${column} AND NOT a.attisdropped) AS has
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ${database} AND c.relname = ${name}`);
  if (rows[0]?.has === true) return;
  const called = `${database}.${name}${column === null || rows.length === 0 ? "" : `.${column}`}`;
  const what = rows.length === 0 ? "relation" : "column";
  throw new GatewayError("GW-OBJECT-UNKNOWN", `${what} "${called}" does not exist`);
}

/** What was asked for is a node even without edges. */
async function startNodes(
  on: Queryable,
  { database, name, column, kind }: LineageRequest,
): Promise<LineageNode[]> {
  if (kind === "column" && column === null) return [];
  const rows = await on.query(sql`
    SELECT FROM sluice.materialized_tables WHERE database = ${database} AND name = ${name}`);
  return [{ database, name: name ?? "", column, materialized: rows.length > 0, depth: 0 }];
}

/** Depths of rows below zero count downwards from the start. */
function addEdge(
  nodes: Map<string, LineageNode>,
  edges: Map<string, LineageEdge>,
  row: EdgeRow,
  { name, kind }: LineageRequest,
): void {
  const to = { database: row.database, name: row.name, column: row.column_name };
  const { source_database, source_name, source_column, transformation } = row;
  const from = { database: source_database, name: source_name, column: source_column };
  edges.set(`${keyOf(from)} ${keyOf(to)}`, { kind, from, to, transformation });
  const steps = Math.abs(row.depth);
  const isUp = row.depth > 0;
  const near = name === null ? 0 : steps - 1;
  const far = name === null ? 0 : steps;
  addNode(nodes, { ...from, materialized: row.is_materialized, depth: isUp ? far : near });
  addNode(nodes, { ...to, materialized: true, depth: isUp ? near : far });
}

function addNode(nodes: Map<string, LineageNode>, node: LineageNode): void {
  const known = nodes.get(keyOf(node));
  if (known === undefined || known.depth > node.depth) nodes.set(keyOf(node), node);
}

function keyOf({ database, name, column }: LineageEnd): string {
  return JSON.stringify([database, name, column]);
}

async function loadGaps(
  on: Queryable,
  nodes: readonly LineageNode[],
  start: LineageEnd | null,
): Promise<LineageGap[]> {
  const wanted = start === null ? nodes : [...nodes, start];
  const rows = await on.query<{
    database: string;
    name: string;
    column_name: string;
    reason: string;
  }>(sql`
    SELECT DISTINCT g.database, g.name, g.column_name, g.reason
    FROM sluice.lineage_gaps g
    JOIN pg_catalog.jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb)
      AS w (database text, name text, "column" text)
      ON w.database = g.database AND w.name = g.name
     AND (w."column" IS NULL OR w."column" = g.column_name)
    ORDER BY 1, 2, 3`);
  return rows.map(({ column_name, ...row }) => ({ ...row, column: column_name }));
}
