// The first load of a table: what START_MODE includes, queued with the table in one transaction.
// Pure.

import type { MaterializedTable } from "../catalog/materialized-table.ts";
import type { PartitionSpec } from "../catalog/partition.ts";
import { dataInterval, type Instant } from "../common/time.ts";
import type { QueryAnalysis } from "../query/query-analysis.ts";
import type { RefreshRequest } from "./refresh-request.ts";
import { cellRuleOf } from "./cell-rule.ts";
import { cellsMeeting, intervalOfSpec } from "./cells.ts";
import { cellsPerRun } from "./partition-variables.ts";

const whole: RefreshRequest = { kind: "initial", partitions: null };

/** More cells than this are not noted as missing: a backfill is for them. */
const notedCells = 100_000;

/** What START_MODE includes beyond the first run: the older cells, which are MISSING until then. */
export function afterFirstLoad(
  table: MaterializedTable,
  analysis: QueryAnalysis,
  request: RefreshRequest | null,
): readonly PartitionSpec[] {
  const rule = cellRuleOf(table, analysis);
  const start = table.startMode;
  if (request?.kind !== "initial" || rule === null || start.kind === "FROM_BEGINNING") return [];
  if (request.partitions === null || request.partitions.length < cellsPerRun) return [];
  const first = intervalOfSpec(rule.keys, request.partitions[0] ?? {});
  if (first === null || first.start <= start.at) return [];
  const older = cellsMeeting(rule.keys, dataInterval(start.at, first.start), notedCells);
  return older.map((cell) => cell.spec);
}

/**
 * What the first run computes; null: nothing, the table stays empty until its first slot. A table
 * whose partitions have no time cannot leave history out: it is loaded whole.
 */
export function firstLoad(
  table: MaterializedTable,
  analysis: QueryAnalysis,
  now: Instant,
): RefreshRequest | null {
  if (table.strict) return null;
  const start = table.startMode;
  if (start.kind === "FROM_BEGINNING") return whole;
  if (start.at >= now) return null;
  const rule = cellRuleOf(table, analysis);
  if (rule === null) return whole;
  const cells = cellsMeeting(rule.keys, dataInterval(start.at, now), cellsPerRun);
  return { kind: "initial", partitions: cells.map((cell) => cell.spec) };
}
