// Statements about time: what is due, moving the cursors, what comes next; and the leases of
// gateways.

import { asId, type GatewayId, type TaskInstanceId, type WorkflowId } from "../../common/ids.ts";
import { type Database, databaseClock } from "../../common/pg.ts";
import { prepared, sql, trusted } from "../../common/sql.ts";
import type { Duration, Instant } from "../../common/time.ts";
import type { OpenRun } from "../policies.ts";
import {
  instancesInserted,
  isoTexts,
  openRunsOf,
  storedWorkflow,
  type WorkflowRow,
} from "./pg-workflows.ts";
import type { DueBatch, GatewayIdentity, LostTask, TickChange, Upcoming } from "./store.ts";

interface DueRow extends WorkflowRow {
  readonly next_due_at: Instant;
  readonly open: readonly OpenRun[] | null;
  readonly alive_since: Instant | null;
}

/**
 * A table with a scheduled run that has not started is left alone: its slots wait for that run to
 * start, and then count as missed or due by its catch-up policy. So a table that is slower than its
 * freshness has one run waiting, not thousands.
 */
export async function loadDue(database: Database, limit: number): Promise<DueBatch> {
  const rows = await database.query<DueRow>(
    prepared(
      "sluice_due",
      sql`
    WITH n AS MATERIALIZED (SELECT ${databaseClock} AS now)
    SELECT n.now, w.workflow_id, w.version, w.enabled, v.definition, w.next_due_at,
      w.previous_fire_at, w.revision,
      (SELECT min(g.started_at) FROM sluice_private.gateways g WHERE g.expires_at > n.now)
        AS alive_since,
      CASE WHEN w.kind = 'user' OR v.definition ->> 'overlap' <> 'queue'
        THEN ${openRunsOf} END AS open
    FROM n, sluice_private.workflows w
    JOIN sluice_private.workflow_versions v USING (workflow_id, version)
    WHERE w.enabled AND w.next_due_at IS NOT NULL AND w.next_due_at <= n.now
      AND NOT (w.kind = 'table' AND EXISTS (
        SELECT FROM sluice_private.instances i
        WHERE i.workflow_id = w.workflow_id AND i.status = 'PENDING'
          AND i.trigger IN ('SCHEDULE', 'CATCH_UP')))
    ORDER BY w.next_due_at LIMIT ${limit}`,
    ),
  );
  const now = rows[0]?.now ?? (0 as Instant);
  return {
    now,
    aliveSince: rows[0]?.alive_since ?? now,
    due: rows.map((row) => ({
      ...storedWorkflow(row),
      nextDueAt: row.next_due_at,
      open: row.open ?? [],
    })),
  };
}

/**
 * One statement: the cursors move where nothing changed meanwhile, and only those make their
 * instances.
 */
export async function commitTick(
  database: Database,
  changes: readonly TickChange[],
): Promise<readonly WorkflowId[]> {
  const textOf = isoTexts();
  const cursors = changes.map((change) => ({
    workflowId: change.workflowId,
    version: change.version,
    revision: change.revision,
    expected: textOf(change.expectedDueAt),
    next: change.nextDueAt === null ? null : textOf(change.nextDueAt),
    previous: textOf(change.previousFireAt),
    replaced: change.replaced,
  }));
  const instances = changes.flatMap((change) => change.instances);
  const moved = trusted(`r."workflowId" IN (SELECT workflow_id FROM moved)`);
  const rows = await database.query<{ workflow_id: string }>(
    prepared(
      "sluice_tick",
      sql`
    WITH change AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(cursors)}::jsonb) AS c(
        "workflowId" text, version integer, revision bigint, expected timestamptz,
        next timestamptz, previous timestamptz, replaced text[])
    ), locked AS MATERIALIZED (
      SELECT w.workflow_id FROM sluice_private.workflows w JOIN change c
        ON w.workflow_id = c."workflowId"
      FOR NO KEY UPDATE OF w SKIP LOCKED
    ), moved AS (
      UPDATE sluice_private.workflows w
      SET next_due_at = c.next, previous_fire_at = c.previous
      FROM change c JOIN locked l ON l.workflow_id = c."workflowId"
      WHERE w.workflow_id = c."workflowId" AND w.enabled AND w.version = c.version
        AND w.revision = c.revision AND w.next_due_at = c.expected
      RETURNING w.workflow_id
    ), wishes AS (
      INSERT INTO sluice_private.cancel_requests
      SELECT i.instance_id, ${databaseClock}, 'REPLACED'
      FROM change c JOIN moved m ON m.workflow_id = c."workflowId"
      JOIN sluice_private.instances i ON i.instance_id = ANY (c.replaced)
      ON CONFLICT DO NOTHING
    ), ${instancesInserted(instances, moved)}
    SELECT workflow_id FROM moved`,
    ),
  );
  return rows.map((row) => asId<WorkflowId>(row.workflow_id));
}

export async function upcoming(database: Database): Promise<Upcoming> {
  const rows = await database.query<{ now: Instant; due: Instant | null; ready: Instant | null }>(
    prepared(
      "sluice_upcoming",
      sql`
    WITH n AS MATERIALIZED (SELECT ${databaseClock} AS now)
    SELECT n.now,
      (SELECT w.next_due_at FROM sluice_private.workflows w
       WHERE w.enabled AND w.next_due_at IS NOT NULL AND w.next_due_at > n.now
       ORDER BY w.next_due_at LIMIT 1) AS due,
      (SELECT t.ready_at FROM sluice_private.task_instances t
       WHERE t.status = 'PENDING' AND t.detail = 'WAITING_RETRY' AND t.ready_at > n.now
       ORDER BY t.ready_at LIMIT 1) AS ready
    FROM n`,
    ),
  );
  const row = rows[0];
  return {
    now: row?.now ?? (0 as Instant),
    nextDueAt: row?.due ?? null,
    nextReadyAt: row?.ready ?? null,
  };
}

export async function register(
  database: Database,
  gateway: GatewayIdentity,
  lease: Duration,
): Promise<void> {
  await database.execute(sql`
    INSERT INTO sluice_private.gateways
      (gateway_id, host, pid, version, started_at, expires_at)
    VALUES (${gateway.gatewayId}, ${gateway.host}, ${gateway.pid}, ${gateway.version},
      ${databaseClock}, ${databaseClock} + ${lease} * interval '1 ms')`);
}

/** Never revives a lease: what others may already have taken over must not go on. */
export async function heartbeat(
  database: Database,
  gatewayId: GatewayId,
  lease: Duration,
): Promise<boolean> {
  const touched = await database.execute(
    prepared(
      "sluice_heartbeat",
      sql`
    UPDATE sluice_private.gateways SET expires_at = ${databaseClock} + ${lease} * interval '1 ms'
    WHERE gateway_id = ${gatewayId} AND expires_at > ${databaseClock}`,
    ),
  );
  return touched === 1;
}

export async function expire(database: Database, ids: readonly GatewayId[]): Promise<void> {
  await database.execute(sql`
    UPDATE sluice_private.gateways SET expires_at = ${databaseClock}
    WHERE gateway_id = ANY (${ids}::text[]) AND expires_at > ${databaseClock}`);
}

export async function gatewaysOn(
  database: Database,
  host: string,
): Promise<readonly { gatewayId: GatewayId; pid: number }[]> {
  const rows = await database.query<{ gateway_id: string; pid: number }>(sql`
    SELECT gateway_id, pid FROM sluice_private.gateways WHERE host = ${host}`);
  return rows.map((row) => ({ gatewayId: asId<GatewayId>(row.gateway_id), pid: row.pid }));
}

interface LostRow {
  readonly task_instance_id: string;
  readonly token: number;
  readonly backend_pid: number | null;
  readonly backend_start: string | null;
}

/** True where the gateway of task `t` has no lease. */
const orphaned = trusted(`NOT EXISTS (
  SELECT FROM sluice_private.gateways g
  WHERE g.gateway_id = t.gateway_id AND g.expires_at > sluice_private.clock())`);

export async function lostTasks(database: Database, limit: number): Promise<readonly LostTask[]> {
  const rows = await database.query<LostRow>(
    prepared(
      "sluice_lost",
      sql`
    SELECT t.task_instance_id, t.token, b.backend_pid, b.backend_start::text
    FROM sluice_private.task_instances t
    LEFT JOIN sluice_private.task_backends b USING (task_instance_id, token)
    WHERE t.status = 'RUNNING' AND ${orphaned}
    ORDER BY t.task_instance_id LIMIT ${limit}`,
    ),
  );
  return rows.map((row) => ({
    taskInstanceId: asId<TaskInstanceId>(row.task_instance_id),
    token: row.token,
    backend:
      row.backend_pid === null || row.backend_start === null
        ? null
        : { pid: row.backend_pid, startedAt: row.backend_start },
  }));
}

export async function takeOver(database: Database, tasks: readonly LostTask[]): Promise<number> {
  const rows = tasks.map(({ taskInstanceId, token }) => ({ taskInstanceId, token }));
  const taken = await database.query(sql`
    WITH lost AS MATERIALIZED (
      SELECT t.task_instance_id FROM sluice_private.task_instances t
      JOIN jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS l(
        "taskInstanceId" text, token bigint)
        ON t.task_instance_id = l."taskInstanceId" AND t.token = l.token
      WHERE t.status = 'RUNNING' AND ${orphaned}
      FOR UPDATE OF t SKIP LOCKED
    ), taken AS (
      UPDATE sluice_private.task_instances t
      SET status = 'FAILED', detail = 'LOST', token = t.token + 1, finished_at = ${databaseClock},
          error_code = 'WF-LOST', error = 'the gateway died', retryable = true
      FROM lost WHERE t.task_instance_id = lost.task_instance_id
      RETURNING t.*
    ), attempts AS (
      INSERT INTO sluice_private.task_attempts
      SELECT task_instance_id, attempt, status, detail, gateway_id, claimed_at, finished_at,
        error_code, error
      FROM taken
    )
    SELECT 1 FROM taken`);
  return taken.length;
}

export async function forgetGateways(database: Database): Promise<void> {
  await database.execute(
    prepared(
      "sluice_forget",
      sql`
    DELETE FROM sluice_private.gateways g
    WHERE g.expires_at <= ${databaseClock} AND NOT EXISTS (
      SELECT FROM sluice_private.task_instances t
      WHERE t.gateway_id = g.gateway_id AND t.status = 'RUNNING')`,
    ),
  );
}
