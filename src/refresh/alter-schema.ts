// ALTER MATERIALIZED TABLE … ADD, MODIFY, DROP of what surrounds the columns: a wider type, a
// comment, the primary key. Which columns there are, and in which order, is the query's affair. The
// rows stay: a new type must take every value of the old one, a key must hold for what is there.

import { flinkType } from "../catalog/flink-type.ts";
import type { Column, MaterializedTable } from "../catalog/materialized-table.ts";
import { GatewayError } from "../common/gateway-error.ts";
import { hasSqlState, type Queryable } from "../common/pg.ts";
import { sql } from "../common/sql.ts";
import type { StorageChanges } from "../engine/storage.ts";
import type { QueryDescription } from "../query/describe.ts";
import { changeTable, lockStored } from "./alter-table.ts";
import { assignableNames, describe, resolveTypes } from "./define-table.ts";
import { validation } from "./flink-text.ts";
import { policiesOf } from "./table-policies.ts";
import type { AlterSchema, DeclaredKey, TableAltered } from "./table-requests.ts";
import type { TableServices } from "./table-services.ts";

/** Throws MT-SCHEMA-*, MT-PK-*, MT-BUSY. */
export async function alterSchema(
  services: TableServices,
  request: AlterSchema,
): Promise<TableAltered> {
  const table = await changeTable(services, request.identifier, "alter", async (tx, before) => {
    const zone = { ...request.context, timeZone: before.timeZone };
    const query = await describe(services, before.identifier, zone, before.expandedQuery);
    const columns = await changedColumns(tx, services, { table: before, query }, request);
    const free = request.primaryKey === null ? columns : withoutKey(before, columns, query);
    const altered = { ...before, columns: free, version: before.version + 1 };
    const after = withKey(altered, request.primaryKey);
    await lockStored(tx, services, before);
    const { database, name } = before.identifier;
    const changes = storageChanges(before, after, request);
    try {
      await services.storage.alter(tx, database, name, changes);
    } catch (error) {
      throw keyError(error, after);
    }
    return after;
  });
  return { tableId: table.id, instanceId: null, warnings: [] };
}

async function changedColumns(
  on: Queryable,
  services: TableServices,
  { table, query }: { readonly table: MaterializedTable; readonly query: QueryDescription },
  { columns: declared, context }: AlterSchema,
): Promise<readonly Column[]> {
  if (declared.length === 0) return table.columns;
  const types = await resolveTypes(services, declared, { ...context, timeZone: table.timeZone });
  const resolved = declared.map((column) => {
    const own = types.find((type) => type.name === column.name);
    if (own !== undefined) return { ...column, ...own, assignable: true };
    throw new GatewayError("MT-SCHEMA-UNKNOWN-TYPE", `type "${column.type}" does not exist`);
  });
  const fits = await assignableNames(services.database, resolved, query);
  const changed = new Map<string, Column>();
  for (const { name, type, typeOid, comment } of resolved) {
    const old = table.columns.find((column) => column.name === name);
    if (old === undefined) continue;
    if (type !== old.type) {
      if (table.partitionKeys.includes(name)) throw partitionColumn(name);
      const wider = await isWider(on, old, { typeOid, type });
      if (!wider || !fits.has(name)) throw incompatible(old, type);
    }
    changed.set(name, { ...old, type, typeOid, comment: comment ?? old.comment });
  }
  return table.columns.map((column) => changed.get(column.name) ?? column);
}

/** As Flink asks: an implicit cast. Of one type with another limit, the same value in it. */
async function isWider(
  on: Queryable,
  old: Column,
  target: Pick<Column, "type" | "typeOid">,
): Promise<boolean> {
  if (old.typeOid === target.typeOid) return limitOf(target.type) >= limitOf(old.type);
  const rows = await on.query(sql`
    SELECT FROM pg_catalog.pg_cast
    WHERE castsource = ${old.typeOid}::oid AND casttarget = ${target.typeOid}::oid
      AND castcontext = 'i'`);
  // A limit on the new type could cut what an unlimited one held.
  return rows.length > 0 && limitOf(target.type) >= limitOf(old.type);
}

/** `character varying(10)`: 10; without a limit, none is greater. Only one number is compared. */
function limitOf(type: string): number {
  const limits = /\(([\d,]+)\)/.exec(type)?.[1];
  if (limits === undefined) return Number.POSITIVE_INFINITY;
  return limits.includes(",") ? Number.NEGATIVE_INFINITY : Number(limits);
}

/** What only the key kept from being null may be null without it. */
function withoutKey(
  table: MaterializedTable,
  columns: readonly Column[],
  query: QueryDescription,
): readonly Column[] {
  return columns.map((column) => {
    const own = query.columns.find((each) => each.name === column.name);
    const freed = table.primaryKey.includes(column.name) && own?.nullable === true;
    return freed ? { ...column, nullable: true } : column;
  });
}

function withKey(table: MaterializedTable, key: DeclaredKey | "drop" | null): MaterializedTable {
  if (key === null) return table;
  if (key === "drop") return { ...table, primaryKey: [], primaryKeyName: null };
  const repeated = new Set(key.columns).size < key.columns.length;
  if (repeated) {
    throw new GatewayError("MT-SCHEMA-DUPLICATE", "the primary key names a column twice");
  }
  const missing = key.columns.find((name) => table.columns.every((each) => each.name !== name));
  const primaryKeyName = key.name ?? `PK_${key.columns.join("_")}`;
  if (missing !== undefined) {
    throw new GatewayError(
      "MT-SCHEMA-PK-MISSING",
      `primary key column "${missing}" is no column of the table`,
      {
        flink: validation(
          "Failed to execute ALTER MATERIALIZED TABLE statement.\n" +
            `Invalid primary key '${primaryKeyName}'. Column '${missing}' does not exist.`,
        ),
      },
    );
  }
  const columns = table.columns.map((column) =>
    key.columns.includes(column.name) ? { ...column, nullable: false } : column,
  );
  return { ...table, columns, primaryKey: key.columns, primaryKeyName };
}

function storageChanges(
  before: MaterializedTable,
  after: MaterializedTable,
  { primaryKey }: AlterSchema,
): StorageChanges {
  const old = new Map(before.columns.map((column): [string, Column] => [column.name, column]));
  const { keyEnforced } = policiesOf(before);
  const freed = after.columns.filter(
    (column) => column.nullable !== old.get(column.name)?.nullable,
  );
  const nullable = freed.filter((column) => column.nullable).map((column) => column.name);
  const key = { from: before.primaryKey, to: after.primaryKey, nullable };
  return {
    addColumns: [],
    dropColumns: [],
    retypeColumns: after.columns.filter((column) => old.get(column.name)?.type !== column.type),
    columnComments: after.columns.filter(
      (column) => old.get(column.name)?.comment !== column.comment,
    ),
    ...(primaryKey !== null && keyEnforced && { key }),
    partitionKeys: after.partitionKeys,
  };
}

function keyError(error: unknown, { identifier, primaryKey }: MaterializedTable): unknown {
  const detail = (error as { readonly detail?: string }).detail;
  const key = primaryKey.join(", ");
  if (hasSqlState(error, "23505")) {
    const message = `rows of "${identifier.name}" have the same primary key (${key})`;
    return new GatewayError("MT-PK-DUPLICATE", message, { detail, cause: error });
  }
  if (hasSqlState(error, "23502")) {
    const message = `rows of "${identifier.name}" have a null in the primary key (${key})`;
    return new GatewayError("MT-PK-NULL", message, { cause: error });
  }
  if (hasSqlState(error, "55P03")) {
    const message = `materialized table "${identifier.name}" is being read`;
    const hint = "Try again when the readers have ended.";
    return new GatewayError("MT-BUSY", message, { hint, cause: error });
  }
  return error;
}

function incompatible(old: Column, type: string): GatewayError {
  const from = flinkType(old.type, true);
  const to = flinkType(type, true);
  return new GatewayError(
    "MT-SCHEMA-TYPE",
    `column "${old.name}" of type ${old.type} cannot become ${type}`,
    {
      detail: "A new type must take every value of the old one, and what the query yields.",
      flink: validation(
        "Failed to execute ALTER MATERIALIZED TABLE statement.\n" +
          `Column '${old.name}' with type ${from} can not be changed to ${to}.`,
      ),
    },
  );
}

function partitionColumn(name: string): GatewayError {
  return new GatewayError(
    "GW-NOT-SUPPORTED",
    `the type of partition column "${name}" cannot be changed`,
    {
      hint: "CREATE OR ALTER MATERIALIZED TABLE … WITH ('rebuild' = 'true') makes the table anew.",
    },
  );
}
