// A run of a table that reads other materialized tables waits until none of their runs that meet
// its own slice of time is unfinished. Waiting holds nothing: the task goes back to the queue and
// asks again later, sooner if a parent's run wakes it (after-run.ts). States of the question:
//
//   wait     a parent's run is open, or a slot of a parent is due and has no run yet
//   failed   nothing is open, but what the child would read failed to be refreshed: its run is
//            skipped, its cells are stale until the parent recovers
//   go       neither; or the wait took longer than 'upstream.wait.timeout', which the run then says
//
// Reads only. A parent slower than its child is not waited for: its next slot is not due yet.

import { freshnessDuration } from "../catalog/freshness.ts";
import type { MaterializedTable, PartitionTime } from "../catalog/materialized-table.ts";
import { parsePartition, type PartitionSpec } from "../catalog/partition.ts";
import type { InstanceId } from "../common/ids.ts";
import type { Queryable } from "../common/pg.ts";
import { sql } from "../common/sql.ts";
import { type DataInterval, type Instant, instant, parseInstant, toIso } from "../common/time.ts";
import type { Trigger } from "../scheduler/task-runner.ts";
import { cellKeysOf } from "./cell-rule.ts";
import { intervalOfSpec } from "./cells.ts";
import type { Reason } from "./reasons.ts";
import type { RefreshRequest } from "./refresh-request.ts";
import { policiesOf } from "./table-policies.ts";

export type ParentsVerdict =
  | { readonly kind: "go"; readonly reason: Reason | null }
  | { readonly kind: "wait"; readonly until: Instant }
  | { readonly kind: "failed" };

export interface WaitingRun {
  readonly table: MaterializedTable;
  readonly trigger: Trigger;
  readonly request: RefreshRequest;
  /** Null: not queued yet. */
  readonly instanceId: InstanceId | null;
  /** The database's clock. */
  readonly now: Instant;
}

const waiting: readonly Trigger[] = ["INITIAL", "SCHEDULE", "CATCH_UP", "REPAIR"];
const shortestPause = 500;
const longestPause = 10_000;

/** Whether the run may work now. Typed REFRESH and backfills always may. */
export async function askParents(on: Queryable, run: WaitingRun): Promise<ParentsVerdict> {
  const go: ParentsVerdict = { kind: "go", reason: null };
  const policies = policiesOf(run.table);
  if (!policies.waitsForParents || !waiting.includes(run.trigger)) return go;
  const slice = sliceOf(run);
  const parents = await loadParents(on, run, slice);
  if (parents.some((parent) => isUnfinished(parent, run.trigger, slice))) {
    const since = parents[0]?.created_at ?? run.now;
    const limit = policies.parentTimeout ?? freshnessDuration(run.table.freshness);
    if (run.now - since >= limit) return { kind: "go", reason: "UPSTREAM_TIMEOUT" };
    return { kind: "wait", until: nextLook(run.now, since, instant(since + limit)) };
  }
  // The first load takes what is there; what comes later marks it stale.
  if (run.trigger === "INITIAL") return go;
  return parents.some((parent) => hasFailed(parent, slice)) ? { kind: "failed" } : go;
}

/** The slice of time that the run is about; null: all of it. */
function sliceOf({ table, request }: WaitingRun): DataInterval | null {
  if (request.kind === "scheduled") return request.interval;
  const keys = cellKeysOf(table);
  if (request.kind !== "repair" || request.partitions === null || keys === null) return null;
  const intervals = request.partitions.map((spec) => intervalOfSpec(keys, spec));
  const known = intervals.filter((interval) => interval !== null);
  if (known.length === 0 || known.length < intervals.length) return null;
  return {
    start: instant(Math.min(...known.map((interval) => interval.start))),
    end: instant(Math.max(...known.map((interval) => interval.end))),
  };
}

interface OpenRun {
  readonly trigger: Trigger;
  readonly start: string | null;
  readonly end: string | null;
  readonly scopes: readonly PartitionSpec[] | null;
}

interface ParentRow {
  readonly columns: MaterializedTable["columns"];
  readonly partition_times: readonly PartitionTime[];
  readonly time_zone: string;
  readonly created_at: Instant | null;
  readonly due: boolean;
  readonly open: readonly OpenRun[];
  readonly failed_whole: boolean;
  readonly failed: readonly string[];
}

/** Partitions of a parent that failed are looked at one by one, so many at most. */
const failedAtMost = 1_000;

async function loadParents(
  on: Queryable,
  run: WaitingRun,
  slice: DataInterval | null,
): Promise<readonly ParentRow[]> {
  const slotEnd = run.request.kind === "scheduled" ? toIso(run.request.interval.end) : null;
  const from = slice === null ? "-infinity" : toIso(slice.start);
  const to = slice === null ? "infinity" : toIso(slice.end);
  return on.query<ParentRow>(sql`
    SELECT p.definition -> 'columns' AS columns,
      p.definition -> 'partitionTimes' AS partition_times,
      p.time_zone, own.created_at,
      coalesce(w.enabled AND w.next_due_at <= ${slotEnd}::timestamptz, false) AS due,
      coalesce(open.runs, '[]') AS open,
      coalesce(last.status = 'FAILED' AND last.partitions IS NULL, false) AS failed_whole,
      ARRAY(
        SELECT c.partition FROM sluice_private.cells c
        WHERE c.table_id = p.table_id AND c.state = 'FAILED'
          AND (c.interval_start IS NULL
            OR c.interval_start < ${to}::timestamptz AND c.interval_end > ${from}::timestamptz)
        UNION
        SELECT coalesce(m.partition, '') FROM sluice_private.cell_marks m
        LEFT JOIN sluice_private.cells c
          ON c.table_id = m.table_id AND c.partition = coalesce(m.partition, '')
        WHERE m.table_id = p.table_id AND m.reason = 'UPSTREAM_FAILED'
          AND (c.snapshot IS NULL OR NOT pg_catalog.pg_visible_in_snapshot(m.tx, c.snapshot))
        LIMIT ${failedAtMost}) AS failed
    FROM sluice_private.table_sources s
    JOIN sluice_private.materialized_tables p ON p.table_id = s.source_table_id
    LEFT JOIN sluice_private.workflows w ON w.workflow_id = p.workflow_id
    LEFT JOIN sluice_private.instances own ON own.instance_id = ${run.instanceId}
    LEFT JOIN LATERAL (
      SELECT r.status, r.partitions FROM sluice_private.refresh_runs r
      WHERE r.table_id = p.table_id AND r.status IN ('SUCCESSFUL', 'FAILED')
      ORDER BY r.finished_at DESC LIMIT 1) last ON true
    CROSS JOIN LATERAL (
      SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
        'trigger', i.trigger, 'start', i.interval_start, 'end', i.interval_end,
        'scopes', k.scopes)) AS runs
      FROM (
        SELECT k.instance_id, k.scopes FROM sluice_private.task_instances k
        WHERE k.resource = p.table_id AND k.status IN ('PENDING', 'RUNNING')
        UNION ALL
        SELECT k.instance_id, k.scopes FROM sluice_private.task_instances k
        WHERE k.resource = p.table_id AND k.status = 'FAILED' AND NOT k.advanced
          AND (k.detail IN ('LOST', 'RELEASED')
            OR k.retryable AND k.attempt - k.lost <= (k.policy ->> 'retries')::integer)
      ) k JOIN sluice_private.instances i USING (instance_id)
      WHERE i.trigger = ANY (${[...waiting]}::text[])) open
    WHERE s.table_id = ${run.table.id}`);
}

function isUnfinished(parent: ParentRow, trigger: Trigger, slice: DataInterval | null): boolean {
  if (parent.due) return true;
  return parent.open.some((open) => {
    if (open.trigger === "INITIAL" || slice === null) {
      // A first load does not wait for the repairs of years.
      return trigger !== "INITIAL" || open.trigger !== "REPAIR";
    }
    if (open.trigger === "REPAIR") return scopesMeet(parent, open.scopes, slice);
    if (open.start === null || open.end === null) return true;
    return parseInstant(open.start) < slice.end && parseInstant(open.end) > slice.start;
  });
}

function hasFailed(parent: ParentRow, slice: DataInterval | null): boolean {
  if (parent.failed_whole) return true;
  return scopesMeet(parent, parent.failed.map(parsePartition), slice);
}

/** True if one of the parent's partitions lies in the slice, or has no time to tell by. */
function scopesMeet(
  parent: ParentRow,
  specs: readonly PartitionSpec[] | null,
  slice: DataInterval | null,
): boolean {
  if (specs === null) return true;
  if (slice === null) return specs.length > 0;
  const { columns, partition_times: partitionTimes, time_zone: timeZone } = parent;
  const keys = cellKeysOf({ columns, partitionTimes, timeZone });
  return specs.some((spec) => {
    if (keys === null || Object.keys(spec).length === 0) return true;
    const interval = intervalOfSpec(keys, spec);
    return interval !== null && interval.start < slice.end && interval.end > slice.start;
  });
}

/** The longer it waits, the more rarely it looks; a parent that ends wakes it anyway. */
function nextLook(now: Instant, since: Instant, limit: Instant): Instant {
  const pause = Math.min(Math.max((now - since) / 4, shortestPause), longestPause);
  return instant(Math.min(now + pause, Math.max(limit, now)));
}
