// Backfills as rows, in the caller's transaction: made, paused, canceled, tried again. Every change
// of intervals counts what it touched and moves the counters by that, under the backfill's lock.

import { asId, type WorkflowId } from "../../common/ids.ts";
import { databaseClock, type Queryable, type Tx } from "../../common/pg.ts";
import { type Sql, sql, trusted } from "../../common/sql.ts";
import { type DataInterval, dataInterval, type Instant } from "../../common/time.ts";
import type { BackfillInterval, BackfillState, BackfillStatus } from "../backfill-runs.ts";
import type { BackfillStore, NewBackfillRow } from "./backfill-store.ts";
import { iso } from "./pg-workflows.ts";

/** Intervals in one statement: what is sent at a time stays small, however many there are. */
const rowsAtOnce = 10_000;

export async function insertBackfill(tx: Tx, row: NewBackfillRow): Promise<void> {
  const { backfillId, intervals, parent } = row;
  const total = intervals.length;
  const skipped = intervals.filter((interval) => interval.reason !== null).length;
  const open = intervals.filter((interval) => interval.instanceId !== undefined).length;
  await tx.execute(sql`
    INSERT INTO sluice_private.backfills
      (backfill_id, parent_id, level, workflow_id, version, database, range_start, range_end,
       period_start, period_end, status, parallelism, queue, exclusive, throttled, variables,
       request, options, total, pending, open, skipped, created_at)
    VALUES (${backfillId}, ${parent?.id ?? null}, ${parent?.level ?? 0}, ${row.workflowId},
      ${row.version}, ${row.database}, ${row.range.from}, ${row.range.to},
      ${iso(row.period?.start ?? null)}, ${iso(row.period?.end ?? null)},
      ${parent === null ? "RUNNING" : "PENDING"}, ${row.parallelism}, ${row.queue},
      ${row.exclusive}, ${row.throttled}, ${JSON.stringify(row.variables)}::jsonb,
      ${JSON.stringify(row.request)}::jsonb, ${JSON.stringify(row.options)}::jsonb, ${total},
      ${total - skipped - open}, ${open}, ${skipped}, ${databaseClock})`);
  for (let from = 0; from < total; from += rowsAtOnce) {
    await insertIntervals(tx, backfillId, from, intervals.slice(from, from + rowsAtOnce));
  }
}

async function insertIntervals(
  tx: Tx,
  backfillId: string,
  first: number,
  intervals: readonly BackfillInterval[],
): Promise<void> {
  // Numbers as one text each: far quicker to write and read than arrays of ten thousand texts.
  const starts = intervals.map(({ interval }) => interval?.start ?? "NULL").join(",");
  const ends = intervals.map(({ interval }) => interval?.end ?? "NULL").join(",");
  const partitions = sparse(intervals.map(({ partition }) => partition));
  const reasons = sparse(intervals.map(({ reason }) => reason));
  const instances = sparse(intervals.map(({ instanceId }) => instanceId ?? null));
  await tx.execute(sql`
    INSERT INTO sluice_private.backfill_intervals
      (backfill_id, ordinal, interval_start, interval_end, partition, status, reason, instance_id)
    SELECT ${backfillId}, ${first} + r.place - 1, to_timestamp(r.starts / 1000.0),
      to_timestamp(r.ends / 1000.0), r.partition,
      CASE WHEN r.reason IS NOT NULL THEN 'SKIPPED' WHEN r.instance IS NOT NULL THEN 'OPEN'
        ELSE 'PENDING' END, r.reason, r.instance
    FROM unnest(${`{${starts}}`}::double precision[], ${`{${ends}}`}::double precision[],
      ${partitions}::text[], ${reasons}::text[], ${instances}::text[])
      WITH ORDINALITY AS r(starts, ends, partition, reason, instance, place)`);
}

/** unnest fills a shorter list up with NULLs. */
function sparse(texts: readonly (string | null)[]): readonly (string | null)[] {
  return texts.every((text) => text === null) ? [] : texts;
}

export async function overlappingBackfill(
  tx: Tx,
  range: Parameters<BackfillStore["overlappingBackfill"]>[1],
): Promise<string | null> {
  const { workflowId, period, partitions, except } = range;
  const labels = partitions.filter((partition) => partition !== null);
  const everything = labels.length < partitions.length;
  const rows = await tx.query<{ backfill_id: string }>(sql`
    SELECT b.backfill_id FROM sluice_private.backfills b
    WHERE b.workflow_id = ${workflowId} AND b.finished_at IS NULL AND b.exclusive
      AND b.backfill_id IS DISTINCT FROM ${except}
      AND CASE WHEN b.period_start IS NOT NULL AND ${period !== null}
        THEN b.period_start < ${iso(period?.end ?? null)}::timestamptz
          AND b.period_end > ${iso(period?.start ?? null)}::timestamptz
        ELSE ${everything || period !== null} OR b.period_start IS NOT NULL OR EXISTS (
          SELECT FROM sluice_private.backfill_intervals i
          WHERE i.backfill_id = b.backfill_id AND i.status IN ('PENDING', 'OPEN')
            AND (i.partition IS NULL OR i.partition = ANY (${labels}::text[])))
        END
    ORDER BY b.created_at LIMIT 1`);
  return rows[0]?.backfill_id ?? null;
}

export async function backfillRange(tx: Tx, id: string) {
  const rows = await tx.query<{
    exclusive: boolean;
    period_start: Instant | null;
    period_end: Instant | null;
    partitions: (string | null)[];
  }>(sql`
    SELECT exclusive, period_start, period_end,
      CASE WHEN period_start IS NULL THEN ARRAY (
        SELECT i.partition FROM sluice_private.backfill_intervals i
        WHERE i.backfill_id = b.backfill_id AND i.status IN ('FAILED', 'CANCELED'))
      ELSE '{}' END AS partitions
    FROM sluice_private.backfills b WHERE backfill_id = ${id}`);
  const row = rows[0];
  const { period_start: start = null, period_end: end = null } = row ?? {};
  return {
    exclusive: row?.exclusive ?? false,
    period: start === null || end === null ? null : dataInterval(start, end),
    partitions: row?.partitions ?? [],
  };
}

interface StateRow {
  readonly workflow_id: string;
  readonly status: BackfillStatus;
  readonly ended: boolean;
  readonly reason: string | null;
  readonly total: number;
  readonly pending: number;
  readonly open: number;
  readonly successful: number;
  readonly failed: number;
  readonly skipped: number;
  readonly canceled: number;
}

export async function findBackfill(
  on: Queryable,
  id: string,
  lock: Sql = trusted(""),
): Promise<(BackfillState & { readonly workflowId: WorkflowId }) | null> {
  const rows = await on.query<StateRow>(sql`
    SELECT workflow_id, reason, total, pending, open, successful, failed, skipped, canceled,
      CASE WHEN paused AND status IN ('PENDING', 'RUNNING') THEN 'PAUSED' ELSE status END AS status,
      finished_at IS NOT NULL AS ended
    FROM sluice_private.backfills WHERE backfill_id = ${id} ${lock}`);
  const row = rows[0];
  if (row === undefined) return null;
  const { workflow_id: workflowId, ...state } = row;
  return { ...state, workflowId: asId<WorkflowId>(workflowId) };
}

export function lockBackfill(tx: Tx, id: string) {
  return findBackfill(tx, id, trusted("FOR UPDATE"));
}

export async function pauseBackfill(tx: Tx, id: string, paused: boolean): Promise<void> {
  await tx.execute(sql`
    UPDATE sluice_private.backfills SET paused = ${paused} WHERE backfill_id = ${id}`);
}

export async function cancelBackfill(tx: Tx, id: string): Promise<void> {
  const rows = await tx.query<{ backfill_id: string }>(sql`
    SELECT backfill_id FROM sluice_private.backfills
    WHERE (backfill_id = ${id} OR parent_id = ${id}) AND finished_at IS NULL
      AND status IN ('PENDING', 'RUNNING') ORDER BY level, backfill_id FOR UPDATE`);
  const ids = rows.map((row) => row.backfill_id);
  await giveUp(tx, ids, { status: "CANCELED", word: "canceled", reason: null });
  await tx.execute(sql`
    INSERT INTO sluice_private.cancel_requests
    SELECT x.instance_id, ${databaseClock}, 'CANCELED'
    FROM sluice_private.backfill_intervals i JOIN sluice_private.instances x USING (instance_id)
    WHERE i.backfill_id = ANY (${ids}::text[]) AND i.status = 'OPEN'
    ON CONFLICT DO NOTHING`);
}

/**
 * What has not begun is SKIPPED with `word`, and the backfills, whose rows the caller holds, end as
 * soon as nothing of them is open.
 */
export async function giveUp(
  tx: Tx,
  ids: readonly string[],
  end: { readonly status: string; readonly word: string; readonly reason: string | null },
): Promise<void> {
  if (ids.length === 0) return;
  await tx.execute(sql`
    WITH gone AS (
      UPDATE sluice_private.backfill_intervals SET status = 'SKIPPED', reason = ${end.word}
      WHERE backfill_id = ANY (${ids}::text[]) AND status = 'PENDING' RETURNING backfill_id
    ), counted AS (
      SELECT backfill_id, count(*)::integer AS n FROM gone GROUP BY 1
    )
    UPDATE sluice_private.backfills b
    SET status = ${end.status}, reason = ${end.reason},
        pending = 0, skipped = b.skipped + coalesce(c.n, 0),
        finished_at = CASE b.open WHEN 0 THEN ${databaseClock} END
    FROM unnest(${ids}::text[]) u(id) LEFT JOIN counted c ON c.backfill_id = u.id
    WHERE b.backfill_id = u.id`);
}

export async function retryBackfill(tx: Tx, id: string): Promise<void> {
  const rows = await tx.query<{ backfill_id: string }>(sql`
    SELECT c.backfill_id FROM sluice_private.backfills b
    JOIN sluice_private.backfills c ON c.parent_id = coalesce(b.parent_id, b.backfill_id)
    WHERE b.backfill_id = ${id} AND c.level > b.level AND c.reason = 'UPSTREAM_FAILED'
    ORDER BY c.level, c.backfill_id FOR UPDATE OF c`);
  await reopen(tx, [id], sql`status IN ('FAILED', 'CANCELED')`, "RUNNING");
  const given = rows.map((row) => row.backfill_id);
  await reopen(tx, given, sql`status = 'SKIPPED' AND reason = 'UPSTREAM_FAILED'`, "PENDING");
}

async function reopen(
  tx: Tx,
  ids: readonly string[],
  which: Sql,
  status: "RUNNING" | "PENDING",
): Promise<void> {
  if (ids.length === 0) return;
  await tx.execute(sql`
    WITH old AS MATERIALIZED (
      SELECT backfill_id, ordinal, status FROM sluice_private.backfill_intervals
      WHERE backfill_id = ANY (${ids}::text[]) AND ${which}
    ), again AS (
      UPDATE sluice_private.backfill_intervals i
      SET status = 'PENDING', reason = NULL, instance_id = NULL
      FROM old WHERE i.backfill_id = old.backfill_id AND i.ordinal = old.ordinal
    ), counted AS (
      SELECT backfill_id, count(*)::integer AS n,
        count(*) FILTER (WHERE status = 'FAILED')::integer AS failed,
        count(*) FILTER (WHERE status = 'CANCELED')::integer AS canceled,
        count(*) FILTER (WHERE status = 'SKIPPED')::integer AS skipped
      FROM old GROUP BY 1
    )
    UPDATE sluice_private.backfills b
    SET status = ${status}, reason = NULL, finished_at = NULL, pending = b.pending + c.n,
        failed = b.failed - c.failed, canceled = b.canceled - c.canceled,
        skipped = b.skipped - c.skipped
    FROM counted c WHERE b.backfill_id = c.backfill_id`);
}

/** Interval of a row; null for keys that are not time. */
export function intervalOf(start: Instant | null, end: Instant | null): DataInterval | null {
  return start === null || end === null ? null : dataInterval(start, end);
}
