// A new query for a table that is there: ALTER … AS and CREATE OR ALTER. The definition counts from
// the commit on; the old rows serve until they are computed again, and every cell says STALE until
// then. With 'rebuild' a run over the whole table is queued in the same transaction; if the stored
// table cannot follow, it is made anew, empty.

import type { Source } from "../catalog/catalog.ts";
import type { Column, MaterializedTable } from "../catalog/materialized-table.ts";
import type { InstanceId } from "../common/ids.ts";
import type { Tx } from "../common/pg.ts";
import { sql } from "../common/sql.ts";
import type { Instant } from "../common/time.ts";
import type { StorageChanges } from "../engine/storage.ts";
import type { QueryAnalysis } from "../query/query-analysis.ts";
import { lockStored } from "./alter-table.ts";
import { storageOf, submitFirstLoad } from "./create-table.ts";
import { markTable } from "./ledger.ts";
import { recordAnalysis } from "./stored-analysis.ts";
import { submitRun } from "./submit-run.ts";
import type { TableServices } from "./table-services.ts";
import { tableWorkflow } from "./table-workflow.ts";

export interface Replacement {
  readonly before: MaterializedTable;
  /** With the version raised. */
  readonly after: MaterializedTable;
  readonly analysis: QueryAnalysis;
  readonly sources: readonly Source[];
  readonly now: Instant;
  /** keep: the stored table stays and gets what is new; anew: it is dropped and created. */
  readonly storage: "keep" | "anew";
  /** Compute everything again; the run is the table's first load if the storage is made anew. */
  readonly rebuild: boolean;
}

/** Writes all but the definition itself, which the caller holds. Gives the run it queued. */
export async function replaceDefinition(
  tx: Tx,
  services: TableServices,
  change: Replacement,
): Promise<InstanceId | null> {
  const { before, after, analysis, now } = change;
  if (change.storage === "anew") await recreateStorage(tx, services, change);
  else await followStorage(tx, services, change);
  await services.catalog.replaceSources(tx, after.id, change.sources);
  await recordAnalysis(tx, after.id, analysis);
  const definition = tableWorkflow(after, analysis);
  await services.scheduler.alterWorkflow(tx, after.workflowId, definition);
  if (change.storage === "anew") {
    return submitFirstLoad(tx, services, { table: after, analysis, now });
  }
  if (after.expandedQuery !== before.expandedQuery) {
    await markTable(tx, after.id, "STALE", "QUERY_CHANGED");
  }
  if (!change.rebuild) return null;
  return submitRun(tx, services.scheduler, {
    workflowId: after.workflowId,
    trigger: "MANUAL",
    request: { kind: "manual", partitions: [], force: true },
    now,
  });
}

async function recreateStorage(
  tx: Tx,
  { catalog, storage, settings }: TableServices,
  { before, after }: Replacement,
): Promise<void> {
  const { database, name } = before.identifier;
  if ((await catalog.relationOf(tx, before.id)) !== null) {
    await storage.lock(tx, database, name, settings.lockTimeout);
    await storage.drop(tx, database, name, false);
  }
  await catalog.replaceRelation(tx, before.id, await storage.create(tx, storageOf(after)));
  await tx.execute(sql`DELETE FROM sluice_private.cells WHERE table_id = ${before.id}`);
  await tx.execute(sql`DELETE FROM sluice_private.cell_marks WHERE table_id = ${before.id}`);
}

async function followStorage(
  tx: Tx,
  services: TableServices,
  { before, after }: Replacement,
): Promise<void> {
  // The lock is had even if nothing of the storage changes: a refresh by the old query must end, or
  // begin again.
  await lockStored(tx, services, before);
  const { database, name } = before.identifier;
  await services.storage.alter(tx, database, name, storageChanges(before, after));
}

function storageChanges(before: MaterializedTable, after: MaterializedTable): StorageChanges {
  const old = new Map(before.columns.map((column): [string, Column] => [column.name, column]));
  const kept = after.columns.filter((column) => old.has(column.name));
  return {
    addColumns: after.columns.filter((column) => !old.has(column.name)),
    dropColumns: [],
    retypeColumns: kept.filter((column) => old.get(column.name)?.type !== column.type),
    columnComments: kept.filter((column) => old.get(column.name)?.comment !== column.comment),
    ...(after.comment === before.comment ? {} : { comment: after.comment }),
  };
}
