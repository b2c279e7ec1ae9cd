// Statements about workflows and about making instances; all of them belong to the caller's
// transaction.

import { GatewayError } from "../../common/gateway-error.ts";
import { asId, type InstanceId, type WorkflowId } from "../../common/ids.ts";
import { databaseClock, hasSqlState, type Queryable, type Tx } from "../../common/pg.ts";
import { type Sql, sql, trusted } from "../../common/sql.ts";
import { type Instant, toIso } from "../../common/time.ts";
import type { OpenRun } from "../policies.ts";
import type { WorkflowDefinition } from "../scheduler.ts";
import type { Trigger } from "../task-runner.ts";
import type { NewInstanceRow, StoredWorkflow } from "./store.ts";

/** The channel on which gateways wake each other. */
export const wakeChannel = "sluice_scheduler";

export interface WorkflowRow {
  readonly workflow_id: string;
  readonly version: number;
  readonly enabled: boolean;
  readonly definition: WorkflowDefinition;
  readonly next_due_at: Instant | null;
  readonly previous_fire_at: Instant | null;
  readonly revision: number;
  readonly now: Instant;
}

export function storedWorkflow(row: WorkflowRow): StoredWorkflow & { now: Instant } {
  return {
    workflowId: asId<WorkflowId>(row.workflow_id),
    version: row.version,
    enabled: row.enabled,
    definition: row.definition,
    nextDueAt: row.next_due_at,
    previousFireAt: row.previous_fire_at,
    revision: row.revision,
    now: row.now,
  };
}

const workflowColumns = trusted(
  `w.workflow_id, w.version, w.enabled, v.definition, w.next_due_at, w.previous_fire_at,
   w.revision, sluice_private.clock() AS now`,
);

export async function insertWorkflow(
  tx: Tx,
  id: WorkflowId,
  definition: WorkflowDefinition,
): Promise<void> {
  const { kind, database, name } = definition;
  const statement = sql`
    WITH w AS (
      INSERT INTO sluice_private.workflows
        (workflow_id, kind, database, name, enabled, version, created_at)
      VALUES (${id}, ${kind}, ${database}, ${name}, false, 1, ${databaseClock})
    )
    INSERT INTO sluice_private.workflow_versions
    VALUES (${id}, 1, ${JSON.stringify(definition)}::jsonb, ${databaseClock})`;
  try {
    await tx.execute(statement);
  } catch (error) {
    if (!hasSqlState(error, "23505")) throw error;
    throw new GatewayError("WF-EXISTS", `workflow "${database}"."${name}" already exists`, {
      cause: error,
    });
  }
}

/**
 * The lock is a statement of its own: one that had waited for it would join the new row with the
 * version that was current when it began, and find nothing.
 */
export async function lockWorkflow(
  tx: Tx,
  id: WorkflowId,
): Promise<(StoredWorkflow & { now: Instant }) | null> {
  await tx.query(sql`
    SELECT FROM sluice_private.workflows WHERE workflow_id = ${id} FOR NO KEY UPDATE`);
  return readWorkflow(tx, id);
}

export async function readWorkflow(
  tx: Queryable,
  id: WorkflowId,
): Promise<(StoredWorkflow & { now: Instant }) | null> {
  const rows = await tx.query<WorkflowRow>(sql`
    SELECT ${workflowColumns}
    FROM sluice_private.workflows w
    JOIN sluice_private.workflow_versions v USING (workflow_id, version)
    WHERE w.workflow_id = ${id}`);
  return rows[0] === undefined ? null : storedWorkflow(rows[0]);
}

export async function findWorkflow(
  tx: Queryable,
  database: string,
  name: string,
): Promise<WorkflowId | null> {
  const rows = await tx.query<{ workflow_id: string }>(sql`
    SELECT workflow_id FROM sluice_private.workflows
    WHERE database = ${database} AND name = ${name}`);
  return rows[0] === undefined ? null : asId<WorkflowId>(rows[0].workflow_id);
}

export async function updateWorkflow(tx: Tx, workflow: StoredWorkflow): Promise<void> {
  const { workflowId, definition, version } = workflow;
  await tx.execute(sql`
    WITH v AS (
      INSERT INTO sluice_private.workflow_versions
      VALUES (${workflowId}, ${version}, ${JSON.stringify(definition)}::jsonb, ${databaseClock})
      ON CONFLICT DO NOTHING
    )
    UPDATE sluice_private.workflows
    SET name = ${definition.name}, database = ${definition.database}, version = ${version},
        enabled = ${workflow.enabled}, next_due_at = ${iso(workflow.nextDueAt)},
        previous_fire_at = ${iso(workflow.previousFireAt)}, revision = ${workflow.revision}
    WHERE workflow_id = ${workflowId}`);
}

export async function deleteWorkflow(tx: Tx, id: WorkflowId): Promise<void> {
  // A statement of its own: whoever was just making an instance of it has committed by then, and
  // the next statement sees that instance.
  await tx.query(sql`
    SELECT FROM sluice_private.workflows WHERE workflow_id = ${id} FOR UPDATE`);
  await tx.execute(sql`
    WITH wishes AS (
      INSERT INTO sluice_private.cancel_requests
      SELECT instance_id, ${databaseClock}, 'DROPPED'
      FROM sluice_private.instances WHERE workflow_id = ${id}
      ON CONFLICT DO NOTHING
    )
    DELETE FROM sluice_private.workflows WHERE workflow_id = ${id}`);
}

export async function skipPending(
  tx: Tx,
  id: WorkflowId,
  triggers: readonly Trigger[],
  detail: string,
): Promise<void> {
  await tx.execute(sql`
    UPDATE sluice_private.task_instances t
    SET status = 'SKIPPED', detail = ${detail}, finished_at = ${databaseClock}
    FROM sluice_private.instances i
    WHERE i.instance_id = t.instance_id AND t.workflow_id = ${id} AND t.status = 'PENDING'
      AND i.trigger = ANY (${triggers}::text[])`);
}

export async function lastSlot(tx: Queryable, id: WorkflowId): Promise<Instant | null> {
  const rows = await tx.query<{ last: Instant | null }>(sql`
    SELECT greatest(
      (SELECT max(i.interval_end) FROM sluice_private.instances i
       WHERE i.workflow_id = ${id} AND i.trigger IN ('SCHEDULE', 'CATCH_UP')),
      (SELECT max(h.interval_end) FROM sluice_private.instance_history h
       WHERE h.workflow_id = ${id} AND h.trigger IN ('SCHEDULE', 'CATCH_UP'))) AS last`);
  return rows[0]?.last ?? null;
}

/** Open instances of workflow `w` as jsonb; a fragment for other statements. */
export const openRunsOf = trusted(`(
  SELECT coalesce(jsonb_agg(jsonb_build_object(
    'instanceId', i.instance_id,
    'claims', (
      SELECT coalesce(jsonb_agg(CASE WHEN t.resource IS NOT NULL THEN
        jsonb_build_object('resource', t.resource, 'scopes', t.scopes) END), '[]')
      FROM sluice_private.task_instances t WHERE t.instance_id = i.instance_id)
    ) ORDER BY i.created_at, i.instance_id), '[]')
  FROM sluice_private.instances i
  WHERE i.workflow_id = w.workflow_id AND i.trigger <> 'BACKFILL')`);

export async function openRuns(tx: Queryable, id: WorkflowId): Promise<readonly OpenRun[]> {
  const rows = await tx.query<{ open: OpenRun[] }>(sql`
    SELECT ${openRunsOf} AS open FROM sluice_private.workflows w WHERE w.workflow_id = ${id}`);
  return rows[0]?.open ?? [];
}

export async function insertInstances(tx: Tx, rows: readonly NewInstanceRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.execute(sql`WITH ${instancesInserted(rows, trusted("true"))} SELECT 1`);
}

/**
 * CTEs that insert instances with their tasks, those that never run straight into history.
 * `condition` is over `r."workflowId"`.
 */
export function instancesInserted(rows: readonly NewInstanceRow[], condition: Sql): Sql {
  const textOf = isoTexts();
  const plain = JSON.stringify(rows.map((row) => plainRow(row, textOf)));
  return sql`
    new_row AS MATERIALIZED (
      SELECT r.* FROM jsonb_to_recordset(${plain}::jsonb) AS r(
        "instanceId" text, "workflowId" text, version integer, kind text, trigger text,
        start timestamptz, "end" timestamptz, "scheduledAt" timestamptz, request jsonb,
        variables jsonb, backfill jsonb, gated boolean, ended jsonb, tasks jsonb)
      WHERE ${condition}
    ), new_instance AS (
      INSERT INTO sluice_private.instances
        (instance_id, workflow_id, version, trigger, interval_start, interval_end, scheduled_at,
         status, detail, request, variables, backfill_id, ordinal, created_at, kind, gated,
         task_count, open_tasks)
      SELECT "instanceId", "workflowId", version, trigger, start, "end", "scheduledAt",
        'PENDING', 'QUEUED', request, variables, backfill ->> 'id',
        (backfill ->> 'ordinal')::integer, ${databaseClock}, kind, gated,
        jsonb_array_length(tasks), jsonb_array_length(tasks)
      FROM new_row WHERE ended IS NULL
    ), new_history AS (
      INSERT INTO sluice_private.instance_history
        (instance_id, workflow_id, version, trigger, interval_start, interval_end, scheduled_at,
         status, detail, error_code, error, request, variables, backfill_id, ordinal, created_at,
         finished_at)
      SELECT "instanceId", "workflowId", version, trigger, start, "end", "scheduledAt",
        ended ->> 'status', ended ->> 'detail', ended ->> 'errorCode', ended ->> 'error', request,
        variables, backfill ->> 'id', (backfill ->> 'ordinal')::integer, ${databaseClock},
        ${databaseClock}
      FROM new_row WHERE ended IS NOT NULL
    ), new_task AS MATERIALIZED (
      SELECT r."instanceId", r."workflowId", t.*
      FROM new_row r CROSS JOIN LATERAL jsonb_to_recordset(r.tasks) AS t(
        "taskInstanceId" text, task text, priority smallint, queue text, waiting integer,
        resource text, scopes jsonb, action jsonb, policy jsonb, downstream text[],
        frame jsonb)
      WHERE r.ended IS NULL
    ), new_lock AS (
      INSERT INTO sluice_private.resource_locks
      SELECT DISTINCT resource FROM new_task WHERE resource IS NOT NULL ORDER BY 1
      ON CONFLICT DO NOTHING
    ), new_task_instance AS (
      INSERT INTO sluice_private.task_instances
        (task_instance_id, instance_id, workflow_id, task, status, detail, priority, queue,
         waiting, ready_at, resource, scopes, action, policy, downstream, frame)
      SELECT "taskInstanceId", "instanceId", "workflowId", task, 'PENDING',
        CASE waiting WHEN 0 THEN 'QUEUED' ELSE 'WAITING_UPSTREAM' END, priority,
        -- An older version may name a queue that has been dropped since: it would wait for ever.
        coalesce((SELECT q.queue FROM sluice_private.queues q WHERE q.queue = new_task.queue),
          'default-queue'),
        waiting, ${databaseClock}, resource, scopes, action, policy, downstream, frame
      FROM new_task
    )`;
}

function plainRow({ interval, ...row }: NewInstanceRow, textOf: (at: Instant) => string) {
  return {
    ...row,
    start: textOf(interval.start),
    end: textOf(interval.end),
    scheduledAt: textOf(row.scheduledAt),
    tasks: row.tasks.map(({ claim, ...task }) => ({
      ...task,
      resource: claim?.resource ?? null,
      scopes: claim?.scopes ?? null,
    })),
  };
}

/** toIso for many rows of which most are about the same few instants. */
export function isoTexts(): (at: Instant) => string {
  const known = new Map<Instant, string>();
  return (at) => {
    const text = known.get(at) ?? toIso(at);
    known.set(at, text);
    return text;
  };
}

export async function requestCancel(tx: Tx, id: InstanceId, reason: string): Promise<boolean> {
  const rows = await tx.query(sql`
    WITH open AS (SELECT instance_id FROM sluice_private.instances WHERE instance_id = ${id}),
    wish AS (
      INSERT INTO sluice_private.cancel_requests
      SELECT instance_id, ${databaseClock}, ${reason} FROM open ON CONFLICT DO NOTHING
    )
    SELECT 1 FROM open`);
  return rows.length > 0;
}

export async function wake(tx: Queryable): Promise<void> {
  await tx.execute(sql`SELECT pg_notify(${wakeChannel}, '')`);
}

export function iso(at: Instant | null): string | null {
  return at === null ? null : toIso(at);
}
