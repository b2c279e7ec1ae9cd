// From the partitions of a parent that changed to the partitions of a child that read them. The
// analysis of the child's query says by which columns every reference of the parent passes to the
// child's keys: an equal key carries the value over, a function that keeps order carries the slice
// of time over. What is not proven affects everything. Pure.

import type { MaterializedTable } from "../catalog/materialized-table.ts";
import { type PartitionSpec, type PartitionValue, renderPartition } from "../catalog/partition.ts";
import type { QueryAnalysis, RelationPass } from "../query/query-analysis.ts";
import { cellKeysOf } from "./cell-rule.ts";
import { cellsMeeting, intervalOfSpec } from "./cells.ts";

/** More cells than this are marked as the whole table. */
const mostCells = 1_000;

/** Specs of the child, of all its keys or of some; null: everything. */
export function affectedCells(
  parent: MaterializedTable,
  child: MaterializedTable,
  analysis: QueryAnalysis,
  changed: readonly PartitionSpec[],
): readonly PartitionSpec[] | null {
  const carriers = child.partitionKeys.flatMap((key) => carrierOf(key, parent, child, analysis));
  if (carriers.length === 0 || changed.length > mostCells) return null;
  const found = new Map<string, PartitionSpec>();
  for (const spec of changed) {
    const specs = carried(spec, carriers);
    if (specs === null) return null;
    for (const each of specs) found.set(renderPartition(each, child.partitionKeys), each);
    if (found.size > mostCells) return null;
  }
  return [...found.values()];
}

/** How one key of the child follows from one of the parent. */
interface Carrier {
  readonly key: string;
  readonly from: string;
  /** Null: not known for this value. */
  readonly values: (value: PartitionValue) => readonly PartitionValue[] | null;
}

function carrierOf(
  key: string,
  parent: MaterializedTable,
  child: MaterializedTable,
  analysis: QueryAnalysis,
): readonly Carrier[] {
  const { database, name } = parent.identifier;
  const relation = `${database}.${name}`;
  const passes = analysis.columns.find((column) => column.name === key)?.passes ?? [];
  const pass = passes.find(
    (each) =>
      each.relation === relation &&
      each.references === analysis.reads?.[relation] &&
      parent.partitionKeys.includes(each.column),
  );
  if (pass === undefined) return [];
  const values = pass.plain
    ? sameValue(pass, key, parent, child)
    : slices(pass, key, parent, child);
  return values === null ? [] : [{ key, from: pass.column, values }];
}

/** Equal types print equal values equally. */
function sameValue(
  pass: RelationPass,
  key: string,
  parent: MaterializedTable,
  child: MaterializedTable,
): Carrier["values"] | null {
  const same = typeOf(parent, pass.column) === typeOf(child, key);
  const sameZone = parent.timeZone === child.timeZone;
  const zoned = typeOf(child, key)?.includes("with time zone") === true;
  return same && (sameZone || !zoned) ? (value) => [value] : null;
}

/** The child's cells that meet the slice of time of the parent's. */
function slices(
  pass: RelationPass,
  key: string,
  parent: MaterializedTable,
  child: MaterializedTable,
): Carrier["values"] | null {
  const [theirs, ours] = [cellKeysOf(parent), cellKeysOf(child)];
  const time = ours?.times.find((each) => each.column === key);
  if (theirs === null || time === undefined || parent.timeZone !== child.timeZone) return null;
  return (value) => {
    if (value === null) return [null];
    const interval = intervalOfSpec(theirs, { [pass.column]: value });
    if (interval === null) return null;
    const cells = cellsMeeting({ times: [time], timeZone: child.timeZone }, interval, mostCells);
    return cells.map((cell) => cell.spec[key] ?? null);
  };
}

/** Every combination of the values that the keys may have; null if one is not known. */
function carried(
  spec: PartitionSpec,
  carriers: readonly Carrier[],
): readonly PartitionSpec[] | null {
  let specs: readonly PartitionSpec[] = [{}];
  let known = false;
  for (const { key, from, values } of carriers) {
    const possible = from in spec ? values(spec[from] ?? null) : null;
    // A key that is not known is left out: the mark is then about all its values.
    if (possible === null) continue;
    known = true;
    specs = specs.flatMap((each) => possible.map((value) => ({ ...each, [key]: value })));
  }
  return known ? specs : null;
}

function typeOf(table: MaterializedTable, name: string): string | undefined {
  return table.columns.find((column) => column.name === name)?.type;
}
