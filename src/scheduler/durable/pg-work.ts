// Statements about work that is held: outcomes, release, backends, progress, wishes to cancel,
// state.

import { asId, type GatewayId, type InstanceId, type TaskInstanceId } from "../../common/ids.ts";
import { type Database, databaseClock, hasSqlState, type Tx } from "../../common/pg.ts";
import { prepared, sql, trusted } from "../../common/sql.ts";
import { toIso } from "../../common/time.ts";
import type { InstanceState, InstanceStatus } from "../scheduler.ts";
import { FencedError } from "../task-runner.ts";
import { recordOf } from "./settlement.ts";
import type { Cancels, Deferral, HeldTask, Settlement } from "./store.ts";

type Held = Pick<HeldTask, "taskInstanceId" | "token">;

/** Columns of an attempt's row, from a task's row as it ended. */
const attemptColumns = trusted(
  "task_instance_id, attempt, status, detail, gateway_id, claimed_at, finished_at, error_code, error",
);

/**
 * The fence is the row lock: a plain SELECT would pass in a snapshot that is older than the
 * takeover. A serialization failure here means that somebody else changed the row, which only a
 * takeover does.
 */
export async function settle(tx: Tx, settlement: Settlement): Promise<void> {
  const record = recordOf(settlement);
  const held = await tx
    .query(
      sql`
      SELECT 1 FROM sluice_private.task_instances
      WHERE task_instance_id = ${record.taskInstanceId} AND token = ${record.token}
        AND status = 'RUNNING' FOR UPDATE`,
    )
    .catch((error: unknown) => {
      if (hasSqlState(error, "40001")) return [];
      throw error;
    });
  if (held.length === 0) throw new FencedError(`task ${record.taskInstanceId} was taken over`);
  await tx.execute(sql`
    WITH done AS (
      UPDATE sluice_private.task_instances
      SET status = ${record.status}, detail = ${record.detail}, error_code = ${record.errorCode},
          error = ${record.error}, retryable = ${record.retryable}, finished_at = ${databaseClock}
      WHERE task_instance_id = ${record.taskInstanceId}
      RETURNING *
    )
    INSERT INTO sluice_private.task_attempts SELECT ${attemptColumns} FROM done`);
}

/**
 * An attempt that failed under a server that has been restarted since was lost, whatever error it
 * saw.
 */
export async function record(
  database: Database,
  settlements: readonly Settlement[],
): Promise<void> {
  const rows = JSON.stringify(settlements.map(recordOf));
  await database.execute(
    prepared(
      "sluice_record",
      sql`
    WITH outcome AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(${rows}::jsonb) AS o(
        "taskInstanceId" text, token bigint, status text, detail text, "errorCode" text,
        error text, retryable boolean)
    ), done AS (
      UPDATE sluice_private.task_instances t
      SET status = o.status, error_code = o."errorCode", error = o.error,
          retryable = o.retryable, finished_at = ${databaseClock},
          detail = CASE WHEN o.status = 'FAILED' AND t.server_start <> pg_postmaster_start_time()
            THEN 'LOST' ELSE o.detail END
      FROM outcome o
      WHERE t.task_instance_id = o."taskInstanceId" AND t.token = o.token
        AND t.status = 'RUNNING'
      RETURNING t.*
    )
    INSERT INTO sluice_private.task_attempts SELECT ${attemptColumns} FROM done`,
    ),
  );
}

export async function release(
  database: Database,
  gatewayId: GatewayId,
  tasks: readonly Held[],
): Promise<void> {
  const rows = tasks.map(({ taskInstanceId, token }) => ({ taskInstanceId, token }));
  await database.execute(sql`
    UPDATE sluice_private.task_instances t
    SET status = 'FAILED', detail = 'RELEASED', attempt = t.attempt - 1,
        finished_at = ${databaseClock}
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS h(
      "taskInstanceId" text, token bigint)
    WHERE t.task_instance_id = h."taskInstanceId" AND t.token = h.token
      AND t.status = 'RUNNING' AND t.gateway_id = ${gatewayId}`);
}

/**
 * Straight back to PENDING, in READ COMMITTED: whoever suspends or cancels meanwhile finds the task
 * either way, and its runner asks again before it works. One that was woken while it was held is
 * ready at once.
 */
export async function defer(database: Database, deferrals: readonly Deferral[]): Promise<void> {
  const rows = deferrals.map(({ until, ...rest }) => ({ ...rest, until: toIso(until) }));
  await database.execute(sql`
    WITH d AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS d(
        "taskInstanceId" text, token bigint, until timestamptz, detail text)
    ), wake AS (
      DELETE FROM sluice_private.task_wakes w USING d
      WHERE w.task_instance_id = d."taskInstanceId" RETURNING w.task_instance_id, w.woken
    ), deferred AS (
      UPDATE sluice_private.task_instances t
      SET status = 'PENDING', detail = coalesce(d.detail, 'QUEUED'), attempt = t.attempt - 1,
          ready_at = CASE WHEN wake.woken THEN ${databaseClock}
            ELSE greatest(d.until, ${databaseClock}) END,
          gateway_id = NULL, claimed_at = NULL
      FROM d LEFT JOIN wake ON wake.task_instance_id = d."taskInstanceId"
      WHERE t.task_instance_id = d."taskInstanceId" AND t.token = d.token
        AND t.status = 'RUNNING'
      RETURNING t.instance_id, t.detail
    )
    UPDATE sluice_private.instances i
    SET status = 'PENDING', detail = d.detail, started_at = NULL
    FROM deferred d WHERE i.instance_id = d.instance_id AND i.task_count = 1`);
}

export async function heldTasks(
  database: Database,
  gatewayId: GatewayId,
): Promise<readonly Held[]> {
  const rows = await database.query<{ task_instance_id: string; token: number }>(sql`
    SELECT task_instance_id, token FROM sluice_private.task_instances
    WHERE gateway_id = ${gatewayId} AND status = 'RUNNING'`);
  return rows.map((row) => ({
    taskInstanceId: asId<TaskInstanceId>(row.task_instance_id),
    token: row.token,
  }));
}

export async function attachBackend(
  database: Database,
  id: TaskInstanceId,
  token: number,
  pid: number,
): Promise<boolean> {
  const attached = await database.execute(
    prepared(
      "sluice_attach",
      sql`
    INSERT INTO sluice_private.task_backends
    SELECT t.task_instance_id, t.token, a.pid, a.backend_start
    FROM sluice_private.task_instances t, pg_catalog.pg_stat_activity a
    WHERE t.task_instance_id = ${id} AND t.token = ${token} AND t.status = 'RUNNING'
      AND a.pid = ${pid} AND a.backend_start IS NOT NULL
    ON CONFLICT (task_instance_id) DO UPDATE SET token = excluded.token,
      backend_pid = excluded.backend_pid, backend_start = excluded.backend_start`,
    ),
  );
  return attached === 1;
}

export async function saveProgress(
  database: Database,
  id: TaskInstanceId,
  steps: { readonly done: number; readonly total: number; readonly note: string },
): Promise<void> {
  await database.execute(sql`
    INSERT INTO sluice_private.task_progress
    SELECT task_instance_id, ${steps.done}::bigint, ${steps.total}::bigint, ${steps.note}::text,
      ${databaseClock}
    FROM sluice_private.task_instances WHERE task_instance_id = ${id} AND status = 'RUNNING'
    ON CONFLICT (task_instance_id) DO UPDATE SET done = excluded.done, total = excluded.total,
      note = excluded.note, at = excluded.at`);
}

/** Also drops wishes about instances that have ended meanwhile. */
export async function applyCancels(database: Database, gatewayId: GatewayId): Promise<Cancels> {
  const rows = await database.query<{ task_instance_id: string | null; reason: string }>(
    prepared(
      "sluice_cancels",
      sql`
    WITH ended AS (
      UPDATE sluice_private.task_instances t
      SET status = 'CANCELED', finished_at = ${databaseClock}, error = pending.reason,
          detail = CASE pending.reason WHEN 'REPLACED' THEN 'REPLACED' END
      FROM (
        SELECT p.task_instance_id, c.reason FROM sluice_private.cancel_requests c
        JOIN sluice_private.task_instances p USING (instance_id)
        WHERE p.status = 'PENDING' FOR UPDATE OF p SKIP LOCKED
      ) pending
      WHERE t.task_instance_id = pending.task_instance_id
      RETURNING 1
    ), stale AS (
      DELETE FROM sluice_private.cancel_requests c
      WHERE NOT EXISTS (
        SELECT FROM sluice_private.instances i WHERE i.instance_id = c.instance_id)
    )
    SELECT t.task_instance_id, c.reason
    FROM sluice_private.cancel_requests c
    JOIN sluice_private.task_instances t USING (instance_id)
    WHERE t.status = 'RUNNING' AND t.gateway_id = ${gatewayId}
    UNION ALL SELECT NULL, 'ended' FROM ended`,
    ),
  );
  const running = rows.flatMap(({ task_instance_id: id, reason }) =>
    id === null ? [] : [{ taskInstanceId: asId<TaskInstanceId>(id), reason }],
  );
  return { running, ended: rows.length - running.length };
}

interface StateRow {
  readonly status: InstanceStatus;
  readonly detail: string | null;
  readonly error_code: string | null;
  readonly error: string | null;
}

export async function find(database: Database, id: InstanceId): Promise<InstanceState | null> {
  const rows = await database.query<StateRow>(sql`
    SELECT status, detail, NULL AS error_code, NULL AS error
    FROM sluice_private.instances WHERE instance_id = ${id}
    UNION ALL
    SELECT status, detail, error_code, error
    FROM sluice_private.instance_history WHERE instance_id = ${id}`);
  const row = rows[0];
  if (row === undefined) return null;
  const { status, detail, error_code: errorCode, error } = row;
  return { instanceId: id, status, detail, errorCode, error };
}
