// What the ledger says of the intervals of a table's backfill: read once for the whole range, then
// asked interval by interval in order of time.

import type { MaterializedTable } from "../catalog/materialized-table.ts";
import type { PartitionSpec } from "../catalog/partition.ts";
import type { Queryable } from "../common/pg.ts";
import { sql } from "../common/sql.ts";
import { type DataInterval, dataInterval, type Instant, toIso } from "../common/time.ts";
import { type CellKeys, intervalOfSpec } from "../refresh/cells.ts";

/** Cells of one slice of time, or of one value. */
export interface CellGroup {
  readonly failed: boolean;
  readonly stale: boolean;
  readonly missing: boolean;
  readonly rowCount: number;
}

export interface TimedGroup extends CellGroup {
  readonly interval: DataInterval;
}

/** Slices of the table that wait or run; null: the whole table does. */
type Busy<Part> = readonly Part[] | null;

export interface TimeLedger {
  /** In order of time. */
  readonly groups: readonly TimedGroup[];
  readonly busy: Busy<DataInterval>;
}

/** `range` null: only what is in flight; the cells themselves do not matter. */
export async function loadTimeLedger(
  on: Queryable,
  table: MaterializedTable,
  keys: CellKeys,
  range: DataInterval | null,
): Promise<TimeLedger> {
  const groups = range === null ? [] : await loadGroups(on, table, range);
  const specs = await loadBusy(on, table);
  const busy = specs?.flatMap((spec) => intervalOfSpec(keys, spec) ?? []) ?? null;
  const everything = specs?.some((spec) => intervalOfSpec(keys, spec) === null) ?? true;
  return { groups, busy: everything ? null : busy };
}

/** The cells that meet `range`. */
async function loadGroups(
  on: Queryable,
  table: MaterializedTable,
  range: DataInterval,
): Promise<readonly TimedGroup[]> {
  const rows = await on.query<GroupRow & { starts: Instant; ends: Instant }>(sql`
    SELECT interval_start AS starts, interval_end AS ends,
      bool_or(state = 'FAILED') AS failed, bool_or(state = 'STALE') AS stale,
      bool_or(state = 'MISSING') AS missing, coalesce(sum(row_count), 0)::bigint AS rows
    FROM sluice_private.ledger
    WHERE table_id = ${table.id} AND interval_start < ${toIso(range.end)}::timestamptz
      AND interval_end > ${toIso(range.start)}::timestamptz
    GROUP BY 1, 2 ORDER BY 1, 2`);
  return rows.map(({ starts, ends, rows: rowCount, ...states }) => ({
    ...states,
    rowCount,
    interval: dataInterval(starts, ends),
  }));
}

interface GroupRow {
  readonly failed: boolean;
  readonly stale: boolean;
  readonly missing: boolean;
  readonly rows: number;
}

export interface ValueLedger {
  readonly groups: ReadonlyMap<string, CellGroup>;
  readonly busy: Busy<string>;
}

/** The cells of a table by the values of one key. */
export async function loadValueLedger(
  on: Queryable,
  table: MaterializedTable,
  key: string,
): Promise<ValueLedger> {
  const rows = await on.query<GroupRow & { value: string }>(sql`
    SELECT spec ->> ${key} AS value, bool_or(state = 'FAILED') AS failed,
      bool_or(state = 'STALE') AS stale, bool_or(state = 'MISSING') AS missing,
      coalesce(sum(row_count), 0)::bigint AS rows
    FROM sluice_private.ledger
    WHERE table_id = ${table.id} AND spec ->> ${key} IS NOT NULL GROUP BY 1`);
  const specs = await loadBusy(on, table);
  const everything = specs?.some((spec) => !(key in spec)) ?? true;
  return {
    groups: new Map(
      rows.map(({ value, rows: rowCount, ...states }) => [value, { ...states, rowCount }]),
    ),
    busy: everything ? null : (specs ?? []).map((spec) => spec[key] ?? ""),
  };
}

/** What open tasks have claimed of the table; null: all of it. */
async function loadBusy(
  on: Queryable,
  { id }: MaterializedTable,
): Promise<readonly PartitionSpec[] | null> {
  const rows = await on.query<{ scopes: readonly PartitionSpec[] | null }>(sql`
    SELECT scopes FROM sluice_private.task_instances
    WHERE resource = ${id} AND status IN ('PENDING', 'RUNNING')`);
  if (rows.some((row) => row.scopes === null)) return null;
  return rows.flatMap((row) => row.scopes ?? []);
}

export interface UnitFacts extends CellGroup {
  readonly inFlight: boolean;
}

/** Asked with units in order of time, each group is looked at once. */
export class TimeLedgerReader {
  readonly #ledger: TimeLedger;
  #next = 0;

  constructor(ledger: TimeLedger) {
    this.#ledger = ledger;
  }

  /** A slice of the unit that no cell covers is missing. */
  factsOf(unit: DataInterval): UnitFacts {
    const { groups, busy } = this.#ledger;
    let covered = 0;
    let found = { failed: false, stale: false, missing: false, rowCount: 0 };
    for (let group = groups[this.#next]; group !== undefined; group = groups[this.#next]) {
      if (group.interval.start >= unit.end) break;
      this.#next += 1;
      if (group.interval.end <= unit.start) continue;
      if (!group.missing) covered += lengthWithin(group.interval, unit);
      found = {
        failed: found.failed || group.failed,
        stale: found.stale || group.stale,
        missing: found.missing || group.missing,
        rowCount: found.rowCount + group.rowCount,
      };
    }
    const inFlight = busy === null || busy.some((slice) => lengthWithin(slice, unit) > 0);
    const missing = found.missing || covered < unit.end - unit.start;
    return { ...found, missing, inFlight };
  }
}

function lengthWithin(a: DataInterval, b: DataInterval): number {
  return Math.max(0, Math.min(a.end, b.end) - Math.max(a.start, b.start));
}
