// Acting upon recorded outcomes in one READ COMMITTED transaction: retries queued, downstream tasks
// counted down or failed, instances without open tasks moved to history with all that belongs to
// them.

import { asId, type InstanceId, type TaskInstanceId, type WorkflowId } from "../../common/ids.ts";
import { type Database, databaseClock, type Tx } from "../../common/pg.ts";
import { prepared, sql } from "../../common/sql.ts";
import type { InstanceState, InstanceStatus } from "../scheduler.ts";
import type { Trigger } from "../task-runner.ts";
import type {
  Advanced,
  AdvancePlan,
  EndOf,
  PlanAdvance,
  SettledTask,
  TaskEnd,
  TaskPolicy,
} from "./store.ts";

interface SettledRow {
  readonly task_instance_id: string;
  readonly instance_id: string;
  readonly workflow_id: string;
  readonly kind: "table" | "user";
  readonly trigger: Trigger;
  readonly task: string;
  readonly status: InstanceStatus;
  readonly detail: string | null;
  readonly error_code: string | null;
  readonly error: string | null;
  readonly retryable: boolean;
  readonly attempt: number;
  readonly lost: number;
  readonly policy: TaskPolicy;
  readonly downstream: readonly string[];
  readonly cancel: string | null;
  readonly task_count: number;
}

/** A settled task with the size of its instance. */
interface Loaded extends SettledTask {
  readonly taskCount: number;
}

export function advance(
  database: Database,
  limit: number,
  plan: PlanAdvance,
  endOf: EndOf,
): Promise<Advanced> {
  return database.transaction(async (tx) => {
    const rows = await lockSettled(tx, limit);
    if (rows.length === 0) return { ended: [], count: 0, more: false };
    const tasks = await withWorkflows(tx, rows);
    const decided = plan(tasks);
    await requeue(tx, decided);
    const ends = await finish(tx, decided, tasks, endOf);
    await moveToHistory(tx, ends);
    const cascades = decided.finish.some((end) => end.failsDownstream !== null);
    return { ended: ends, count: tasks.length, more: rows.length >= limit || cascades };
  });
}

/** Rows that another gateway is advancing are passed over. */
function lockSettled(tx: Tx, limit: number): Promise<readonly SettledRow[]> {
  return tx.query<SettledRow>(
    prepared(
      "sluice_settled",
      sql`
    SELECT t.task_instance_id, t.instance_id, t.workflow_id, i.kind, i.trigger, t.task, t.status,
      t.detail, t.error_code, t.error, t.retryable, t.attempt, t.lost, t.policy, t.downstream,
      c.reason AS cancel, i.task_count
    FROM sluice_private.task_instances t
    JOIN sluice_private.instances i USING (instance_id)
    LEFT JOIN sluice_private.cancel_requests c USING (instance_id)
    WHERE t.status NOT IN ('PENDING', 'RUNNING') AND NOT t.advanced
    ORDER BY t.finished_at LIMIT ${limit} FOR UPDATE OF t, i SKIP LOCKED`,
    ),
  );
}

/**
 * Only a failed task asks whether its workflow is enabled, and then under a share lock, which
 * SUSPEND waits for: after it no retry is queued. A workflow that is being altered right now is
 * left for the next time.
 */
async function withWorkflows(tx: Tx, rows: readonly SettledRow[]): Promise<readonly Loaded[]> {
  const failed = rows.filter((row) => row.status === "FAILED").map((row) => row.workflow_id);
  if (failed.length === 0) return rows.map((row) => loaded(row, true));
  const ids = [...new Set(failed)];
  const locked = await tx.query<{ workflow_id: string; enabled: boolean }>(sql`
    SELECT workflow_id, enabled FROM sluice_private.workflows
    WHERE workflow_id = ANY (${ids}::text[]) FOR SHARE SKIP LOCKED`);
  const present = await tx.query<{ workflow_id: string }>(sql`
    SELECT workflow_id FROM sluice_private.workflows WHERE workflow_id = ANY (${ids}::text[])`);
  const enabled = new Map(locked.map((row) => [row.workflow_id, row.enabled]));
  const busy = new Set(present.map((row) => row.workflow_id).filter((id) => !enabled.has(id)));
  return rows.flatMap((row) => {
    if (row.status !== "FAILED") return [loaded(row, true)];
    return busy.has(row.workflow_id) ? [] : [loaded(row, enabled.get(row.workflow_id) ?? null)];
  });
}

function loaded(row: SettledRow, enabled: boolean | null): Loaded {
  return {
    taskInstanceId: asId<TaskInstanceId>(row.task_instance_id),
    instanceId: asId<InstanceId>(row.instance_id),
    workflowId: asId<WorkflowId>(row.workflow_id),
    kind: row.kind,
    trigger: row.trigger,
    task: row.task,
    status: row.status,
    detail: row.detail,
    errorCode: row.error_code,
    error: row.error,
    retryable: row.retryable,
    attempt: row.attempt,
    lost: row.lost,
    policy: row.policy,
    downstream: row.downstream,
    cancel: row.cancel,
    enabled,
    taskCount: row.task_count,
  };
}

async function requeue(tx: Tx, plan: AdvancePlan): Promise<void> {
  if (plan.requeue.length === 0) return;
  await tx.execute(sql`
    UPDATE sluice_private.task_instances t
    SET status = 'PENDING', detail = 'WAITING_RETRY', gateway_id = NULL, claimed_at = NULL,
        ready_at = ${databaseClock} + r.delay * interval '1 ms', lost = t.lost + r.lost::integer
    FROM jsonb_to_recordset(${JSON.stringify(plan.requeue)}::jsonb) AS r(
      "taskInstanceId" text, delay double precision, lost boolean)
    WHERE t.task_instance_id = r."taskInstanceId"`);
}

async function finish(
  tx: Tx,
  plan: AdvancePlan,
  tasks: readonly Loaded[],
  endOf: EndOf,
): Promise<readonly InstanceState[]> {
  const byId = new Map(tasks.map((task) => [task.taskInstanceId, task]));
  const finished = plan.finish.flatMap((end) => {
    const task = byId.get(end.taskInstanceId);
    return task === undefined ? [] : [{ ...task, ...end, changed: task.status !== end.status }];
  });
  const single = finished.filter((task) => task.taskCount === 1);
  const several = finished.filter((task) => task.taskCount > 1);
  const ends: InstanceState[] = single.map((task) => ({
    ...endOf([task], task.cancel),
    instanceId: task.instanceId,
  }));
  await markFinished(tx, [...several, ...single.filter((task) => task.changed)]);
  if (several.length > 0) ends.push(...(await countDown(tx, several, endOf)));
  return ends;
}

type Finished = Loaded & AdvancePlan["finish"][number];

async function markFinished(tx: Tx, tasks: readonly Finished[]): Promise<void> {
  if (tasks.length === 0) return;
  const rows = tasks.map(({ taskInstanceId, status, detail }) => ({
    taskInstanceId,
    status,
    detail,
  }));
  await tx.execute(sql`
    UPDATE sluice_private.task_instances t
    SET advanced = true, status = f.status, detail = f.detail
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS f(
      "taskInstanceId" text, status text, detail text)
    WHERE t.task_instance_id = f."taskInstanceId"`);
}

/**
 * Downstream tasks of each finished one, then the instances' counters; gives the instances that
 * have ended.
 */
async function countDown(
  tx: Tx,
  tasks: readonly Finished[],
  endOf: EndOf,
): Promise<readonly InstanceState[]> {
  const edges = tasks.flatMap((task) =>
    task.downstream.map((name) => ({
      instanceId: task.instanceId,
      task: name,
      fails: task.failsDownstream !== null,
      culprit: task.task,
    })),
  );
  if (edges.length > 0) {
    await tx.execute(sql`
      UPDATE sluice_private.task_instances t
      SET waiting = t.waiting - d.done,
          status = CASE WHEN d.fails THEN 'FAILED' ELSE t.status END,
          detail = CASE WHEN d.fails THEN 'UPSTREAM_FAILED'
            WHEN t.waiting = d.done THEN 'QUEUED' ELSE t.detail END,
          error_code = CASE WHEN d.fails THEN 'WF-UPSTREAM-FAILED' END,
          error = CASE WHEN d.fails THEN 'task ' || d.culprit || ' failed' END,
          ready_at = CASE WHEN t.waiting = d.done THEN ${databaseClock} ELSE t.ready_at END,
          finished_at = CASE WHEN d.fails THEN ${databaseClock} END
      FROM (
        SELECT "instanceId", task, count(*) AS done, bool_or(fails) AS fails,
          min(culprit) FILTER (WHERE fails) AS culprit
        FROM jsonb_to_recordset(${JSON.stringify(edges)}::jsonb) AS e(
          "instanceId" text, task text, fails boolean, culprit text)
        GROUP BY 1, 2
      ) d
      WHERE t.instance_id = d."instanceId" AND t.task = d.task AND t.status = 'PENDING'`);
  }
  const open = await tx.query<{ instance_id: string; open_tasks: number }>(sql`
    UPDATE sluice_private.instances i SET open_tasks = i.open_tasks - d.done
    FROM (SELECT id, count(*)::integer AS done
          FROM unnest(${tasks.map((task) => task.instanceId)}::text[]) u(id) GROUP BY 1) d
    WHERE i.instance_id = d.id RETURNING i.instance_id, i.open_tasks`);
  const ended = open.filter((row) => row.open_tasks === 0).map((row) => row.instance_id);
  return ended.length === 0 ? [] : endsOf(tx, ended, endOf);
}

async function endsOf(
  tx: Tx,
  ids: readonly string[],
  endOf: EndOf,
): Promise<readonly InstanceState[]> {
  const rows = await tx.query<{ instance_id: string; cancel: string | null; tasks: TaskEnd[] }>(sql`
    SELECT t.instance_id, min(c.reason) AS cancel, jsonb_agg(jsonb_build_object(
      'status', t.status, 'detail', t.detail, 'errorCode', t.error_code, 'error', t.error)
      ORDER BY t.finished_at) AS tasks
    FROM sluice_private.task_instances t
    LEFT JOIN sluice_private.cancel_requests c USING (instance_id)
    WHERE t.instance_id = ANY (${ids}::text[]) GROUP BY 1`);
  return rows.map((row) => ({
    ...endOf(row.tasks, row.cancel),
    instanceId: asId<InstanceId>(row.instance_id),
  }));
}

async function moveToHistory(tx: Tx, ends: readonly InstanceState[]): Promise<void> {
  if (ends.length === 0) return;
  const rows = ends.map(({ instanceId, status, detail, errorCode, error }) => ({
    instanceId,
    status,
    detail,
    errorCode,
    error,
  }));
  await tx.execute(
    prepared(
      "sluice_history",
      sql`
    WITH ended AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS e(
        "instanceId" text, status text, detail text, "errorCode" text, error text)
    ), gone AS (
      DELETE FROM sluice_private.instances i USING ended e
      WHERE i.instance_id = e."instanceId"
      RETURNING i.*, e.status AS end_status, e.detail AS end_detail, e."errorCode",
        e.error AS end_error
    ), kept AS (
      INSERT INTO sluice_private.instance_history
        (instance_id, workflow_id, version, trigger, interval_start, interval_end, scheduled_at,
         status, detail, request, variables, backfill_id, ordinal, created_at, started_at,
         finished_at, error_code, error)
      SELECT instance_id, workflow_id, version, trigger, interval_start, interval_end,
        scheduled_at, end_status, end_detail, request, variables, backfill_id, ordinal,
        created_at, started_at, ${databaseClock}, "errorCode", end_error
      FROM gone
    ), tasks AS (
      DELETE FROM sluice_private.task_instances t USING ended e
      WHERE t.instance_id = e."instanceId" RETURNING t.*
    ), task_rows AS (
      INSERT INTO sluice_private.task_history SELECT * FROM tasks
    ), backends AS (
      DELETE FROM sluice_private.task_backends b USING tasks t
      WHERE b.task_instance_id = t.task_instance_id
    ), progress AS (
      DELETE FROM sluice_private.task_progress p USING tasks t
      WHERE p.task_instance_id = t.task_instance_id
    )
    DELETE FROM sluice_private.cancel_requests c USING ended e
    WHERE c.instance_id = e."instanceId"`,
    ),
  );
}

/** The oldest gated instance of each workflow of which no ungated one is open. */
export async function openGates(database: Database): Promise<number> {
  const rows = await database.query(
    prepared(
      "sluice_gates",
      sql`
    WITH next AS MATERIALIZED (
      SELECT DISTINCT ON (g.workflow_id) g.instance_id FROM sluice_private.instances g
      WHERE g.gated AND NOT EXISTS (
        SELECT FROM sluice_private.instances o
        WHERE o.workflow_id = g.workflow_id AND NOT o.gated AND o.trigger <> 'BACKFILL')
      ORDER BY g.workflow_id, g.created_at, g.instance_id
    ), opened AS (
      UPDATE sluice_private.instances i SET gated = false
      FROM next WHERE i.instance_id = next.instance_id AND i.gated RETURNING i.instance_id
    )
    UPDATE sluice_private.task_instances t
    SET waiting = t.waiting - 1, ready_at = ${databaseClock},
        detail = CASE t.waiting WHEN 1 THEN 'QUEUED' ELSE t.detail END
    FROM opened WHERE t.instance_id = opened.instance_id AND t.status = 'PENDING'
    RETURNING 1`,
    ),
  );
  return rows.length;
}
