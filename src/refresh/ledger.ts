// The partition ledger: one row a cell, written only by the run that holds the cell, inside its
// transaction. What others want to say about a cell they append as a mark; a mark is news until a
// run has taken its snapshot after it, which the cell's stored snapshot tells. QUEUED and RUNNING
// are never stored: sluice.partitions derives them.

import type { MaterializedTable } from "../catalog/materialized-table.ts";
import { parsePartition, type PartitionSpec, renderPartition } from "../catalog/partition.ts";
import type { RunId, TableId } from "../common/ids.ts";
import { databaseClock, type Queryable, type Tx } from "../common/pg.ts";
import { sql } from "../common/sql.ts";
import { type Instant, instant, toIso } from "../common/time.ts";
import type { RefreshMeasures } from "../engine/engine.ts";
import type { RefreshScope } from "../engine/refresh-step.ts";
import { cellKeysOf } from "./cell-rule.ts";
import { type CellKeys, intervalOfSpec, type TimedCell } from "./cells.ts";
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
  },
): Promise<void> {
  const keys = cellKeysOf(table);
  const found = run.measures.partitions.map(({ spec, rowCount }) =>
    cellRow(table, keys, spec, rowCount),
  );
  const present = new Set(found.map((row) => row.partition));
  const emptied = fullSpecs(table, run.scope)
    .map((spec) => cellRow(table, keys, spec, 0))
    .filter((row) => !present.has(row.partition));
  await upsertCells(tx, table.id, run, [...found, ...emptied]);
  if (table.partitionKeys.length > 0) await emptyOthers(tx, table.id, run);
}

/** The cells that the scope names with every key; an unpartitioned table has the one cell `{}`. */
function fullSpecs(table: MaterializedTable, scope: RefreshScope): readonly PartitionSpec[] {
  if (scope.kind === "whole") return [];
  return scope.specs.filter((spec) => table.partitionKeys.every((key) => key in spec));
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
  run: { readonly runId: RunId; readonly measures: RefreshMeasures },
  rows: readonly CellRow[],
): Promise<void> {
  await tx.execute(sql`
    INSERT INTO sluice_private.cells AS c
      (table_id, partition, spec, state, data_timestamp, row_count, last_run_id, reason,
       interval_start, interval_end, snapshot, changed_at)
    SELECT ${id}, r.partition, r.spec, 'FRESH',
           ${toIso(run.measures.dataTimestamp)}::timestamptz, r."rowCount", ${run.runId}, NULL,
           r."intervalStart", r."intervalEnd", pg_catalog.pg_current_snapshot(), ${databaseClock}
    FROM pg_catalog.jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS r (partition text, spec jsonb, "rowCount" bigint, "intervalStart" timestamptz,
            "intervalEnd" timestamptz)
    ON CONFLICT (table_id, partition) DO UPDATE
    SET state = 'FRESH', data_timestamp = excluded.data_timestamp, row_count = excluded.row_count,
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
  id: TableId,
  run: { readonly runId: RunId; readonly scope: RefreshScope; readonly measures: RefreshMeasures },
): Promise<void> {
  const scopes = run.scope.kind === "whole" ? [{}] : run.scope.specs;
  const inScope = sql`
    c.table_id = ${id} AND c.last_run_id IS DISTINCT FROM ${run.runId} AND EXISTS (
      SELECT FROM pg_catalog.jsonb_array_elements(${JSON.stringify(scopes)}::jsonb) AS s (spec)
      WHERE c.spec @> s.spec)`;
  await tx.execute(sql`
    DELETE FROM sluice_private.cells c WHERE ${inScope} AND c.interval_start IS NULL`);
  await tx.execute(sql`
    UPDATE sluice_private.cells c
    SET state = 'FRESH', data_timestamp = ${toIso(run.measures.dataTimestamp)}::timestamptz,
        row_count = 0, last_run_id = ${run.runId}, reason = NULL,
        snapshot = pg_catalog.pg_current_snapshot(), changed_at = ${databaseClock}
    WHERE ${inScope}`);
}

/** Marks the cells of a failed run; what they hold stays as it was. */
export async function failCells(
  tx: Tx,
  table: MaterializedTable,
  run: { readonly runId: RunId; readonly scope: RefreshScope; readonly reason: string },
): Promise<void> {
  const keys = cellKeysOf(table);
  const unpartitioned = table.partitionKeys.length === 0;
  const specs = unpartitioned ? [{}] : fullSpecs(table, run.scope);
  const rows = specs.map((spec) => cellRow(table, keys, spec, 0));
  await tx.execute(sql`
    INSERT INTO sluice_private.cells
      (table_id, partition, spec, state, last_run_id, reason, interval_start, interval_end,
       changed_at)
    SELECT ${table.id}, r.partition, r.spec, 'FAILED', ${run.runId}, ${run.reason},
           r."intervalStart", r."intervalEnd", ${databaseClock}
    FROM pg_catalog.jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS r (partition text, spec jsonb, "intervalStart" timestamptz, "intervalEnd" timestamptz)
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

/** Appends a mark about each of the cells. */
export async function markCells(
  tx: Tx,
  table: MaterializedTable,
  cells: readonly TimedCell[],
  mark: { readonly state: "STALE" | "MISSING"; readonly reason: Reason },
): Promise<void> {
  const partitions = cells.map((cell) => renderPartition(cell.spec, table.partitionKeys));
  await tx.execute(sql`
    INSERT INTO sluice_private.cell_marks (table_id, partition, state, reason, at)
    SELECT ${table.id}, p, ${mark.state}, ${mark.reason}, ${databaseClock}
    FROM pg_catalog.unnest(${partitions}::text[]) AS p`);
}

export async function hasMarks(on: Queryable, id: TableId): Promise<boolean> {
  const rows = await on.query(
    sql`SELECT FROM sluice_private.cell_marks WHERE table_id = ${id} LIMIT 1`,
  );
  return rows.length > 0;
}

/**
 * Deletes the marks that every cell they are about has taken in. In READ COMMITTED and after a run,
 * never inside one: two runs that delete one row would fail each other.
 */
export async function foldMarks(tx: Tx, id: TableId): Promise<void> {
  await tx.execute(sql`
    DELETE FROM sluice_private.cell_marks m
    WHERE m.table_id = ${id}
      AND (m.partition IS NULL OR EXISTS (
        SELECT FROM sluice_private.cells c
        WHERE c.table_id = m.table_id AND c.partition = m.partition))
      AND NOT EXISTS (
        SELECT FROM sluice_private.cells c
        WHERE c.table_id = m.table_id AND (m.partition IS NULL OR c.partition = m.partition)
          AND (c.snapshot IS NULL OR NOT pg_catalog.pg_visible_in_snapshot(m.tx, c.snapshot)))`);
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

/** Cells that are MISSING or STALE and that nobody computes yet, newest first. */
export async function cellsToRepair(
  on: Queryable,
  id: TableId,
  limit: number,
): Promise<readonly PartitionSpec[]> {
  const rows = await on.query<{ partition: string }>(sql`
    SELECT partition FROM sluice_private.ledger
    WHERE table_id = ${id} AND state IN ('MISSING', 'STALE')
    ORDER BY interval_end DESC NULLS LAST, partition COLLATE "C" DESC
    LIMIT ${limit}`);
  return rows.map((row) => parsePartition(row.partition));
}
