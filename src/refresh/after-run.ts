// What follows a recorded run, in transactions of their own: readers that wait are woken, readers
// that were held back by a failure are repaired, marks are folded, missing and stale cells queued.
// If the gateway dies before it, nothing is lost: waiting runs look again by themselves, and the
// next run does the rest.

import type { MaterializedTable } from "../catalog/materialized-table.ts";
import { asId, type TableId } from "../common/ids.ts";
import { databaseClock, type Tx } from "../common/pg.ts";
import { sql } from "../common/sql.ts";
import type { RefreshMeasures } from "../engine/engine.ts";
import type { ClaimedTask, TaskOutcome } from "../scheduler/task-runner.ts";
import { askParents } from "./await-parents.ts";
import { thinMarks } from "./ledger.ts";
import { readClock } from "./define-table.ts";
import {
  hasOpenRepair,
  partitionsToRepair,
  repairAfter,
  type RepairServices,
  submitRepair,
} from "./repairs.ts";

export interface EndedRun {
  readonly table: MaterializedTable;
  readonly task: ClaimedTask;
  readonly outcome: TaskOutcome;
  /** Of a run that succeeded. */
  readonly measures: RefreshMeasures | null;
}

export async function afterRun(services: RepairServices, run: EndedRun): Promise<void> {
  const { database, catalog } = services;
  const { table, task, outcome, measures } = run;
  const relation = measures?.newRelation;
  if (relation !== undefined) {
    await database.transaction((tx) => catalog.replaceRelation(tx, table.id, relation));
  }
  const readers = await wakeReaders(services, table.id);
  if (outcome.kind === "failed" || outcome.kind === "canceled") return;
  if (outcome.kind === "succeeded" && readers.length > 0) {
    await thinMarks(
      database,
      readers.map((reader) => reader.id),
    );
    for (const { id, isHeld } of readers) {
      if (isHeld) await database.transaction((tx) => reviveReader(tx, services, id));
    }
  }
  await repairAfter(services, table, { task, outcome });
}

interface Reader {
  readonly id: TableId;
  /** A run of it was skipped because one of its parents had failed. */
  readonly isHeld: boolean;
}

/** Readers whose runs wait look again at once. */
async function wakeReaders({ database }: RepairServices, id: TableId): Promise<readonly Reader[]> {
  const rows = await database.query<{ table_id: string; held: boolean }>(sql`
    SELECT DISTINCT s.table_id, EXISTS (
      SELECT FROM sluice_private.cell_marks m
      WHERE m.table_id = s.table_id AND m.reason = 'UPSTREAM_FAILED') AS held
    FROM sluice_private.table_sources s WHERE s.source_table_id = ${id}`);
  if (rows.length === 0) return [];
  const readers = rows.map((row) => row.table_id);
  await database.transaction(async (tx) => {
    // First those that are looking right now, then those that are back already.
    await tx.execute(sql`
      UPDATE sluice_private.task_wakes SET woken = true
      WHERE resource = ANY (${readers}::text[])`);
    await tx.execute(sql`
      UPDATE sluice_private.task_instances SET ready_at = ${databaseClock}
      WHERE resource = ANY (${readers}::text[]) AND status = 'PENDING'
        AND detail = 'WAITING_UPSTREAM' AND waiting = 0`);
  });
  return rows.map((row) => ({ id: asId<TableId>(row.table_id), isHeld: row.held }));
}

/** Repairs what was skipped because a parent had failed, unless one still has. */
async function reviveReader(tx: Tx, services: RepairServices, id: TableId): Promise<void> {
  const table = await services.catalog.findById(tx, id);
  if (table === null || table.status === "SUSPENDED") return;
  if (await hasOpenRepair(tx, table, null)) return;
  const partitions = table.partitionKeys.length === 0 ? null : await partitionsToRepair(tx, table);
  if (partitions === "none") return;
  const verdict = await askParents(tx, {
    table,
    trigger: "REPAIR",
    request: { kind: "repair", partitions },
    instanceId: null,
    now: await readClock(tx),
  });
  if (verdict.kind !== "failed") await submitRepair(tx, services, table, partitions);
}
