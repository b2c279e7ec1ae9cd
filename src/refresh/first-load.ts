// The first load of a table: what START_MODE includes, queued with the table in one transaction.
// Pure.

import type { MaterializedTable } from "../catalog/materialized-table.ts";
import { dataInterval, type Instant } from "../common/time.ts";
import type { QueryAnalysis } from "../query/query-analysis.ts";
import type { RefreshRequest } from "./refresh-request.ts";
import { cellRuleOf } from "./cell-rule.ts";
import { cellsMeeting } from "./cells.ts";
import { cellsPerRun } from "./partition-variables.ts";

const whole: RefreshRequest = { kind: "initial", partitions: null };

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
