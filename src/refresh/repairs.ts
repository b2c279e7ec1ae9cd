// Strategy `stale`: after each run the schedule made, cells that were passed over are noted as
// MISSING, and the cells that are MISSING or STALE are queued as a run of their own, newest first,
// a few at a time; when that run ends, the next few are. FAILED cells are not among them: the
// schedule or a user computes those again. A run that was not made queues nothing: what kept it
// back would keep the next one back too.

import type { Catalog } from "../catalog/catalog.ts";
import type { MaterializedTable } from "../catalog/materialized-table.ts";
import type { PartitionSpec } from "../catalog/partition.ts";
import type { Database, Tx } from "../common/pg.ts";
import { sql } from "../common/sql.ts";
import { type DataInterval, dataInterval } from "../common/time.ts";
import type { Scheduler } from "../scheduler/scheduler.ts";
import type { ClaimedTask, TaskOutcome } from "../scheduler/task-runner.ts";
import { cellRuleOf } from "./cell-rule.ts";
import { cellsMeeting } from "./cells.ts";
import { readClock } from "./define-table.ts";
import { cellsToRepair, foldMarks, hasMarks, ledgerEnd, markCells, needsWhole } from "./ledger.ts";
import { cellsOfInterval, cellsPerRun } from "./partition-variables.ts";
import type { Reason } from "./reasons.ts";
import { loadAnalysis } from "./stored-analysis.ts";
import { submitRun } from "./submit-run.ts";
import { policiesOf } from "./table-policies.ts";

/** Cells of one repair. */
const cellsAtATime = 8;

export interface RepairServices {
  readonly database: Database;
  readonly catalog: Catalog;
  readonly scheduler: Scheduler;
}

/** Called after a recorded run. A table that does not repair itself only has its marks folded. */
export async function repairAfter(
  services: RepairServices,
  ran: MaterializedTable,
  { task, outcome }: { readonly task: ClaimedTask; readonly outcome: TaskOutcome },
): Promise<void> {
  const { database, catalog } = services;
  const repairs = ran.partitionKeys.length > 0 && policiesOf(ran).strategy === "stale";
  if (!repairs && !(await hasMarks(database, ran.id))) return;
  await database.transaction(async (tx) => {
    await foldMarks(tx, ran);
    const table = repairs ? await catalog.findById(tx, ran.id) : null;
    if (table === null || table.status === "SUSPENDED") return;
    if (task.trigger === "SCHEDULE" || task.trigger === "CATCH_UP") {
      await markGap(tx, table, task.interval);
    }
    if (isHeldBack(task, outcome)) return;
    if (await hasOpenRepair(tx, table, task)) return;
    const partitions = await partitionsToRepair(tx, table);
    if (partitions === "none") return;
    await submitRepair(tx, services, table, partitions);
  });
}

function isHeldBack({ trigger }: ClaimedTask, outcome: TaskOutcome): boolean {
  if (outcome.kind !== "skipped") return false;
  return trigger === "REPAIR" || outcome.reason === ("UPSTREAM_FAILED" satisfies Reason);
}

/**
 * Notes the cells between the ledger as it was before the run and the run's own cells as MISSING.
 */
async function markGap(tx: Tx, table: MaterializedTable, interval: DataInterval): Promise<void> {
  const rule = cellRuleOf(table, await loadAnalysis(tx, table.id));
  const first = rule === null ? undefined : cellsOfInterval(rule, interval)[0];
  if (rule === null || first === undefined || rule.strictFreshness !== null) return;
  const start = first.interval.start;
  const end = await ledgerEnd(tx, table.id, start);
  const from = end ?? (table.startMode.kind === "FROM_BEGINNING" ? null : table.startMode.at);
  if (from === null || from >= start) return;
  const cells = cellsMeeting(rule.keys, dataInterval(from, start), cellsPerRun);
  const missing = cells.filter((cell) => end === null || cell.interval.start >= end);
  const specs = missing.map((cell) => cell.spec);
  await markCells(tx, table, specs, { state: "MISSING", reason: "GAP" });
}

/**
 * After a run of several cells met bad data: each cell is queued for itself, so that one bad
 * partition does not keep the others from being fresh. The bad one then fails alone, and is not
 * queued again.
 */
export async function queueSeparately(
  tx: Tx,
  scheduler: Scheduler,
  table: MaterializedTable,
  specs: readonly PartitionSpec[],
): Promise<void> {
  if (specs.length < 2 || specs.length > cellsAtATime || table.status === "SUSPENDED") return;
  for (const spec of specs) await submitRepair(tx, { scheduler }, table, [spec]);
}

export async function hasOpenRepair(
  tx: Tx,
  table: MaterializedTable,
  after: ClaimedTask | null,
): Promise<boolean> {
  const open = await tx.query(sql`
    SELECT FROM sluice_private.instances
    WHERE workflow_id = ${table.workflowId} AND trigger = 'REPAIR'
      AND instance_id <> ${after?.instanceId ?? ""} LIMIT 1`);
  return open.length > 0;
}

/**
 * The next cells to repair; null: the whole table, for nobody knows which partitions a parent's
 * change is in. A table whose history is left out or frozen is repaired by what the ledger knows.
 */
export async function partitionsToRepair(
  tx: Tx,
  table: MaterializedTable,
): Promise<readonly PartitionSpec[] | null | "none"> {
  const keeps = table.startMode.kind !== "FROM_BEGINNING" || policiesOf(table).freezeAfter !== null;
  if (!keeps && (await needsWhole(tx, table.id))) return null;
  const partitions = await cellsToRepair(tx, table, cellsAtATime);
  return partitions.length === 0 ? "none" : partitions;
}

/** Queues a repair. */
export async function submitRepair(
  tx: Tx,
  { scheduler }: Pick<RepairServices, "scheduler">,
  table: MaterializedTable,
  partitions: readonly PartitionSpec[] | null,
): Promise<void> {
  await submitRun(tx, scheduler, {
    workflowId: table.workflowId,
    trigger: "REPAIR",
    request: { kind: "repair", partitions },
    now: await readClock(tx),
  });
}
