// How far the tasks that run now have come: the step that their worker told of, and what PostgreSQL
// tells of the backend that works for them (its progress views know CREATE INDEX, COPY, ANALYZE,
// VACUUM and CLUSTER; of a query nothing but what it waits for).

import type { Queryable } from "../common/pg.ts";
import { prepared, sql } from "../common/sql.ts";
import type { Instant } from "../common/time.ts";
import type { RunProgress } from "./monitoring.ts";

interface ProgressRow {
  readonly task_instance_id: string;
  readonly instance_id: string;
  readonly database: string;
  readonly workflow: string;
  readonly table_name: string | null;
  readonly task: string;
  readonly attempt: number;
  readonly gateway_id: string | null;
  readonly claimed_at: Instant;
  readonly done: number | null;
  readonly total: number | null;
  readonly note: string | null;
  readonly pid: number | null;
  readonly state: string | null;
  readonly wait_event: string | null;
  readonly command: string | null;
  readonly phase: string | null;
  readonly fraction: number | null;
}

/** All running tasks, the longest running first. */
export async function readProgress(database: Queryable): Promise<readonly RunProgress[]> {
  const rows = await database.query<ProgressRow>(
    prepared(
      "sluice_progress",
      sql`
    SELECT t.task_instance_id, t.instance_id, coalesce(w.database, '') AS database,
      coalesce(w.name, '') AS workflow, sluice_private.table_of_workflow(w.name) AS table_name,
      t.task, t.attempt, t.gateway_id, t.claimed_at, p.done, p.total, p.note,
      a.pid, a.state, a.wait_event, c.command, c.phase, c.fraction
    FROM sluice_private.task_instances t
    LEFT JOIN sluice_private.workflows w USING (workflow_id)
    -- What an earlier attempt told does not count.
    LEFT JOIN sluice_private.task_progress p
      ON p.task_instance_id = t.task_instance_id AND p.at >= t.claimed_at
    LEFT JOIN sluice_private.task_backends b
      ON b.task_instance_id = t.task_instance_id AND b.token = t.token
    LEFT JOIN pg_catalog.pg_stat_activity a
      ON a.pid = b.backend_pid AND a.backend_start = b.backend_start
    LEFT JOIN LATERAL (
      SELECT x.command, x.phase, least(x.done / nullif(x.total, 0), 1) AS fraction FROM (
        SELECT i.command, i.phase,
          greatest(i.blocks_done, i.tuples_done)::double precision AS done,
          CASE WHEN i.blocks_done >= i.tuples_done THEN i.blocks_total ELSE i.tuples_total END
            AS total
        FROM pg_catalog.pg_stat_progress_create_index i WHERE i.pid = a.pid
        UNION ALL
        SELECT y.command, y.type, y.bytes_processed, y.bytes_total
        FROM pg_catalog.pg_stat_progress_copy y WHERE y.pid = a.pid
        UNION ALL
        SELECT 'ANALYZE', z.phase, z.sample_blks_scanned, z.sample_blks_total
        FROM pg_catalog.pg_stat_progress_analyze z WHERE z.pid = a.pid
        UNION ALL
        SELECT 'VACUUM', v.phase, v.heap_blks_scanned, v.heap_blks_total
        FROM pg_catalog.pg_stat_progress_vacuum v WHERE v.pid = a.pid
        UNION ALL
        SELECT u.command, u.phase, u.heap_blks_scanned, u.heap_blks_total
        FROM pg_catalog.pg_stat_progress_cluster u WHERE u.pid = a.pid
      ) x LIMIT 1
    ) c ON true
    WHERE t.status = 'RUNNING' ORDER BY t.claimed_at, t.task_instance_id`,
    ),
  );
  return rows.map(progressOf);
}

function progressOf(row: ProgressRow): RunProgress {
  const { done, total, note, pid } = row;
  return {
    taskInstanceId: row.task_instance_id,
    instanceId: row.instance_id,
    database: row.database,
    workflow: row.workflow,
    tableName: row.table_name,
    task: row.task,
    attempt: row.attempt,
    gateway: row.gateway_id,
    startedAt: row.claimed_at,
    step: done === null || total === null ? null : { done, total, note: note ?? "" },
    backend:
      pid === null
        ? null
        : {
            pid,
            state: row.state,
            waitEvent: row.wait_event,
            command: row.command,
            phase: row.phase,
            fraction: row.fraction,
          },
  };
}
