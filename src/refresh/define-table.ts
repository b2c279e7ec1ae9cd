// What a CREATE declares, resolved against server, catalog and settings: everything a table needs
// but its id, and nothing written. The order of the checks is Flink's: query, columns, partition
// keys, options, mode and freshness.

import type { Source } from "../catalog/catalog.ts";
import type { MaterializedTable } from "../catalog/materialized-table.ts";
import { plainName, type ObjectIdentifier } from "../catalog/object-identifier.ts";
import type { TableId } from "../common/ids.ts";
import { GatewayError } from "../common/gateway-error.ts";
import { databaseClock, type Queryable } from "../common/pg.ts";
import { quoteIdent, sql } from "../common/sql.ts";
import type { Instant } from "../common/time.ts";
import { describeQuery, type QueryDescription } from "../query/describe.ts";
import type { QueryAnalysis, QuerySource } from "../query/query-analysis.ts";
import { type ColumnList, deriveSchema, type ResolvedColumn } from "./derive-schema.ts";
import { checkPartitionKeys, partitionTimes } from "./partition-times.ts";
import { resolveFreshness } from "./resolve-freshness.ts";
import { resolveMode } from "./resolve-mode.ts";
import { resolveStartMode } from "./resolve-start-mode.ts";
import { checkTableOptions, isOn, type TableOptions } from "./table-options.ts";
import { checkParents } from "./parents.ts";
import type { CreateTable, DeclaredColumn, DefinitionContext } from "./table-requests.ts";
import type { TableServices } from "./table-services.ts";
import { findZone } from "./zone.ts";

/** The part of a table that the statement decides. */
export type Declaration = Omit<
  MaterializedTable,
  "id" | "workflowId" | "createdAt" | "version" | "status"
>;

export interface DefinedTable {
  readonly declaration: Declaration;
  readonly analysis: QueryAnalysis;
  readonly sources: readonly Source[];
  /** Options of this statement alone. */
  readonly statement: TableOptions;
  readonly warnings: readonly string[];
  /** The database's clock when the statement was resolved. */
  readonly now: Instant;
}

/** Resolves a CREATE or CREATE OR ALTER. Reads only. Throws GatewayError. */
export async function defineTable(
  services: TableServices,
  request: CreateTable,
  statement: "create" | "createOrAlter",
): Promise<DefinedTable> {
  const { identifier, context } = request;
  await checkDatabase(services, identifier);
  checkTimeZone(context);
  const options = checkTableOptions(request.options, statement, request.partitionKeys);
  const strict =
    "flink-strict" in options.stored
      ? isOn(options.stored, "flink-strict")
      : services.settings.strict;
  const description = await describe(services, identifier, context, request.query);
  const list = await resolveList(services, request, description, context);
  const schema = deriveSchema(description.columns, list, request.primaryKey, strict);
  checkPartitionKeys(request.partitionKeys, description.columns);
  const times = partitionTimes(
    request.partitionKeys,
    schema.columns,
    options.stored,
    new Map(description.analysis.columns.map((column) => [column.name, column.time])),
  );
  const now = await readClock(services.database);
  const freshness = request.freshness === null ? null : resolveFreshness(request.freshness, strict);
  const mode = resolveMode(request.mode, freshness, services.settings, strict);
  await checkCondition(services, identifier, options.stored, context.timeZone);
  const sources = await resolveSources(services.database, description.sources);
  const parents = await checkParents(services, { sources, freshness: mode.freshness, strict });
  const start = request.startMode ?? {
    kind: services.settings.defaultStartMode,
    interval: null,
    timestamp: null,
  };
  return {
    declaration: {
      identifier,
      originalQuery: request.query,
      expandedQuery: description.expandedQuery,
      ...schema,
      partitionKeys: request.partitionKeys,
      partitionTimes: times,
      options: options.stored,
      comment: request.comment,
      ...mode,
      startMode: resolveStartMode(start, now, context.timeZone),
      strict,
      timeZone: context.timeZone,
    },
    analysis: description.analysis,
    sources,
    statement: options.statement,
    warnings: [
      ...options.warnings,
      ...parents,
      ...description.analysis.notes.map((note) => note.message),
    ],
    now,
  };
}

/** Describes the text after AS as the query of `identifier`. */
export function describe(
  services: TableServices,
  identifier: ObjectIdentifier,
  context: DefinitionContext,
  query: string,
): Promise<QueryDescription> {
  return describeQuery(services.database, {
    query,
    searchPath: context.searchPath,
    timeZone: context.timeZone,
    self: { database: identifier.database, name: identifier.name },
  });
}

/**
 * 'refresh.condition' must be one query, with names as the table's database knows them. Throws
 * MT-OPTION-VALUE.
 */
export async function checkCondition(
  { database }: Pick<TableServices, "database">,
  identifier: ObjectIdentifier,
  options: TableOptions,
  timeZone: string,
): Promise<void> {
  const query = options["refresh.condition"];
  if (query === undefined) return;
  try {
    await describeQuery(database, { query, searchPath: [identifier.database], timeZone });
  } catch (cause) {
    if (!(cause instanceof GatewayError)) throw cause;
    throw new GatewayError(
      "MT-OPTION-VALUE",
      `'refresh.condition' cannot be used: ${cause.message}`,
      {
        detail: "Expected one query; names are looked up in the database of the table.",
        cause,
      },
    );
  }
}

/** The database's clock, now. */
export async function readClock(on: Queryable): Promise<Instant> {
  const rows = await on.query<{ now: Instant }>(sql`SELECT ${databaseClock} AS now`);
  const row = rows[0];
  if (row === undefined) throw new GatewayError("GW-INTERNAL", "the database's clock has no row");
  return row.now;
}

/** Sources with the id of those that are materialized tables of ours. */
export async function resolveSources(
  on: Queryable,
  sources: readonly QuerySource[],
): Promise<readonly Source[]> {
  const rows = await on.query<{ table_id: TableId; database: string; name: string }>(sql`
    SELECT t.table_id, t.database, t.name
    FROM sluice_private.materialized_tables t
    JOIN pg_catalog.jsonb_to_recordset(${JSON.stringify(sources)}::jsonb)
      AS s (schema text, name text) ON s.schema = t.database AND s.name = t.name`);
  return sources.map(({ schema, name, oid }) => {
    const table = rows.find((row) => row.database === schema && row.name === name);
    return { database: schema, name, oid, tableId: table?.table_id ?? null };
  });
}

async function checkDatabase(
  { catalog, database }: TableServices,
  identifier: ObjectIdentifier,
): Promise<void> {
  if (identifier.catalog !== catalog.catalogName) {
    throw new GatewayError("MT-CATALOG", `catalog "${identifier.catalog}" does not exist`, {
      detail: `The connected database is "${catalog.catalogName}".`,
    });
  }
  if (await catalog.databaseExists(database, identifier.database)) return;
  throw new GatewayError(
    "MT-DATABASE-NOTFOUND",
    `database "${identifier.database}" does not exist`,
    {
      hint: `CREATE DATABASE ${identifier.database} makes it.`,
      flink: {
        class: "org.apache.flink.table.api.ValidationException",
        text: `Could not execute CreateTable in path ${plainName(identifier)}`,
      },
    },
  );
}

function checkTimeZone(context: DefinitionContext): void {
  if (findZone(context.timeZone) !== null) return;
  throw new GatewayError("MT-OPTION-VALUE", `time zone "${context.timeZone}" does not exist`);
}

async function resolveList(
  services: TableServices,
  { columns: declared }: CreateTable,
  description: QueryDescription,
  context: DefinitionContext,
): Promise<ColumnList> {
  if (declared.kind !== "typed") return declared;
  const types = await resolveTypes(services, declared.columns, context);
  const columns = declared.columns.map((column): ResolvedColumn => {
    const own = types.find((type) => type.name === column.name);
    if (own === undefined) throw unknownType(column);
    return { ...column, ...own, assignable: true };
  });
  const assignable = await assignableNames(services.database, columns, description);
  return {
    kind: "typed",
    columns: columns.map((column) => ({ ...column, assignable: assignable.has(column.name) })),
  };
}

interface ResolvedType {
  readonly name: string;
  readonly type: string;
  readonly typeOid: number;
}

/**
 * Lets the server describe a query that casts to the declared types: it knows their full names and
 * modifiers.
 */
export async function resolveTypes(
  services: TableServices,
  declared: readonly DeclaredColumn[],
  { searchPath, timeZone }: DefinitionContext,
): Promise<readonly ResolvedType[]> {
  const unique = declared.filter(
    (column, index) => declared.findIndex((other) => other.name === column.name) === index,
  );
  const casts = unique.map(({ name, type }) => `CAST(NULL AS ${type}) AS ${quoteIdent(name)}`);
  const description = await describeQuery(services.database, {
    query: `SELECT ${casts.join(", ")}`,
    searchPath,
    timeZone,
  }).catch((error: unknown) => {
    if (!(error instanceof GatewayError)) throw error;
    throw new GatewayError("MT-SCHEMA-UNKNOWN-TYPE", error.message, { cause: error });
  });
  return description.columns;
}

function unknownType(column: DeclaredColumn): GatewayError {
  return new GatewayError("MT-SCHEMA-UNKNOWN-TYPE", `type "${column.type}" does not exist`);
}

/** Names of the declared columns that the query's values can be assigned to. */
export async function assignableNames(
  on: Queryable,
  declared: readonly ResolvedColumn[],
  description: QueryDescription,
): Promise<ReadonlySet<string>> {
  const pairs = declared.flatMap((column) => {
    const source = description.columns.find((candidate) => candidate.name === column.name);
    return source === undefined
      ? []
      : [{ name: column.name, source: source.typeOid, target: column.typeOid }];
  });
  const rows = await on.query<{ name: string }>(sql`
    SELECT p.name
    FROM pg_catalog.jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb)
      AS p (name text, source oid, target oid)
    JOIN pg_catalog.pg_type t ON t.oid = p.target
    WHERE p.source = p.target OR t.typcategory = 'S' OR EXISTS (
      SELECT FROM pg_catalog.pg_cast c
      WHERE c.castsource = p.source AND c.casttarget = p.target AND c.castcontext IN ('i', 'a'))`);
  return new Set(rows.map((row) => row.name));
}
