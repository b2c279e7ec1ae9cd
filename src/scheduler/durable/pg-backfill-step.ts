// One step of backfills, in one READ COMMITTED transaction over rows that nobody else holds. In
// this order: ends of instances are noted, what lost its workflow or its upstream is given up, what
// waited for its upstream begins, the next intervals get instances, what is done ends. Each part
// looks at what the one before left.

import { asId, type WorkflowId } from "../../common/ids.ts";
import { type Database, databaseClock, type Tx } from "../../common/pg.ts";
import { prepared, sql } from "../../common/sql.ts";
import { type Instant, milliseconds } from "../../common/time.ts";
import type { Texts, WorkflowDefinition } from "../scheduler.ts";
import type { BackfillsStepped, DueBackfill, MakeInstances } from "./backfill-store.ts";
import { giveUp, intervalOf } from "./pg-backfill.ts";
import { insertInstances } from "./pg-workflows.ts";
import type { NewInstanceRow } from "./store.ts";

export function stepBackfills(
  database: Database,
  limit: number,
  make: MakeInstances,
): Promise<BackfillsStepped> {
  return database.transaction(async (tx) => {
    const ids = await lockBusy(tx, limit);
    if (ids.length === 0) return { made: 0, more: false, nextIn: await untilThrottled(tx) };
    const noted = await noteEnds(tx, ids);
    const lost = await giveUpLost(tx, ids);
    const begun = await begin(tx, ids);
    const made = await makeNext(tx, ids, make);
    const done = await endDone(tx, ids);
    return { made, more: noted + lost + begun + made + done > 0, nextIn: null };
  });
}

/** Of unfinished backfills those that there is something to do about. */
async function lockBusy(tx: Tx, limit: number): Promise<readonly string[]> {
  const rows = await tx.query<{ backfill_id: string }>(
    prepared(
      "sluice_backfills_busy",
      sql`
    SELECT b.backfill_id FROM sluice_private.backfills b
    WHERE b.finished_at IS NULL AND (
      (b.status = 'RUNNING' AND NOT b.paused AND b.pending > 0 AND b.open < b.parallelism
        AND (b.not_before IS NULL OR b.not_before <= ${databaseClock}))
      OR (b.pending = 0 AND b.open = 0 AND b.status <> 'PENDING')
      OR (b.open > 0 AND EXISTS (
        SELECT FROM sluice_private.backfill_intervals o
        WHERE o.backfill_id = b.backfill_id AND o.status = 'OPEN' AND NOT EXISTS (
          SELECT FROM sluice_private.instances i WHERE i.instance_id = o.instance_id)))
      OR (b.status IN ('PENDING', 'RUNNING') AND NOT EXISTS (
        SELECT FROM sluice_private.workflows w WHERE w.workflow_id = b.workflow_id))
      OR (b.status = 'PENDING' AND NOT EXISTS (
        SELECT FROM sluice_private.backfills u
        WHERE (u.backfill_id = b.parent_id OR u.parent_id = b.parent_id) AND u.level < b.level
          AND u.finished_at IS NULL)))
    ORDER BY b.created_at, b.backfill_id LIMIT ${limit} FOR UPDATE OF b SKIP LOCKED`,
    ),
  );
  return rows.map((row) => row.backfill_id);
}

/**
 * Open intervals whose instance has ended. One that has gone from history too, which only a very
 * long standstill can bring about, counts as failed. Throttled: nine times as long as they ran,
 * nothing begins.
 */
function noteEnds(tx: Tx, ids: readonly string[]): Promise<number> {
  return tx.execute(
    prepared(
      "sluice_backfills_note",
      sql`
    WITH over AS MATERIALIZED (
      SELECT o.backfill_id, o.ordinal, coalesce(h.status, 'FAILED') AS status,
        CASE WHEN h.instance_id IS NULL THEN 'LOST' ELSE coalesce(h.error_code, h.detail) END
          AS reason,
        h.started_at, h.finished_at
      FROM sluice_private.backfill_intervals o
      LEFT JOIN sluice_private.instance_history h USING (instance_id)
      WHERE o.backfill_id = ANY (${ids}::text[]) AND o.status = 'OPEN' AND NOT EXISTS (
        SELECT FROM sluice_private.instances i WHERE i.instance_id = o.instance_id)
    ), noted AS (
      UPDATE sluice_private.backfill_intervals i
      SET status = over.status,
          reason = CASE over.status WHEN 'SUCCESSFUL' THEN NULL ELSE over.reason END
      FROM over WHERE i.backfill_id = over.backfill_id AND i.ordinal = over.ordinal
    ), counted AS (
      SELECT backfill_id, count(*)::integer AS n,
        count(*) FILTER (WHERE status = 'SUCCESSFUL')::integer AS successful,
        count(*) FILTER (WHERE status = 'FAILED')::integer AS failed,
        count(*) FILTER (WHERE status = 'SKIPPED')::integer AS skipped,
        count(*) FILTER (WHERE status = 'CANCELED')::integer AS canceled,
        max(finished_at) + 9 * sum(finished_at - coalesce(started_at, finished_at)) AS rested
      FROM over GROUP BY 1
    )
    UPDATE sluice_private.backfills b
    SET open = b.open - c.n, successful = b.successful + c.successful,
        failed = b.failed + c.failed, skipped = b.skipped + c.skipped,
        canceled = b.canceled + c.canceled,
        not_before = CASE WHEN b.throttled THEN c.rested END
    FROM counted c WHERE b.backfill_id = c.backfill_id`,
    ),
  );
}

/** Of dropped tables and workflows, and what waited for a backfill that did not end well. */
async function giveUpLost(tx: Tx, ids: readonly string[]): Promise<number> {
  const rows = await tx.query<{ backfill_id: string; dropped: boolean }>(
    prepared(
      "sluice_backfills_lost",
      sql`
    SELECT b.backfill_id, w.workflow_id IS NULL AS dropped
    FROM sluice_private.backfills b LEFT JOIN sluice_private.workflows w USING (workflow_id)
    WHERE b.backfill_id = ANY (${ids}::text[]) AND b.status IN ('PENDING', 'RUNNING')
      AND (w.workflow_id IS NULL OR (b.status = 'PENDING' AND EXISTS (
        SELECT FROM sluice_private.backfills u
        WHERE (u.backfill_id = b.parent_id OR u.parent_id = b.parent_id) AND u.level < b.level
          AND u.finished_at IS NOT NULL AND u.status <> 'SUCCESSFUL')))`,
    ),
  );
  const of = (dropped: boolean) =>
    rows.filter((row) => row.dropped === dropped).map((row) => row.backfill_id);
  await giveUp(tx, of(true), { status: "CANCELED", word: "dropped", reason: "DROPPED" });
  const upstream = "UPSTREAM_FAILED";
  await giveUp(tx, of(false), { status: "FAILED", word: upstream, reason: upstream });
  return rows.length;
}

function begin(tx: Tx, ids: readonly string[]): Promise<number> {
  return tx.execute(
    prepared(
      "sluice_backfills_begin",
      sql`
    UPDATE sluice_private.backfills b SET status = 'RUNNING'
    WHERE b.backfill_id = ANY (${ids}::text[]) AND b.status = 'PENDING' AND NOT EXISTS (
      SELECT FROM sluice_private.backfills u
      WHERE (u.backfill_id = b.parent_id OR u.parent_id = b.parent_id) AND u.level < b.level
        AND (u.finished_at IS NULL OR u.status <> 'SUCCESSFUL'))`,
    ),
  );
}

interface NextRow {
  readonly backfill_id: string;
  readonly workflow_id: string;
  readonly version: number;
  readonly definition: WorkflowDefinition;
  readonly queue: string | null;
  readonly variables: Texts;
  readonly request: Readonly<Record<string, unknown>>;
  readonly ordinal: number;
  readonly interval_start: Instant | null;
  readonly interval_end: Instant | null;
  readonly partition: string | null;
  readonly now: Instant;
}

/** The next intervals where there is room for them. */
async function makeNext(tx: Tx, ids: readonly string[], make: MakeInstances): Promise<number> {
  const rows = await loadNext(tx, ids, await lockWorkflows(tx, ids));
  const now = rows[0]?.now;
  if (now === undefined) return 0;
  const made: NewInstanceRow[] = [];
  for (const backfill of dueBackfills(rows)) made.push(...make(backfill, now));
  await insertInstances(tx, made);
  const opened = made.map((row) => ({ ...row.backfill, instanceId: row.instanceId }));
  await tx.execute(
    prepared(
      "sluice_backfills_open",
      sql`
    WITH opened AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(opened)}::jsonb) AS o(
        id text, ordinal integer, "instanceId" text)
    ), marked AS (
      UPDATE sluice_private.backfill_intervals i
      SET status = 'OPEN', instance_id = o."instanceId"
      FROM opened o WHERE i.backfill_id = o.id AND i.ordinal = o.ordinal
    )
    UPDATE sluice_private.backfills b
    SET pending = b.pending - c.n, open = b.open + c.n, not_before = NULL,
        started_at = coalesce(b.started_at, ${databaseClock})
    FROM (SELECT id, count(*)::integer AS n FROM opened GROUP BY 1) c
    WHERE b.backfill_id = c.id`,
    ),
  );
  return made.length;
}

/**
 * Shared, so that a DROP waits: it then sees the instances, and cancels them. Workflows that are
 * being dropped right now are left for the next time.
 */
async function lockWorkflows(tx: Tx, ids: readonly string[]): Promise<readonly string[]> {
  const rows = await tx.query<{ workflow_id: string }>(
    prepared(
      "sluice_backfills_workflows",
      sql`
    SELECT w.workflow_id FROM sluice_private.workflows w
    WHERE w.workflow_id IN (
      SELECT workflow_id FROM sluice_private.backfills WHERE backfill_id = ANY (${ids}::text[]))
    ORDER BY 1 FOR KEY SHARE SKIP LOCKED`,
    ),
  );
  return rows.map((row) => row.workflow_id);
}

function loadNext(
  tx: Tx,
  ids: readonly string[],
  workflows: readonly string[],
): Promise<readonly NextRow[]> {
  return tx.query<NextRow>(
    prepared(
      "sluice_backfills_next",
      sql`
    SELECT b.backfill_id, b.workflow_id, v.version, v.definition, b.queue, b.variables, b.request,
      n.ordinal, n.interval_start, n.interval_end, n.partition, ${databaseClock} AS now
    FROM sluice_private.backfills b
    JOIN sluice_private.workflows w USING (workflow_id)
    JOIN sluice_private.workflow_versions v ON v.workflow_id = b.workflow_id
      AND v.version = CASE w.kind WHEN 'table' THEN w.version ELSE b.version END
    CROSS JOIN LATERAL (
      SELECT i.ordinal, i.interval_start, i.interval_end, i.partition
      FROM sluice_private.backfill_intervals i
      WHERE i.backfill_id = b.backfill_id AND i.status = 'PENDING'
      ORDER BY i.ordinal LIMIT greatest(b.parallelism - b.open, 0)) n
    WHERE b.backfill_id = ANY (${ids}::text[]) AND b.workflow_id = ANY (${workflows}::text[])
      AND b.status = 'RUNNING' AND NOT b.paused
      AND (b.not_before IS NULL OR b.not_before <= ${databaseClock})
    ORDER BY b.created_at, b.backfill_id, n.ordinal`,
    ),
  );
}

function dueBackfills(rows: readonly NextRow[]): readonly DueBackfill[] {
  const found = new Map<string, NextRow[]>();
  for (const row of rows) {
    const known = found.get(row.backfill_id);
    if (known === undefined) found.set(row.backfill_id, [row]);
    else known.push(row);
  }
  return [...found.values()].flatMap((of) => {
    const [row] = of;
    if (row === undefined) return [];
    const { backfill_id: backfillId, version, definition, queue, variables, request } = row;
    const intervals = of.map(({ ordinal, partition, interval_start, interval_end }) => ({
      ordinal,
      partition,
      interval: intervalOf(interval_start, interval_end),
    }));
    const workflowId = asId<WorkflowId>(row.workflow_id);
    return [{ backfillId, workflowId, version, definition, queue, variables, request, intervals }];
  });
}

function endDone(tx: Tx, ids: readonly string[]): Promise<number> {
  return tx.execute(
    prepared(
      "sluice_backfills_end",
      sql`
    UPDATE sluice_private.backfills
    SET finished_at = ${databaseClock},
        status = CASE WHEN status <> 'RUNNING' THEN status
          WHEN failed > 0 THEN 'FAILED' ELSE 'SUCCESSFUL' END
    WHERE backfill_id = ANY (${ids}::text[]) AND pending = 0 AND open = 0
      AND status <> 'PENDING' AND finished_at IS NULL`,
    ),
  );
}

async function untilThrottled(tx: Tx) {
  const rows = await tx.query<{ wait: number | null }>(
    prepared(
      "sluice_backfills_throttled",
      sql`
    SELECT (extract(epoch FROM min(not_before) - ${databaseClock}) * 1000)::double precision AS wait
    FROM sluice_private.backfills
    WHERE finished_at IS NULL AND status = 'RUNNING' AND NOT paused AND pending > 0
      AND open < parallelism`,
    ),
  );
  const wait = rows[0]?.wait ?? null;
  return wait === null ? null : milliseconds(Math.max(1, Math.ceil(wait)));
}
