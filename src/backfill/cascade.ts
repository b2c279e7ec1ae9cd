// The tables below a table, in topological order, and which of their intervals a period of it
// means: a child whose time keys follow the parent's is computed for the units that meet the
// period, every other one whole. Reads only.

import type { Catalog } from "../catalog/catalog.ts";
import type { MaterializedTable } from "../catalog/materialized-table.ts";
import type { TableId } from "../common/ids.ts";
import type { Queryable, Tx } from "../common/pg.ts";
import { type DataInterval, dataInterval, instant } from "../common/time.ts";
import type { QueryAnalysis } from "../query/query-analysis.ts";
import { cellRuleOf } from "../refresh/cell-rule.ts";
import { loadAnalysis } from "../refresh/stored-analysis.ts";
import { type How, judgeUnits, planMeeting, type Planned } from "./plan.ts";
import type { Plan } from "./plan-table.ts";

export interface CascadeStep {
  /** 1 or more: all that it reads has a lower one. */
  readonly level: number;
  readonly plan: Plan & { readonly table: MaterializedTable };
}

/** A table of the cascade, with the period of it that is computed; null: whole. */
interface Reached {
  readonly table: MaterializedTable;
  readonly level: number;
  readonly period: DataInterval | null;
}

/** `period` null: whatever of the table is computed, its readers are computed whole. */
export async function planCascade(
  tx: Tx,
  catalog: Catalog,
  root: Omit<Reached, "level">,
  how: Pick<How, "force" | "now">,
): Promise<readonly CascadeStep[]> {
  const levels = await levelsBelow(tx, catalog, root.table);
  const reached = new Map<TableId, Reached>([[root.table.id, { ...root, level: 0 }]]);
  const steps: CascadeStep[] = [];
  const below = [...levels].filter(([id]) => id !== root.table.id).sort((a, b) => a[1] - b[1]);
  for (const [id, level] of below) {
    const table = await catalog.findById(tx, id);
    if (table === null) continue;
    const sources = await catalog.sources(tx, id);
    const parents = sources.flatMap(({ tableId }) => reached.get(tableId ?? table.id) ?? []);
    const analysis = await loadAnalysis(tx, id);
    const plan = planChild(table, analysis, parents, how);
    reached.set(id, { table, level, period: plan.period });
    steps.push({ level, plan: { ...plan, table } });
  }
  return steps;
}

/** The longest way from the root to each table that reads it, directly or not. */
async function levelsBelow(
  on: Queryable,
  catalog: Catalog,
  root: MaterializedTable,
): Promise<ReadonlyMap<TableId, number>> {
  const levels = new Map<TableId, number>([[root.id, 0]]);
  const readers = new Map<TableId, readonly TableId[]>();
  let front: readonly TableId[] = [root.id];
  // No table reads itself, so this ends: CREATE and ALTER refuse circles.
  while (front.length > 0) {
    const next = new Set<TableId>();
    for (const id of front) {
      const known = readers.get(id) ?? (await readersOf(on, catalog, id));
      readers.set(id, known);
      const level = (levels.get(id) ?? 0) + 1;
      for (const reader of known) {
        if ((levels.get(reader) ?? 0) >= level) continue;
        levels.set(reader, level);
        next.add(reader);
      }
    }
    front = [...next];
  }
  return levels;
}

async function readersOf(on: Queryable, catalog: Catalog, id: TableId) {
  const dependents = await catalog.dependents(on, id);
  return dependents.flatMap(({ tableId }) => tableId ?? []);
}

function planChild(
  table: MaterializedTable,
  analysis: QueryAnalysis,
  parents: readonly Reached[],
  how: Pick<How, "force" | "now">,
): Plan {
  const { workflowId } = table;
  const whole: Planned = {
    interval: null,
    partition: null,
    reason: null,
    rowCount: null,
    cells: 1,
  };
  const rule = cellRuleOf(table, analysis);
  const period = rule === null ? null : periodOf(table, analysis, parents);
  if (rule === null || period === null) {
    return { workflowId, table, period: null, intervals: [whole] };
  }
  const units = planMeeting(table, rule, period);
  // What runs of it now has read the parents as they were: it is computed once more.
  const ledger = { groups: [], busy: [] };
  const intervals = judgeUnits(table, rule.keys, units, {
    ledger,
    how: { ...how, reprocess: "all", withRows: false },
  });
  const [first, last] = [units[0], units.at(-1)];
  const met =
    first === undefined || last === undefined ? period : hull([first.interval, last.interval]);
  return { workflowId, table, period: met, intervals };
}

/** The hull of the parents' periods; null if rows of one may matter for any time of the table. */
function periodOf(
  table: MaterializedTable,
  analysis: QueryAnalysis,
  parents: readonly Reached[],
): DataInterval | null {
  const periods = parents.flatMap(({ table: parent, period }) =>
    period !== null && followsTimeOf(table, analysis, parent) ? [period] : [],
  );
  return periods.length === 0 || periods.length < parents.length ? null : hull(periods);
}

/** True if every reference of the parent passes by one of its time keys to one of the table's. */
function followsTimeOf(
  table: MaterializedTable,
  { columns, reads }: QueryAnalysis,
  parent: MaterializedTable,
): boolean {
  const relation = `${parent.identifier.database}.${parent.identifier.name}`;
  const times = new Set(table.partitionTimes.map((time) => time.column));
  const theirs = new Set(parent.partitionTimes.map((time) => time.column));
  const references = reads?.[relation] ?? Number.NaN;
  return columns
    .filter((column) => times.has(column.name))
    .flatMap((column) => column.passes ?? [])
    .some(
      (pass) =>
        pass.relation === relation && theirs.has(pass.column) && pass.references === references,
    );
}

function hull(periods: readonly DataInterval[]): DataInterval {
  const starts = periods.map((period) => period.start);
  const ends = periods.map((period) => period.end);
  return dataInterval(instant(Math.min(...starts)), instant(Math.max(...ends)));
}
