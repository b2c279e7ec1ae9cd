// How the refresh of a materialized table stands: the run that is under way, else the last one.
// Progress is that of the worker or of PostgreSQL where they tell one, else an estimate from how
// long earlier runs took.

import type { MaterializedTable } from "../catalog/materialized-table.ts";
import type { Queryable } from "../common/pg.ts";
import { databaseClock } from "../common/pg.ts";
import { sql } from "../common/sql.ts";
import type { Instant } from "../common/time.ts";
import type { RunProgress } from "../ops/monitoring.ts";

/** NEVER: it has not been refreshed yet. More may follow. */
export const refreshStatuses = [
  "PENDING",
  "RUNNING",
  "COMPLETED",
  "FAILED",
  "CANCELED",
  "SKIPPED",
  "NEVER",
] as const;
export type RefreshStatus = (typeof refreshStatuses)[number];

export interface MaterializedTableRefreshStatus {
  readonly status: RefreshStatus;
  /** Percent, 0 to 100; 100 for COMPLETED, null unless it runs or is completed. */
  readonly progress: number | null;
  /** True if the progress was computed from how long earlier runs took. */
  readonly isEstimate: boolean;
  readonly errorMessage: string | null;
  readonly errorCode: string | null;
  /** Milliseconds: of the run that has ended, or so far; null for PENDING and NEVER. */
  readonly duration: number | null;
  /** How often a failed run has been followed by another failed one since the last success. */
  readonly retryCount: number;
  /** Active, last run not failed, rows not older than their limit. */
  readonly isHealthy: boolean;
  /** Names the run for `cancelRefresh`; null for NEVER. */
  readonly operationId: string | null;
  readonly startTime: Date | null;
  readonly endTime: Date | null;
}

interface StatusRow {
  readonly now: Instant;
  readonly healthy: boolean | null;
  readonly open: { readonly id: string; readonly status: string; readonly started: number } | null;
  readonly last: {
    readonly id: string;
    readonly status: string;
    readonly started: number;
    readonly finished: number;
    readonly error: string | null;
    readonly code: string | null;
  } | null;
  /** Failed runs since the last successful one. */
  readonly failures: number;
  /** Milliseconds that successful runs took lately; null: there were none. */
  readonly usual: number | null;
}

/** `running`: the tasks that run now, by whom the monitor knows them. */
export async function readRefreshStatus(
  on: Queryable,
  table: MaterializedTable,
  running: readonly RunProgress[],
): Promise<MaterializedTableRefreshStatus> {
  const { database, name } = table.identifier;
  // Milliseconds since 1970 travel in JSON as numbers.
  const [row] = await on.query<StatusRow>(sql`
    WITH runs AS MATERIALIZED (
      SELECT r.* FROM sluice.refresh_runs r WHERE r.table_id = ${table.id}
      ORDER BY r.finished_at DESC LIMIT 100
    )
    SELECT ${databaseClock} AS now,
      (SELECT m.healthy FROM sluice.materialized_tables m WHERE m.table_id = ${table.id})
        AS healthy,
      (SELECT jsonb_build_object('id', i.instance_id, 'status', i.status,
          'started', extract(epoch FROM i.started_at) * 1000)
       FROM sluice.workflow_instances i
       WHERE i.database = ${database} AND i.workflow = ${`table:${name}`} AND i.finished_at IS NULL
       ORDER BY i.status = 'RUNNING' DESC, i.scheduled_at LIMIT 1) AS open,
      (SELECT jsonb_build_object('id', r.instance_id, 'status', r.status, 'error', r.error,
          'code', r.error_code, 'started', extract(epoch FROM r.started_at) * 1000,
          'finished', extract(epoch FROM r.finished_at) * 1000)
       FROM runs r ORDER BY r.finished_at DESC LIMIT 1) AS last,
      (SELECT count(*) FROM runs r WHERE r.status = 'FAILED' AND r.finished_at > coalesce(
         (SELECT max(g.finished_at) FROM runs g WHERE g.status = 'SUCCESSFUL'), '-infinity'))
        AS failures,
      (SELECT avg(extract(epoch FROM r.finished_at - r.started_at)) * 1000
       FROM runs r WHERE r.status = 'SUCCESSFUL')::double precision AS usual`);
  return statusOf(row, running);
}

const never = {
  status: "NEVER",
  progress: null,
  isEstimate: false,
  errorMessage: null,
  errorCode: null,
  duration: null,
  operationId: null,
  startTime: null,
  endTime: null,
} as const;

function statusOf(
  row: StatusRow | undefined,
  running: readonly RunProgress[],
): MaterializedTableRefreshStatus {
  if (row === undefined) return { ...never, retryCount: 0, isHealthy: false };
  const always = {
    retryCount: Math.max(0, row.failures - 1),
    isHealthy: row.healthy === true,
  };
  const { open, last } = row;
  if (open !== null) return { ...never, ...always, ...underWay(open, row, running) };
  if (last === null) return { ...never, ...always };
  const status = endOf[last.status] ?? "COMPLETED";
  return {
    ...never,
    ...always,
    status,
    progress: status === "COMPLETED" ? 100 : null,
    errorMessage: last.error,
    errorCode: last.code,
    duration: Math.max(0, Math.round(last.finished - last.started)),
    operationId: last.id,
    startTime: new Date(last.started),
    endTime: new Date(last.finished),
  };
}

const endOf: Readonly<Record<string, RefreshStatus>> = {
  SUCCESSFUL: "COMPLETED",
  FAILED: "FAILED",
  CANCELED: "CANCELED",
  SKIPPED: "SKIPPED",
};

function underWay(
  open: NonNullable<StatusRow["open"]>,
  { now, usual }: StatusRow,
  running: readonly RunProgress[],
): Partial<MaterializedTableRefreshStatus> {
  if (open.status !== "RUNNING") return { status: "PENDING", operationId: open.id };
  const duration = Math.max(0, Math.round(now - open.started));
  const told = toldOf(running.find((one) => one.instanceId === open.id));
  const estimate = usual === null ? 0 : Math.min(99, (duration / Math.max(1, usual)) * 100);
  return {
    status: "RUNNING",
    progress: Math.round(told ?? estimate),
    isEstimate: told === null,
    duration,
    operationId: open.id,
    startTime: new Date(open.started),
  };
}

/** Percent, by the worker or by PostgreSQL; null: neither tells. */
function toldOf(progress: RunProgress | undefined): number | null {
  const step = progress?.step ?? null;
  if (step !== null && step.total > 0) return Math.min(99, (step.done / step.total) * 100);
  const fraction = progress?.backend?.fraction ?? null;
  return fraction === null ? null : Math.min(99, fraction * 100);
}
