// Partitions older than 'freeze.after' are not computed again by the schedule. Pure.

import type { MaterializedTable } from "../catalog/materialized-table.ts";
import type { PartitionSpec } from "../catalog/partition.ts";
import type { Instant } from "../common/time.ts";
import { cellKeysOf } from "./cell-rule.ts";
import { intervalOfSpec, type TimedCell } from "./cells.ts";
import { policiesOf } from "./table-policies.ts";

/** Tells at the moment `now` which cells of the table are frozen. */
export function frozenBy(table: MaterializedTable, now: Instant): (cell: TimedCell) => boolean {
  const { freezeAfter } = policiesOf(table);
  if (freezeAfter === null) return () => false;
  return (cell) => cell.interval.end < now - freezeAfter;
}

/** True if the spec stands for a slice of time that is frozen. */
export function isFrozenSpec(table: MaterializedTable, spec: PartitionSpec, now: Instant): boolean {
  const keys = cellKeysOf(table);
  const interval = keys === null ? null : intervalOfSpec(keys, spec);
  return interval !== null && frozenBy(table, now)({ spec, interval });
}
