// CREATE MATERIALIZED TABLE: storage, definition, workflow and queued first load are one
// transaction, so that there is nothing to undo and no state in between. The table is ACTIVATED and
// empty at once; the first load fills it.

import type { MaterializedTable } from "../catalog/materialized-table.ts";
import type { ObjectIdentifier } from "../catalog/object-identifier.ts";
import { GatewayError } from "../common/gateway-error.ts";
import { asId, type InstanceId, type TableId } from "../common/ids.ts";
import { hasSqlState, type Tx } from "../common/pg.ts";
import type { Instant } from "../common/time.ts";
import type { StorageSpec } from "../engine/storage.ts";
import type { QueryAnalysis } from "../query/query-analysis.ts";
import { type DefinedTable, defineTable } from "./define-table.ts";
import { afterFirstLoad, firstLoad } from "./first-load.ts";
import { markCells } from "./ledger.ts";
import { submitRun } from "./submit-run.ts";
import { recordAnalysis } from "./stored-analysis.ts";
import { policiesOf } from "./table-policies.ts";
import type { CreateTable, TableCreated } from "./table-requests.ts";
import type { TableServices } from "./table-services.ts";
import { tableWorkflow } from "./table-workflow.ts";

/** Creates the table. Throws MT-EXISTS unless `ifNotExists`, and whatever defineTable does. */
export async function createTable(
  services: TableServices,
  request: CreateTable,
): Promise<TableCreated> {
  const { catalog, database } = services;
  const known = await catalog.find(database, request.identifier);
  if (known !== null && request.ifNotExists) {
    const warnings = [`materialized table "${request.identifier.name}" exists already, skipping`];
    const unchanged = { outcome: "unchanged", instanceId: null, waits: false } as const;
    return { tableId: known.id, ...unchanged, warnings };
  }
  // The name is looked at last, as in Flink: what is wrong with the declaration is said first.
  const defined = await defineTable(services, request, "create");
  const kind = await catalog.kindOf(database, request.identifier);
  if (kind !== null) throw alreadyExists(request.identifier, kind);
  return createDefined(services, defined);
}

/** Writes what defineTable resolved. */
export async function createDefined(
  services: TableServices,
  defined: DefinedTable,
): Promise<TableCreated> {
  const { identifier } = defined.declaration;
  try {
    return await services.database.transaction((tx) => insertTable(tx, services, defined));
  } catch (error) {
    if (hasSqlState(error, "42P07", "23505")) throw alreadyExists(identifier, "table", error);
    throw error;
  }
}

async function insertTable(
  tx: Tx,
  services: TableServices,
  { declaration, analysis, sources, statement, warnings, now }: DefinedTable,
): Promise<TableCreated> {
  const draft = {
    ...declaration,
    id: asId<TableId>(services.random.hex32()),
    status: "ACTIVATED",
    version: 1,
    createdAt: now,
  } as const;
  const relation = await services.storage.create(tx, storageOf(draft));
  const workflowId = await services.scheduler.createWorkflow(tx, tableWorkflow(draft, analysis));
  const table: MaterializedTable = { ...draft, workflowId };
  await services.catalog.insert(tx, table, relation, sources);
  await recordAnalysis(tx, table.id, analysis);
  await services.scheduler.enable(tx, workflowId);
  const instanceId = await submitFirstLoad(tx, services, { table, analysis, now });
  const waits = statement["initial"] === "block";
  return { tableId: table.id, outcome: "created", instanceId, waits, warnings };
}

/** Queues the first load; null if START_MODE leaves nothing to load. */
export async function submitFirstLoad(
  tx: Tx,
  { scheduler }: Pick<TableServices, "scheduler">,
  what: {
    readonly table: MaterializedTable;
    readonly analysis: QueryAnalysis;
    readonly now: Instant;
  },
): Promise<InstanceId | null> {
  const request = firstLoad(what.table, what.analysis, what.now);
  if (request === null) return null;
  const older = afterFirstLoad(what.table, what.analysis, request);
  await markCells(tx, what.table, older, { state: "MISSING", reason: "GAP" });
  return submitRun(tx, scheduler, {
    workflowId: what.table.workflowId,
    trigger: "INITIAL",
    request,
    now: what.now,
  });
}

/** The stored table of a definition. */
export function storageOf(table: Omit<MaterializedTable, "workflowId">): StorageSpec {
  return {
    database: table.identifier.database,
    name: table.identifier.name,
    columns: table.columns,
    primaryKey: table.primaryKey,
    primaryKeyName: table.primaryKeyName,
    keyEnforced: policiesOf(table).keyEnforced,
    partitionKeys: table.partitionKeys,
    comment: table.comment,
  };
}

function alreadyExists(identifier: ObjectIdentifier, kind: string, cause?: unknown): GatewayError {
  const { catalog, database, name } = identifier;
  return new GatewayError("MT-EXISTS", `${kind} "${name}" exists already`, {
    flink: {
      class: "org.apache.flink.table.catalog.exceptions.TableAlreadyExistException",
      text: `Table (or view) ${database}.${name} already exists in Catalog ${catalog}.`,
    },
    cause,
  });
}
