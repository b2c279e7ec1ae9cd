// Cells of time: which partitions meet a slice of time, and which slice a partition stands for.
// Pure; all calendar arithmetic is in the table's zone. A day with a clock change is a cell of 23
// or 25 hours; a repeated hour is one cell of a text or timestamp key (its label occurs twice) and
// two cells of a timestamptz key.

import type { PartitionSpec } from "../catalog/partition.ts";
import { assert } from "../common/assert.ts";
import { type DataInterval, dataInterval, type Instant, instant } from "../common/time.ts";
import {
  type CellKey,
  fieldsOfLabel,
  hasZone,
  hullAt,
  instantOfFields,
  instantOfLabel,
  labelAt,
  type TimeFields,
} from "./cell-label.ts";
import { zoneOf } from "./zone.ts";

/**
 * What cells are made of: the time keys of a table, at least one. Plain data, stored with the
 * workflow's task.
 */
export interface CellKeys {
  readonly times: readonly CellKey[];
  readonly timeZone: string;
}

export interface TimedCell {
  readonly spec: PartitionSpec;
  readonly interval: DataInterval;
}

/** The labels of the moment `at`. */
export function cellSpecAt(keys: CellKeys, at: Instant): PartitionSpec {
  const zone = zoneOf(keys.timeZone);
  return Object.fromEntries(keys.times.map((key) => [key.column, labelAt(key, at, zone)]));
}

/** The cell that holds `at`: its labels and the hull of the instants that carry them. */
export function cellAt(keys: CellKeys, at: Instant): TimedCell {
  assert(keys.times.length > 0, "a table with cells has a time key");
  const zone = zoneOf(keys.timeZone);
  const hulls = keys.times.map((key) => hullAt(key, at, zone));
  const interval = dataInterval(
    instant(Math.max(...hulls.map((hull) => hull.start))),
    instant(Math.min(...hulls.map((hull) => hull.end))),
  );
  return { spec: cellSpecAt(keys, at), interval };
}

/**
 * Every cell that meets `interval`, in order of time; none if it is empty. At most `limit`, the
 * newest ones: what is more is left out at the beginning.
 */
export function cellsMeeting(keys: CellKeys, interval: DataInterval, limit: number): TimedCell[] {
  const cells: TimedCell[] = [];
  let at = interval.end;
  while (at > interval.start && cells.length < limit) {
    const cell = cellAt(keys, instant(at - 1));
    cells.push(cell);
    at = cell.interval.start;
  }
  return cells.reverse();
}

/** The `count` cells before the moment `start`, which begins one, in order of time. */
export function cellsBefore(keys: CellKeys, start: Instant, count: number): TimedCell[] {
  const cells: TimedCell[] = [];
  let at = start;
  while (cells.length < count) {
    const cell = cellAt(keys, instant(at - 1));
    cells.push(cell);
    at = cell.interval.start;
  }
  return cells.reverse();
}

/**
 * The slice of time a spec stands for. A subset of the keys stands for all that agree with it. Null
 * if it names no time key, or values that no moment has (`ds = 'x'`, NULL).
 */
export function intervalOfSpec(keys: CellKeys, spec: PartitionSpec): DataInterval | null {
  const times = keys.times.filter((key) => key.column in spec);
  if (times.length === 0) return null;
  const named: CellKeys = { times, timeZone: keys.timeZone };
  const at = instantOfSpec(named, spec);
  if (at === null) return null;
  const cell = cellAt(named, at);
  const same = times.every((key) => cell.spec[key.column] === spec[key.column]);
  return same ? cell.interval : null;
}

function instantOfSpec(keys: CellKeys, spec: PartitionSpec): Instant | null {
  let fields: TimeFields = {};
  for (const key of keys.times) {
    const label = spec[key.column] ?? null;
    if (label === null) return null;
    if (hasZone(key)) return instantOfLabel(label);
    const told = fieldsOfLabel(key, label);
    if (told === null) return null;
    fields = { ...fields, ...told };
  }
  return instantOfFields(fields, zoneOf(keys.timeZone));
}
