// The catalog as PostgreSQL keeps it: sluice_private.materialized_tables and table_sources. The
// parts of a definition that statements look up by are columns, the rest is one JSON value.

import type { TableId, WorkflowId } from "../common/ids.ts";
import { asId } from "../common/ids.ts";
import { present } from "../common/assert.ts";
import { databaseClock, type Queryable, type Tx } from "../common/pg.ts";
import { sql, type Sql, trusted } from "../common/sql.ts";
import type { Instant } from "../common/time.ts";
import type { Catalog, Dependent, NameFilter, ObjectKind, Source } from "./catalog.ts";
import type { MaterializedTable } from "./materialized-table.ts";
import type { ObjectIdentifier } from "./object-identifier.ts";
import type { RefreshStatus } from "./refresh-mode.ts";

/** Members of a table that are stored together as JSON. */
type Definition = Pick<
  MaterializedTable,
  | "columns"
  | "primaryKey"
  | "primaryKeyName"
  | "partitionKeys"
  | "partitionTimes"
  | "options"
  | "definedFreshness"
  | "freshness"
  | "requestedMode"
  | "refreshMode"
  | "modeReason"
  | "startMode"
  | "strict"
>;

interface TableRow {
  readonly table_id: string;
  readonly database: string;
  readonly name: string;
  readonly status: RefreshStatus;
  readonly original_query: string;
  readonly expanded_query: string;
  readonly definition: Definition;
  readonly comment: string | null;
  readonly time_zone: string;
  readonly version: number;
  readonly workflow_id: string;
  readonly created_at: Instant;
}

const tableColumns: Sql = trusted(
  "table_id, database, name, status, original_query, expanded_query, definition, comment, " +
    "time_zone, version, workflow_id, created_at",
);

/** Kinds of pg_class, without those that have no name of their own in this sense. */
const kindsOfRelation: Readonly<Record<string, ObjectKind>> = {
  r: "table",
  p: "table",
  v: "view",
  m: "materialized view",
  f: "foreign table",
  S: "sequence",
  i: "index",
  I: "index",
  c: "type",
};

export class PgCatalog implements Catalog {
  readonly catalogName: string;

  /** `catalogName`: name of the connected database. */
  constructor(catalogName: string) {
    this.catalogName = catalogName;
  }

  async find(on: Queryable, identifier: ObjectIdentifier): Promise<MaterializedTable | null> {
    if (identifier.catalog !== this.catalogName) return null;
    const { database, name } = identifier;
    return this.#one(on, sql`database = ${database} AND name = ${name}`);
  }

  findById(on: Queryable, id: TableId): Promise<MaterializedTable | null> {
    return this.#one(on, sql`table_id = ${id}`);
  }

  lockById(tx: Tx, id: TableId): Promise<MaterializedTable | null> {
    return this.#one(tx, sql`table_id = ${id} FOR UPDATE`);
  }

  async kindOf(on: Queryable, { database, name }: ObjectIdentifier): Promise<ObjectKind | null> {
    const rows = await on.query<{ kind: string; ours: boolean }>(sql`
      SELECT c.relkind AS kind, EXISTS (
               SELECT FROM sluice_private.materialized_tables t
               WHERE t.database = ${database} AND t.name = ${name}) AS ours
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ${database} AND c.relname = ${name}`);
    const row = rows[0];
    if (row === undefined) return null;
    return row.ours ? "materialized table" : (kindsOfRelation[row.kind] ?? "table");
  }

  async databaseExists(on: Queryable, database: string): Promise<boolean> {
    const rows = await on.query(
      sql`SELECT FROM pg_catalog.pg_namespace WHERE nspname = ${database}`,
    );
    return rows.length > 0;
  }

  async list(
    on: Queryable,
    database: string,
    filter: NameFilter | null,
  ): Promise<readonly string[]> {
    const rows = await on.query<{ name: string }>(sql`
      SELECT name FROM sluice_private.materialized_tables
      WHERE database = ${database} AND ${matches(filter)}
      ORDER BY name COLLATE "C"`);
    return rows.map((row) => row.name);
  }

  complete(
    on: Queryable,
    prefix: string,
    limit: number,
  ): Promise<readonly { readonly database: string; readonly name: string }[]> {
    return on.query(sql`
      SELECT database, name FROM sluice_private.materialized_tables
      WHERE pg_catalog.starts_with(name, ${prefix})
      ORDER BY name COLLATE "C", database COLLATE "C" LIMIT ${limit}`);
  }

  async sources(on: Queryable, id: TableId): Promise<readonly Source[]> {
    const rows = await on.query<{
      database: string;
      name: string;
      oid: number;
      table_id: string | null;
    }>(sql`
      SELECT source_schema AS database, source_name AS name, source_oid AS oid,
             source_table_id AS table_id
      FROM sluice_private.table_sources WHERE table_id = ${id}
      ORDER BY source_schema COLLATE "C", source_name COLLATE "C"`);
    return rows.map(({ table_id, ...row }) => ({ ...row, tableId: tableIdOf(table_id) }));
  }

  async dependents(on: Queryable, id: TableId): Promise<readonly Dependent[]> {
    const rows = await on.query<{
      kind: Dependent["kind"];
      database: string;
      name: string;
      table_id: string | null;
    }>(sql`
      SELECT 'materialized table' AS kind, t.database, t.name, t.table_id
      FROM sluice_private.table_sources s JOIN sluice_private.materialized_tables t USING (table_id)
      WHERE s.source_table_id = ${id}
      UNION
      SELECT CASE v.relkind WHEN 'm' THEN 'materialized view' ELSE 'view' END,
             n.nspname, v.relname, NULL
      FROM sluice_private.materialized_tables t
      JOIN pg_catalog.pg_depend d
        ON d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = ${relation}
       AND d.classid = 'pg_catalog.pg_rewrite'::regclass
      JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid
      JOIN pg_catalog.pg_class v ON v.oid = r.ev_class
      JOIN pg_catalog.pg_namespace n ON n.oid = v.relnamespace
      WHERE t.table_id = ${id}
      ORDER BY 2, 3`);
    return rows.map(({ table_id, ...row }) => ({ ...row, tableId: tableIdOf(table_id) }));
  }

  async versionOf(on: Queryable, id: TableId): Promise<number | null> {
    const rows = await on.query<{ version: number }>(
      sql`SELECT version FROM sluice_private.materialized_tables WHERE table_id = ${id}`,
    );
    return rows[0]?.version ?? null;
  }

  async relationOf(on: Queryable, id: TableId): Promise<number | null> {
    const rows = await on.query<{ oid: number | null }>(sql`
      SELECT ${relation} AS oid FROM sluice_private.materialized_tables t WHERE table_id = ${id}`);
    return rows[0]?.oid ?? null;
  }

  async insert(
    tx: Tx,
    table: MaterializedTable,
    oid: number,
    sources: readonly Source[],
  ): Promise<void> {
    await tx.execute(sql`
      INSERT INTO sluice_private.materialized_tables
        (table_id, database, name, relation, status, original_query, expanded_query, definition,
         comment, time_zone, version, workflow_id, created_at, altered_at)
      SELECT ${table.id}, ${table.identifier.database}, ${table.identifier.name}, ${oid}::oid,
             ${table.status}, ${table.originalQuery}, ${table.expandedQuery},
             ${definitionOf(table)}::jsonb, ${table.comment}, ${table.timeZone},
             ${table.version}::integer, ${table.workflowId},
             pg_catalog.to_timestamp(${table.createdAt}::double precision / 1000),
             ${databaseClock}`);
    await this.replaceSources(tx, table.id, sources);
  }

  async update(tx: Tx, table: MaterializedTable): Promise<void> {
    const { database, name } = table.identifier;
    const count = await tx.execute(sql`
      UPDATE sluice_private.materialized_tables
      SET database = ${database}, name = ${name}, status = ${table.status},
          original_query = ${table.originalQuery}, expanded_query = ${table.expandedQuery},
          definition = ${definitionOf(table)}::jsonb, comment = ${table.comment},
          time_zone = ${table.timeZone}, version = ${table.version}::integer,
          altered_at = ${databaseClock}
      WHERE table_id = ${table.id}`);
    present(count || null, `table ${table.id} is there while it is altered`);
  }

  async replaceSources(tx: Tx, id: TableId, sources: readonly Source[]): Promise<void> {
    await tx.execute(sql`DELETE FROM sluice_private.table_sources WHERE table_id = ${id}`);
    if (sources.length === 0) return;
    await tx.execute(sql`
      INSERT INTO sluice_private.table_sources
        (table_id, source_schema, source_name, source_oid, source_table_id)
      SELECT ${id}, s.database, s.name, s.oid, s."tableId"
      FROM pg_catalog.jsonb_to_recordset(${JSON.stringify(sources)}::jsonb)
        AS s (database text, name text, oid oid, "tableId" text)`);
  }

  async replaceRelation(tx: Tx, id: TableId, oid: number): Promise<void> {
    await tx.execute(sql`
      UPDATE sluice_private.materialized_tables SET relation = ${oid}::oid WHERE table_id = ${id}`);
    await tx.execute(sql`
      UPDATE sluice_private.table_sources SET source_oid = ${oid}::oid
      WHERE source_table_id = ${id}`);
  }

  async remove(tx: Tx, id: TableId): Promise<void> {
    await tx.execute(sql`DELETE FROM sluice_private.cells WHERE table_id = ${id}`);
    await tx.execute(sql`DELETE FROM sluice_private.cell_marks WHERE table_id = ${id}`);
    await tx.execute(sql`DELETE FROM sluice_private.materialized_tables WHERE table_id = ${id}`);
  }

  async #one(on: Queryable, condition: Sql): Promise<MaterializedTable | null> {
    const rows = await on.query<TableRow>(sql`
      SELECT ${tableColumns} FROM sluice_private.materialized_tables WHERE ${condition}`);
    const row = rows[0];
    return row === undefined ? null : this.#tableOf(row);
  }

  #tableOf(row: TableRow): MaterializedTable {
    return {
      ...row.definition,
      id: asId<TableId>(row.table_id),
      identifier: { catalog: this.catalogName, database: row.database, name: row.name },
      originalQuery: row.original_query,
      expandedQuery: row.expanded_query,
      comment: row.comment,
      status: row.status,
      timeZone: row.time_zone,
      version: row.version,
      workflowId: asId<WorkflowId>(row.workflow_id),
      createdAt: row.created_at,
    };
  }
}

/**
 * The stored table by its name; a name survives what an OID does not (restore of a dump, a swap).
 */
const relation: Sql = trusted(
  "pg_catalog.to_regclass(pg_catalog.format('%I.%I', t.database, t.name))::oid",
);

function definitionOf(table: MaterializedTable): string {
  const definition: Definition = {
    columns: table.columns,
    primaryKey: table.primaryKey,
    primaryKeyName: table.primaryKeyName,
    partitionKeys: table.partitionKeys,
    partitionTimes: table.partitionTimes,
    options: table.options,
    definedFreshness: table.definedFreshness,
    freshness: table.freshness,
    requestedMode: table.requestedMode,
    refreshMode: table.refreshMode,
    modeReason: table.modeReason,
    startMode: table.startMode,
    strict: table.strict,
  };
  return JSON.stringify(definition);
}

function matches(filter: NameFilter | null): Sql {
  if (filter === null) return trusted("true");
  const operator = trusted(
    `${filter.negated ? "NOT " : ""}${filter.caseInsensitive ? "ILIKE" : "LIKE"}`,
  );
  return sql`name ${operator} ${filter.pattern}`;
}

function tableIdOf(text: string | null): TableId | null {
  return text === null ? null : asId<TableId>(text);
}
