// The partition ledger: one row a cell, written only by the run that holds the cell, inside its
// transaction. What others want to say about a cell they append as a mark; a mark is news until a
// run has taken its snapshot after it, which the cell's stored snapshot tells. QUEUED and RUNNING
// are never stored: sluice.partitions derives them.

import type { MaterializedTable } from "../catalog/materialized-table.ts";
import { type PartitionSpec, renderPartition } from "../catalog/partition.ts";
import type { RunId, TableId } from "../common/ids.ts";
import { databaseClock, type Queryable, type Tx } from "../common/pg.ts";
import { sql } from "../common/sql.ts";
import { type Instant, instant, toIso } from "../common/time.ts";
import type { RefreshMeasures } from "../engine/engine.ts";
import type { RefreshScope } from "../engine/refresh-step.ts";
import { cellKeysOf } from "./cell-rule.ts";
import { type CellKeys, intervalOfSpec } from "./cells.ts";
import type { Reason } from "./reasons.ts";

/** A row of the ledger as it will stand. */
interface CellRow {
  readonly partition: string;
  readonly spec: PartitionSpec;
  readonly rowCount: number;
  readonly intervalStart: string | null;
  readonly intervalEnd: string | null;
}

/**
 * Writes the cells that a successful run computed: FRESH, those without rows too if they have a
 * time.
 */
export async function settleCells(
  tx: Tx,
  table: MaterializedTable,
  run: {
    readonly runId: RunId;
    readonly scope: RefreshScope;
    readonly measures: RefreshMeasures;
    readonly rootTimestamp: Instant;
  },
): Promise<void> {
  const keys = cellKeysOf(table);
  const found = run.measures.partitions.map(({ spec, rowCount }) =>
    cellRow(table, keys, spec, rowCount),
  );
  const present = new Set(found.map((row) => row.partition));
  const emptied = namedCells(table, run.scope)
    .filter((row) => !present.has(row.partition))
    .filter((row) => isFull(table, row.spec) || !found.some((each) => agrees(each.spec, row.spec)));
  await upsertCells(tx, table.id, run, [...found, ...emptied]);
  if (table.partitionKeys.length === 0) return;
  await emptyOthers(tx, table, run);
  if (run.scope.kind === "whole") await recordWhole(tx, table.id);
}

/**
 * The cells that the scope names with every key; an unpartitioned table has the one cell `{}`. A
 * slice of time that has no rows under any of the other keys is a cell of its own, by its time keys
 * alone: else nobody would know that it was computed.
 */
function namedCells(table: MaterializedTable, scope: RefreshScope): readonly CellRow[] {
  if (scope.kind === "whole") return [];
  const keys = cellKeysOf(table);
  return scope.specs
    .map((spec) => cellRow(table, keys, spec, 0))
    .filter((row) => isFull(table, row.spec) || row.intervalStart !== null);
}

function isFull(table: MaterializedTable, spec: PartitionSpec): boolean {
  return table.partitionKeys.every((key) => key in spec);
}

/** True if the cell is one of those that `some` names. */
function agrees(cell: PartitionSpec, some: PartitionSpec): boolean {
  return Object.keys(some).every((key) => cell[key] === some[key]);
}

async function recordWhole(tx: Tx, id: TableId): Promise<void> {
  await tx.execute(sql`
    INSERT INTO sluice_private.whole_runs (table_id, snapshot)
    VALUES (${id}, pg_catalog.pg_current_snapshot())
    ON CONFLICT (table_id) DO UPDATE SET snapshot = excluded.snapshot`);
}

function cellRow(
  table: MaterializedTable,
  keys: CellKeys | null,
  spec: PartitionSpec,
  rowCount: number,
): CellRow {
  const interval = keys === null ? null : intervalOfSpec(keys, spec);
  return {
    partition: renderPartition(spec, table.partitionKeys),
    spec,
    rowCount,
    intervalStart: interval === null ? null : toIso(interval.start),
    intervalEnd: interval === null ? null : toIso(interval.end),
  };
}

async function upsertCells(
  tx: Tx,
  id: TableId,
  run: {
    readonly runId: RunId;
    readonly measures: RefreshMeasures;
    readonly rootTimestamp: Instant;
  },
  rows: readonly CellRow[],
): Promise<void> {
  await tx.execute(sql`
    INSERT INTO sluice_private.cells AS c
      (table_id, partition, spec, state, data_timestamp, root_timestamp, row_count, last_run_id,
       reason, interval_start, interval_end, snapshot, changed_at)
    SELECT ${id}, r.partition, r.spec, 'FRESH',
           ${toIso(run.measures.dataTimestamp)}::timestamptz,
           ${toIso(run.rootTimestamp)}::timestamptz, r."rowCount", ${run.runId}, NULL,
           r."intervalStart", r."intervalEnd", pg_catalog.pg_current_snapshot(), ${databaseClock}
    FROM pg_catalog.jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS r (partition text, spec jsonb, "rowCount" bigint, "intervalStart" timestamptz,
            "intervalEnd" timestamptz)
    ON CONFLICT (table_id, partition) DO UPDATE
    SET state = 'FRESH', data_timestamp = excluded.data_timestamp,
        root_timestamp = excluded.root_timestamp, row_count = excluded.row_count,
        last_run_id = excluded.last_run_id, reason = NULL, snapshot = excluded.snapshot,
        interval_start = excluded.interval_start, interval_end = excluded.interval_end,
        changed_at = excluded.changed_at`);
}

/**
 * Cells of the scope that the run found no rows for: kept empty if they have a time, else they are
 * gone.
 */
async function emptyOthers(
  tx: Tx,
  { id, partitionKeys }: MaterializedTable,
  run: {
    readonly runId: RunId;
    readonly scope: RefreshScope;
    readonly measures: RefreshMeasures;
    readonly rootTimestamp: Instant;
  },
): Promise<void> {
  const scopes = run.scope.kind === "whole" ? [{}] : run.scope.specs;
  const inScope = sql`
    c.table_id = ${id} AND c.last_run_id IS DISTINCT FROM ${run.runId} AND EXISTS (
      SELECT FROM pg_catalog.jsonb_array_elements(${JSON.stringify(scopes)}::jsonb) AS s (spec)
      WHERE c.spec @> s.spec)`;
  await tx.execute(sql`
    DELETE FROM sluice_private.cells c
    WHERE ${inScope} AND (c.interval_start IS NULL OR NOT c.spec ?& ${partitionKeys}::text[])`);
  await tx.execute(sql`
    UPDATE sluice_private.cells c
    SET state = 'FRESH', data_timestamp = ${toIso(run.measures.dataTimestamp)}::timestamptz,
        root_timestamp = ${toIso(run.rootTimestamp)}::timestamptz, row_count = 0,
        last_run_id = ${run.runId}, reason = NULL,
        snapshot = pg_catalog.pg_current_snapshot(), changed_at = ${databaseClock}
    WHERE ${inScope}`);
}

/** Marks the cells of a failed run; what they hold stays as it was. */
export async function failCells(
  tx: Tx,
  table: MaterializedTable,
  run: { readonly runId: RunId; readonly scope: RefreshScope; readonly reason: string },
): Promise<void> {
  const unpartitioned = table.partitionKeys.length === 0;
  const rows = unpartitioned ? [cellRow(table, null, {}, 0)] : namedCells(table, run.scope);
  await tx.execute(sql`
    INSERT INTO sluice_private.cells
      (table_id, partition, spec, state, last_run_id, reason, interval_start, interval_end,
       changed_at)
    SELECT ${table.id}, r.partition, r.spec, 'FAILED', ${run.runId}, ${run.reason},
           r."intervalStart", r."intervalEnd", ${databaseClock}
    FROM pg_catalog.jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS r (partition text, spec jsonb, "intervalStart" timestamptz, "intervalEnd" timestamptz)
    WHERE r.spec ?& ${table.partitionKeys}::text[] OR NOT EXISTS (
      SELECT FROM sluice_private.cells c WHERE c.table_id = ${table.id} AND c.spec @> r.spec)
    ON CONFLICT (table_id, partition) DO NOTHING`);
  const scopes = run.scope.kind === "whole" ? [{}] : run.scope.specs;
  await tx.execute(sql`
    UPDATE sluice_private.cells c
    SET state = 'FAILED', last_run_id = ${run.runId}, reason = ${run.reason},
        changed_at = ${databaseClock}
    WHERE c.table_id = ${table.id} AND EXISTS (
      SELECT FROM pg_catalog.jsonb_array_elements(${JSON.stringify(scopes)}::jsonb) AS s (spec)
      WHERE c.spec @> s.spec)`);
}

/** Appends a mark about every cell of the table. */
export async function markTable(
  tx: Tx,
  id: TableId,
  state: "STALE" | "MISSING",
  reason: Reason,
): Promise<void> {
  await tx.execute(sql`
    INSERT INTO sluice_private.cell_marks (table_id, partition, state, reason, at)
    VALUES (${id}, NULL, ${state}, ${reason}, ${databaseClock})`);
}

/** Appends a mark about each of the cells; a spec of some keys is about all that agree with it. */
export async function markCells(
  tx: Tx,
  table: MaterializedTable,
  specs: readonly PartitionSpec[],
  mark: { readonly state: "STALE" | "MISSING"; readonly reason: Reason },
): Promise<void> {
  if (specs.length === 0) return;
  const rows = specs.map((spec) => ({
    partition: renderPartition(spec, table.partitionKeys),
    spec: isFull(table, spec) ? null : spec,
  }));
  await tx.execute(sql`
    INSERT INTO sluice_private.cell_marks (table_id, partition, spec, state, reason, at)
    SELECT ${table.id}, r.partition, CASE jsonb_typeof(r.spec) WHEN 'object' THEN r.spec END,
           ${mark.state}, ${mark.reason}, ${databaseClock}
    FROM pg_catalog.jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS r (partition text, spec jsonb)`);
}

/** Appends a mark about what a run would have computed. */
export async function markScope(
  tx: Tx,
  table: MaterializedTable,
  scope: RefreshScope,
  mark: { readonly state: "STALE" | "MISSING"; readonly reason: Reason },
): Promise<void> {
  if (scope.kind === "partitions") return markCells(tx, table, scope.specs, mark);
  if (table.partitionKeys.length === 0) return markCells(tx, table, [{}], mark);
  return markTable(tx, table.id, mark.state, mark.reason);
}

export async function hasMarks(on: Queryable, id: TableId): Promise<boolean> {
  const rows = await on.query(
    sql`SELECT FROM sluice_private.cell_marks WHERE table_id = ${id} LIMIT 1`,
  );
  return rows.length > 0;
}

/** Reasons of marks that may be about partitions which the ledger does not know yet. */
const fromUpstream: readonly Reason[] = ["UPSTREAM_CHANGED", "UPSTREAM_FAILED"];

/**
 * Deletes the marks that every cell they are about has taken in. In READ COMMITTED and after a run,
 * never inside one: two runs that delete one row would fail each other. What a changed parent has
 * to say about a whole partitioned table is taken in by a run of the whole table alone.
 */
export async function foldMarks(tx: Tx, table: MaterializedTable): Promise<void> {
  const partitioned = table.partitionKeys.length > 0;
  await tx.execute(sql`
    DELETE FROM sluice_private.cell_marks m
    WHERE m.table_id = ${table.id}
      AND CASE
        WHEN m.partition IS NULL THEN
          NOT (${partitioned} AND m.reason = ANY (${[...fromUpstream]}::text[])) OR EXISTS (
            SELECT FROM sluice_private.whole_runs w
            WHERE w.table_id = m.table_id AND pg_catalog.pg_visible_in_snapshot(m.tx, w.snapshot))
        ELSE EXISTS (
          SELECT FROM sluice_private.cells c
          WHERE c.table_id = m.table_id AND (c.partition = m.partition OR c.spec @> m.spec))
        END
      AND NOT EXISTS (
        SELECT FROM sluice_private.cells c
        WHERE c.table_id = m.table_id
          AND (m.partition IS NULL OR c.partition = m.partition OR c.spec @> m.spec)
          AND (c.snapshot IS NULL OR NOT pg_catalog.pg_visible_in_snapshot(m.tx, c.snapshot)))`);
}

/**
 * Of several marks that say the same the newest is kept, so that a table that does not run does not
 * gather them without end. Not while one of its runs is on: that run may have seen the newer mark
 * and not the older one, if the older one was committed later.
 */
export async function thinMarks(on: Queryable, tables: readonly TableId[]): Promise<void> {
  await on.query(sql`
    DELETE FROM sluice_private.cell_marks m USING sluice_private.cell_marks n
    WHERE m.table_id = ANY (${[...tables]}::text[]) AND n.table_id = m.table_id
      AND n.mark_id > m.mark_id AND n.partition IS NOT DISTINCT FROM m.partition
      AND n.state = m.state AND n.reason = m.reason
      AND NOT EXISTS (
        SELECT FROM sluice_private.task_instances k
        WHERE k.resource = m.table_id AND k.status = 'RUNNING')`);
}

/** True if a parent's change may be in partitions that nobody can name: a whole run finds them. */
export async function needsWhole(on: Queryable, id: TableId): Promise<boolean> {
  const rows = await on.query(sql`
    SELECT FROM sluice_private.cell_marks m
    WHERE m.table_id = ${id} AND m.partition IS NULL
      AND m.reason = ANY (${[...fromUpstream]}::text[])
      AND NOT EXISTS (
        SELECT FROM sluice_private.whole_runs w
        WHERE w.table_id = m.table_id AND pg_catalog.pg_visible_in_snapshot(m.tx, w.snapshot))
    LIMIT 1`);
  return rows.length > 0;
}

/**
 * Where the ledger ends before `before`: the latest end of a cell that began earlier; null if there
 * is none.
 */
export async function ledgerEnd(
  on: Queryable,
  id: TableId,
  before: Instant,
): Promise<Instant | null> {
  const rows = await on.query<{ at: Instant | null }>(sql`
    SELECT max(interval_end) AS at FROM sluice_private.cells
    WHERE table_id = ${id} AND interval_start < ${toIso(before)}::timestamptz`);
  const at = rows[0]?.at ?? null;
  return at === null ? null : instant(Math.min(at, before));
}

/**
 * What is MISSING or STALE and nobody computes yet, newest first: the slices of time if the table
 * has them, for a slice may hold partitions that nobody knows yet. What only a failed parent keeps
 * back comes by itself, when there is nothing else.
 */
export async function cellsToRepair(
  on: Queryable,
  table: MaterializedTable,
  limit: number,
): Promise<readonly PartitionSpec[]> {
  const times = cellKeysOf(table)?.times.map((time) => time.column) ?? table.partitionKeys;
  const rows = await on.query<{ spec: PartitionSpec; held: boolean }>(sql`
    SELECT r.spec, bool_and(r.reason IS NOT DISTINCT FROM 'UPSTREAM_FAILED') AS held
    FROM (
      SELECT l.reason, l.interval_end, l.partition, coalesce(l.mark_spec, (
        SELECT pg_catalog.jsonb_object_agg(e.key, e.value) FROM pg_catalog.jsonb_each(l.spec) e
        WHERE e.key = ANY (${[...times]}::text[])), l.spec) AS spec
      FROM sluice_private.ledger l
      WHERE l.table_id = ${table.id} AND l.state IN ('MISSING', 'STALE')) r
    GROUP BY r.spec
    ORDER BY 2, max(r.interval_end) DESC NULLS FIRST, max(r.partition COLLATE "C") DESC
    LIMIT ${limit}`);
  const held = rows[0]?.held ?? false;
  return rows.filter((row) => row.held === held).map((row) => row.spec);
}
