// What is known of a table's freshness: the rows that DESCRIBE EXTENDED adds, and those of SHOW
// PARTITIONS. Both are selects on the views of schema sluice, so that every surface says the same.

import { renderFreshness } from "../catalog/freshness.ts";
import type { MaterializedTable } from "../catalog/materialized-table.ts";
import type { Queryable } from "../common/pg.ts";
import { sql } from "../common/sql.ts";
import { type Instant, toIso } from "../common/time.ts";
import { modeReasons } from "./resolve-mode.ts";
import type { DetailRow, PartitionRow } from "./table-requests.ts";

interface HealthRow {
  readonly data_timestamp: Instant | null;
  readonly lag: string | null;
  readonly next_refresh: Instant | null;
  readonly last_refresh: Instant | null;
  readonly last_status: string | null;
  readonly last_error: string | null;
  readonly row_count: number | null;
  readonly bytes: number | null;
  readonly healthy: boolean;
  readonly owner: string | null;
}

/** Property and value in the order of DESCRIBE EXTENDED. */
export async function loadDetails(
  on: Queryable,
  table: MaterializedTable,
): Promise<readonly DetailRow[]> {
  const { database, name } = table.identifier;
  const rows = await on.query<HealthRow>(sql`
    SELECT data_timestamp, lag::text AS lag, next_refresh, last_refresh, last_status, last_error,
           row_count, bytes, healthy, owner
    FROM sluice.materialized_tables WHERE database = ${database} AND name = ${name}`);
  const health = rows[0];
  const time = (at: Instant | null | undefined) => (at ? toIso(at) : null);
  const amount = (value: number | null | undefined) =>
    value === null || value === undefined ? null : String(value);
  return [
    ["status", table.status],
    ["refresh mode", table.refreshMode],
    ["requested mode", table.requestedMode],
    ["mode reason", reasonText(table)],
    ["freshness", renderFreshness(table.freshness)],
    ["time zone", table.timeZone],
    ["start mode", startText(table)],
    ["partitioned by", table.partitionKeys.join(", ") || null],
    ["healthy", health === undefined ? null : String(health.healthy)],
    ["data timestamp", time(health?.data_timestamp)],
    ["lag", health?.lag ?? null],
    ["next refresh", time(health?.next_refresh)],
    ["last refresh", time(health?.last_refresh)],
    ["last status", health?.last_status ?? null],
    ["last error", health?.last_error ?? null],
    ["rows", amount(health?.row_count)],
    ["bytes", amount(health?.bytes)],
    ["owner", health?.owner ?? null],
    ["table id", table.id],
    ["workflow id", table.workflowId],
  ].map(([key, value]) => ({ name: key ?? "", value: value ?? null }));
}

function reasonText({ modeReason }: MaterializedTable): string | null {
  if (modeReason === null) return null;
  const sentence = modeReasons[modeReason as keyof typeof modeReasons];
  return `${modeReason}: ${sentence}`;
}

function startText({ startMode }: MaterializedTable): string {
  return startMode.kind === "FROM_BEGINNING" ? startMode.kind : startMode.text;
}

/** The ledger of a table in the order of its partitions. */
export async function loadPartitions(
  on: Queryable,
  table: MaterializedTable,
): Promise<readonly PartitionRow[]> {
  const rows = await on.query<{
    partition: string;
    state: string;
    data_timestamp: Instant | null;
    row_count: number | null;
    last_run_id: string | null;
    reason: string | null;
  }>(sql`
    SELECT partition, state, data_timestamp, row_count, last_run_id, reason
    FROM sluice_private.ledger WHERE table_id = ${table.id}
    ORDER BY partition COLLATE "C"`);
  return rows.map((row) => ({
    partition: row.partition,
    state: row.state,
    dataTimestamp: row.data_timestamp,
    rowCount: row.row_count,
    lastRunId: row.last_run_id,
    reason: row.reason,
  }));
}
