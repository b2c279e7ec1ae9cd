// Statements that open instances again, in the caller's transaction (READ COMMITTED: each sees what
// was committed while the one before waited for a lock).
//
// Locked are, in this order: the queues of the open tasks, so that no claim is on its way (a claim
// passes over a queue that is held, and nothing here waits for what a claim holds); the instance,
// which keeps advance away; the tasks, for whoever ends them at a wish to cancel.

import { asId, type InstanceId, type TaskInstanceId, type WorkflowId } from "../../common/ids.ts";
import { databaseClock, type Tx } from "../../common/pg.ts";
import { type Sql, sql, trusted } from "../../common/sql.ts";
import type { Instant } from "../../common/time.ts";
import type { InstanceStatus, WorkflowDefinition } from "../scheduler.ts";
import type { Trigger } from "../task-runner.ts";
import type { InstanceTask, LockedInstance, Reopening } from "./store.ts";

export async function readVersion(
  tx: Tx,
  id: WorkflowId,
  version: number,
): Promise<WorkflowDefinition | null> {
  const rows = await tx.query<{ definition: WorkflowDefinition }>(sql`
    SELECT definition FROM sluice_private.workflow_versions
    WHERE workflow_id = ${id} AND version = ${version}`);
  return rows[0]?.definition ?? null;
}

interface InstanceRow {
  readonly workflow_id: string;
  readonly version: number;
  readonly trigger: Trigger;
  readonly interval_start: Instant;
  readonly interval_end: Instant;
  readonly scheduled_at: Instant;
  readonly request: Readonly<Record<string, unknown>>;
  readonly backfill_id: string | null;
  readonly ordinal: number | null;
  readonly gated: boolean;
}

interface TaskRow {
  readonly task_instance_id: string;
  readonly task: string;
  readonly status: InstanceStatus;
  readonly detail: string | null;
  readonly downstream: readonly string[];
  readonly advanced: boolean;
}

const instanceColumns = trusted(
  `workflow_id, version, trigger, interval_start, interval_end, scheduled_at, request,
   backfill_id, ordinal`,
);

export async function lockInstance(tx: Tx, id: InstanceId): Promise<LockedInstance | null> {
  const row = await lockRow(tx, id);
  if (row === null) return null;
  const tasks = await tasksOf(tx, id, row.open);
  return {
    instanceId: id,
    workflowId: asId<WorkflowId>(row.workflow_id),
    version: row.version,
    trigger: row.trigger,
    interval: { start: row.interval_start, end: row.interval_end },
    scheduledAt: row.scheduled_at,
    request: row.request,
    backfill: row.backfill_id === null ? null : { id: row.backfill_id, ordinal: row.ordinal ?? 0 },
    open: row.open,
    gated: row.gated,
    tasks,
  };
}

/**
 * What ends, or is opened again by another, between two looks is found by the next round. An open
 * row is never locked before the queues of its tasks: an open instance has tasks, so that one of
 * which none was seen is looked for again.
 */
async function lockRow(tx: Tx, id: InstanceId) {
  for (let round = 0; round < 4; round++) {
    const ended = await endedRow(tx, id);
    if (ended !== null) return ended;
    const queues = await tx.query(sql`
      SELECT 1 FROM sluice_private.queues q
      WHERE q.queue IN (
        SELECT t.queue FROM sluice_private.task_instances t WHERE t.instance_id = ${id})
      ORDER BY q.queue FOR UPDATE`);
    const open = queues.length === 0 ? null : await openRow(tx, id);
    if (open !== null) return open;
  }
  return null;
}

async function openRow(tx: Tx, id: InstanceId) {
  const rows = await tx.query<InstanceRow>(sql`
    SELECT ${instanceColumns}, gated FROM sluice_private.instances
    WHERE instance_id = ${id} FOR UPDATE`);
  return rows[0] === undefined ? null : { ...rows[0], open: true };
}

async function endedRow(tx: Tx, id: InstanceId) {
  const rows = await tx.query<InstanceRow>(sql`
    SELECT ${instanceColumns}, false AS gated FROM sluice_private.instance_history
    WHERE instance_id = ${id} FOR UPDATE`);
  return rows[0] === undefined ? null : { ...rows[0], open: false };
}

async function tasksOf(tx: Tx, id: InstanceId, open: boolean): Promise<readonly InstanceTask[]> {
  const from: Sql = open
    ? sql`advanced FROM sluice_private.task_instances`
    : sql`true AS advanced FROM sluice_private.task_history`;
  // Workers write rows of running tasks, and only those: they are not locked here.
  const lock = trusted(open ? "FOR UPDATE" : "");
  if (open) {
    await tx.query(sql`
      SELECT 1 FROM sluice_private.task_instances
      WHERE instance_id = ${id} AND status <> 'RUNNING' ORDER BY task_instance_id ${lock}`);
  }
  const rows = await tx.query<TaskRow>(sql`
    SELECT task_instance_id, task, status, detail, downstream, ${from}
    WHERE instance_id = ${id} ORDER BY task_instance_id`);
  return rows.map((row) => ({
    taskInstanceId: asId<TaskInstanceId>(row.task_instance_id),
    task: row.task,
    status: row.status,
    detail: row.detail,
    downstream: row.downstream,
    advanced: row.advanced,
  }));
}

export async function reopen(tx: Tx, reopening: Reopening): Promise<void> {
  const { instanceId: id, tasks, marked } = reopening;
  await comeBack(tx, id, reopening.gated);
  if (marked !== null) {
    await tx.execute(sql`
      UPDATE sluice_private.task_instances
      SET status = ${marked.status}, detail = 'MARKED', error_code = NULL, error = NULL,
          finished_at = ${databaseClock}, advanced = ${marked.advanced}
      WHERE task_instance_id = ${marked.taskInstanceId}`);
  }
  // A queue that was dropped since the task ended would keep it for ever.
  await tx.execute(sql`
    UPDATE sluice_private.task_instances t
    SET status = 'PENDING', waiting = r.waiting + i.gated::integer,
        detail = CASE r.waiting + i.gated::integer WHEN 0 THEN 'QUEUED' ELSE 'WAITING_UPSTREAM' END,
        ready_at = ${databaseClock}, attempt = 0, lost = 0, gateway_id = NULL, claimed_at = NULL,
        finished_at = NULL, error_code = NULL, error = NULL, retryable = false, advanced = false,
        queue = CASE WHEN EXISTS (SELECT FROM sluice_private.queues q WHERE q.queue = t.queue)
          THEN t.queue ELSE 'default-queue' END
    FROM jsonb_to_recordset(${JSON.stringify(tasks)}::jsonb) AS r(
      "taskInstanceId" text, waiting integer), sluice_private.instances i
    WHERE t.task_instance_id = r."taskInstanceId" AND i.instance_id = ${id}`);
  await tx.execute(sql`
    UPDATE sluice_private.instances SET open_tasks = (
      SELECT count(*) FROM sluice_private.task_instances t
      WHERE t.instance_id = ${id} AND NOT t.advanced)
    WHERE instance_id = ${id}`);
}

/** From history into the live tables; nothing happens to an instance that is there. */
async function comeBack(tx: Tx, id: InstanceId, gated: boolean): Promise<void> {
  await tx.execute(sql`
    WITH gone AS (
      DELETE FROM sluice_private.instance_history WHERE instance_id = ${id} RETURNING *
    ), tasks AS (
      DELETE FROM sluice_private.task_history WHERE instance_id = ${id} RETURNING *
    ), task_rows AS (
      INSERT INTO sluice_private.task_instances
      -- Acted upon already: their ends are no news.
      SELECT r.* FROM tasks t CROSS JOIN LATERAL jsonb_populate_record(
        NULL::sluice_private.task_instances, to_jsonb(t) || '{"advanced": true}') r
      RETURNING resource
    ), locks AS (
      INSERT INTO sluice_private.resource_locks
      SELECT DISTINCT resource FROM tasks WHERE resource IS NOT NULL ORDER BY 1
      ON CONFLICT DO NOTHING
    ), wishes AS (
      DELETE FROM sluice_private.cancel_requests WHERE instance_id = ${id}
    )
    INSERT INTO sluice_private.instances
      (instance_id, workflow_id, version, trigger, interval_start, interval_end, scheduled_at,
       status, detail, request, variables, backfill_id, ordinal, created_at, kind, gated,
       task_count, open_tasks)
    SELECT g.instance_id, workflow_id, g.version, g.trigger, g.interval_start, g.interval_end,
      g.scheduled_at, 'PENDING', 'QUEUED', g.request, g.variables, g.backfill_id, g.ordinal,
      g.created_at,
      w.kind, ${gated}, (SELECT count(*) FROM tasks), 0
    FROM gone g JOIN sluice_private.workflows w USING (workflow_id)`);
}

export async function forgetEnded(tx: Tx, id: InstanceId): Promise<void> {
  await tx.execute(sql`DELETE FROM sluice_private.instance_history WHERE instance_id = ${id}`);
}
