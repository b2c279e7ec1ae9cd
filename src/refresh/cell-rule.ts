// Whether and how the slots of a table become cells. Pure.

import type { MaterializedTable } from "../catalog/materialized-table.ts";
import { type QueryAnalysis, whyNotLocal } from "../query/query-analysis.ts";
import type { CellKeys } from "./cells.ts";
import type { CellRule } from "./partition-variables.ts";
import { policiesOf } from "./table-policies.ts";

type CellTable = Pick<
  MaterializedTable,
  "columns" | "partitionTimes" | "timeZone" | "startMode" | "options" | "strict" | "freshness"
>;

/** The time keys of a table; null if its partitions have no time. */
export function cellKeysOf(
  table: Pick<MaterializedTable, "columns" | "partitionTimes" | "timeZone">,
): CellKeys | null {
  if (table.partitionTimes.length === 0) return null;
  const times = table.partitionTimes.map((time) => {
    const column = table.columns.find((candidate) => candidate.name === time.column);
    return { ...time, type: column?.type ?? "text" };
  });
  // Hours without a date repeat every day: such keys alone name no slice of time.
  const dated = times.some((time) => time.pattern === null || /[yu]/.test(time.pattern));
  return dated ? { times, timeZone: table.timeZone } : null;
}

/**
 * Null: a slot refreshes the table whole, because no cell has a time or none can be computed alone.
 */
export function cellRuleOf(table: CellTable, analysis: QueryAnalysis): CellRule | null {
  const keys = cellKeysOf(table);
  if (keys === null) return null;
  const names = keys.times.map((time) => time.column);
  if (whyNotLocal(analysis, names) !== null) return null;
  const { lookback, strategy, freezeAfter: frozenAfter } = policiesOf(table);
  return {
    keys,
    lookback,
    ...(strategy === "latest" && { reach: strategy }),
    ...(strategy === "all" && { reach: strategy, frozenAfter }),
    strictFreshness: table.strict ? table.freshness : null,
    from: table.startMode.kind === "FROM_BEGINNING" ? null : table.startMode.at,
  };
}
