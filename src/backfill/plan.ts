// The intervals of a backfill in order of time, each with the reason not to run it: made purely
// from a table or a workflow, the moment now, and what is known of the past.

import type { MaterializedTable } from "../catalog/materialized-table.ts";
import { renderPartition } from "../catalog/partition.ts";
import { GatewayError } from "../common/gateway-error.ts";
import { type DataInterval, dataInterval, type Instant, instant } from "../common/time.ts";
import { type CellKeys, cellAt } from "../refresh/cells.ts";
import type { CellRule } from "../refresh/partition-variables.ts";
import { policiesOf } from "../refresh/table-policies.ts";
import { scheduleOf as tableSchedule } from "../refresh/schedule-of.ts";
import { type Schedule, scheduleOf } from "../scheduler/schedule.ts";
import type { WorkflowDefinition } from "../scheduler/scheduler.ts";
import type { Reprocess } from "./backfill-options.ts";
import { skipReason, type SkipReason } from "./judge.ts";
import { type TimeLedger, TimeLedgerReader, type ValueLedger } from "./ledger-facts.ts";
import { type Unit, UnitGrid } from "./unit-grid.ts";

/** More are refused. */
const mostIntervals = 100_000;

export interface Planned {
  /** Null for keys that are not time. */
  readonly interval: DataInterval | null;
  /** Null: the interval decides, or it is the whole table. */
  readonly partition: string | null;
  readonly reason: SkipReason | null;
  /** Rows that are there now; null: unknown. */
  readonly rowCount: number | null;
  /** Cells of the interval, about. */
  readonly cells: number;
}

export interface How {
  readonly reprocess: Reprocess;
  readonly force: boolean;
  readonly now: Instant;
  /** Numbers of rows are wanted too, for an estimate. */
  readonly withRows: boolean;
}

/** Throws BF-RANGE, BF-FUTURE. */
export function checkRange(range: { readonly from: Instant; readonly to: Instant }, now: Instant) {
  if (range.from >= range.to) throw notBefore();
  if (range.from >= now) {
    throw new GatewayError("BF-FUTURE", "the range lies wholly in the future", {
      detail: "Only intervals that have ended are computed.",
    });
  }
  return dataInterval(range.from, range.to);
}

export function notBefore(): GatewayError {
  return new GatewayError("BF-RANGE", "the begin of the range is not before its end", {
    detail: "FROM belongs to the range, TO does not.",
  });
}

/** The units of a table that begin in `range` and have ended. Throws BF-TOO-MANY. */
export function planUnits(
  table: MaterializedTable,
  rule: CellRule,
  range: DataInterval,
  now: Instant,
): readonly Unit[] {
  const units: Unit[] = [];
  const grid = gridOf(table, rule, range.start);
  for (const unit of grid.unitsOf(range, ({ end }) => end <= now)) {
    units.push(unit);
    if (units.length > mostIntervals) throw tooMany();
  }
  return units;
}

/** The units of a table that meet `period`, ended or not: for a table that reads another one. */
export function planMeeting(
  table: MaterializedTable,
  rule: CellRule,
  period: DataInterval,
): readonly Unit[] {
  const units: Unit[] = [];
  for (const unit of gridOf(table, rule, period.start).unitsMeeting(period)) {
    units.push(unit);
    if (units.length > mostIntervals) throw tooMany();
  }
  return units;
}

function gridOf(table: MaterializedTable, rule: CellRule, near: Instant): UnitGrid {
  const spec = tableSchedule(table.freshness, table.timeZone, table.createdAt);
  return new UnitGrid(rule.keys, scheduleOf(spec, table.timeZone), near);
}

/** Each unit with its reason, by the table's ledger. */
export function judgeUnits(
  table: MaterializedTable,
  keys: CellKeys,
  units: readonly Unit[],
  known: { readonly ledger: TimeLedger; readonly how: How },
): readonly Planned[] {
  const { now } = known.how;
  const { freezeAfter } = policiesOf(table);
  const { startMode, partitionKeys } = table;
  const begin = startMode.kind === "FROM_TIMESTAMP" ? startMode.at : Number.NEGATIVE_INFINITY;
  const reader = new TimeLedgerReader(known.ledger);
  return units.map((unit): Planned => {
    const { interval, first } = unit;
    const facts = reader.factsOf(interval);
    const beyondStart = interval.end <= begin;
    const frozen = freezeAfter !== null && interval.end < now - freezeAfter;
    const length = first.interval.end - first.interval.start;
    return {
      interval,
      partition: labelOf(unit, keys, partitionKeys),
      reason: skipReason({ ...facts, beyondStart, frozen }, known.how),
      rowCount: facts.missing ? null : facts.rowCount,
      cells: Math.max(1, Math.round((interval.end - interval.start) / length)),
    };
  });
}

/** What all cells of the unit have in common; null if that is nothing. */
function labelOf(
  { interval, first }: Unit,
  keys: CellKeys,
  partitionKeys: readonly string[],
): string | null {
  if (interval.end === first.interval.end) return renderPartition(first.spec, partitionKeys);
  const last = cellAt(keys, instant(interval.end - 1)).spec;
  const common = Object.entries(first.spec).filter(([column, value]) => last[column] === value);
  return common.length === 0 ? null : renderPartition(Object.fromEntries(common), partitionKeys);
}

/** Each value of a key with its reason. Throws BF-TOO-MANY. */
export function judgeValues(
  table: MaterializedTable,
  key: string,
  values: readonly string[],
  known: { readonly ledger: ValueLedger; readonly how: How },
): readonly Planned[] {
  if (values.length > mostIntervals) throw tooMany();
  const { groups, busy } = known.ledger;
  const open = new Set(busy ?? []);
  return values.map((value): Planned => {
    const group = groups.get(value);
    const facts = {
      beyondStart: false,
      frozen: false,
      inFlight: busy === null || open.has(value),
      missing: group?.missing ?? true,
      failed: group?.failed ?? false,
      stale: group?.stale ?? false,
    };
    return {
      interval: null,
      partition: renderPartition({ [key]: value }, table.partitionKeys),
      reason: skipReason(facts, known.how),
      rowCount: group?.rowCount ?? null,
      cells: 1,
    };
  });
}

/** State of the latest run of a slot: what reprocess asks of workflows. */
export type SlotState = "open" | "successful" | "failed" | "missing";

/** The slots of a workflow whose intervals begin in `range` and have ended. Throws BF-TOO-MANY. */
export function planSlots(
  definition: WorkflowDefinition,
  range: DataInterval,
  now: Instant,
): readonly DataInterval[] {
  const schedule: Schedule = scheduleOf(definition.schedule, definition.timeZone);
  const until = definition.endAt ?? Number.POSITIVE_INFINITY;
  const slots: DataInterval[] = [];
  let start = schedule.nextAfter(instant(range.start - 1));
  while (start !== null && start < range.end) {
    const end = schedule.nextAfter(start);
    if (end === null || end > now || end >= until) break;
    slots.push(dataInterval(start, end));
    if (slots.length > mostIntervals) throw tooMany();
    start = end;
  }
  return slots;
}

/** Each slot with its reason; `states` by the end of the slot, what is not in it is missing. */
export function judgeSlots(
  definition: WorkflowDefinition,
  slots: readonly DataInterval[],
  known: { readonly states: ReadonlyMap<Instant, SlotState>; readonly how: How },
): readonly Planned[] {
  const begin = definition.startAt ?? Number.NEGATIVE_INFINITY;
  return slots.map((interval): Planned => {
    const state = known.states.get(interval.end) ?? "missing";
    const facts = {
      beyondStart: interval.end < begin,
      frozen: false,
      inFlight: state === "open",
      missing: state === "missing",
      failed: state === "failed",
      stale: false,
    };
    const reason = skipReason(facts, known.how);
    return { interval, partition: null, reason, rowCount: null, cells: 1 };
  });
}

function tooMany(): GatewayError {
  return new GatewayError("BF-TOO-MANY", `the range holds more than ${mostIntervals} intervals`, {
    hint: "Split it into several backfills.",
  });
}
