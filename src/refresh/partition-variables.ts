// Which partitions a scheduled time is about. Ours: every cell that meets the data interval, and a
// look-back for late rows. Flink's (`flink-strict`): the one cell at scheduled time minus freshness
// in milliseconds. Pure.

import { DateTimeFormatter, LocalDateTime } from "@js-joda/core";
import { type Freshness, freshnessDuration } from "../catalog/freshness.ts";
import { flinkName, type ObjectIdentifier } from "../catalog/object-identifier.ts";
import type { PartitionSpec } from "../catalog/partition.ts";
import { GatewayError } from "../common/gateway-error.ts";
import { unreachable } from "../common/assert.ts";
import {
  type DataInterval,
  dataInterval,
  type Duration,
  type Instant,
  instant,
} from "../common/time.ts";
import {
  cellAt,
  type CellKeys,
  cellsBefore,
  cellSpecAt,
  cellsMeeting,
  type TimedCell,
} from "./cells.ts";
import { execution, validation } from "./flink-text.ts";
import { instantOf, zoneOf } from "./zone.ts";

/**
 * How a table's slots become cells; stored with the task of its workflow, so that claims can be
 * computed.
 */
export interface CellRule {
  readonly keys: CellKeys;
  /** Cells before the interval's that are computed again (`refresh.lookback`); 0 under strict. */
  readonly lookback: number;
  /** Not null under strict: Flink's single partition at scheduled time minus this freshness. */
  readonly strictFreshness: Freshness | null;
  /** Cells that end before it are not in the ledger; null: no beginning. */
  readonly from: Instant | null;
  /** latest: the newest cell of the interval; all: every cell. Absent: those of the interval. */
  readonly reach?: "latest" | "all";
  /** Under `all`: cells that ended so long before the slot are frozen; null: none are. */
  readonly frozenAfter?: Duration | null;
}

/**
 * More cells than this are not refreshed by one slot: the newest ones are, the others stay MISSING.
 */
export const cellsPerRun = 10_000;

/**
 * The cells that the slot with this data interval refreshes by the strategy of the table, in order
 * of time; null: the table whole.
 */
export function cellsOfSlot(rule: CellRule, interval: DataInterval): TimedCell[] | null {
  const { keys, from, frozenAfter = null } = rule;
  if (rule.strictFreshness !== null || interval.start >= interval.end) {
    return cellsOfInterval(rule, interval);
  }
  switch (rule.reach) {
    case undefined:
      return cellsOfInterval(rule, interval);
    case "latest": {
      const newest = cellAt(keys, instant(interval.end - 1)).interval.start;
      const start = instant(Math.max(interval.start, newest));
      return cellsOfInterval(rule, dataInterval(start, interval.end));
    }
    case "all": {
      if (from === null && frozenAfter === null) return null;
      const frozen = frozenAfter === null ? Number.NEGATIVE_INFINITY : interval.end - frozenAfter;
      const since = Math.max(from ?? Number.NEGATIVE_INFINITY, frozen);
      const start = instant(Math.min(since, interval.end));
      return cellsMeeting(keys, dataInterval(start, interval.end), cellsPerRun);
    }
    default:
      return unreachable(rule.reach);
  }
}

/** The cells that meet the data interval, and those that the look-back reaches. */
export function cellsOfInterval(rule: CellRule, interval: DataInterval): TimedCell[] {
  const { keys, strictFreshness } = rule;
  if (strictFreshness !== null) {
    const at = instant(interval.end - freshnessDuration(strictFreshness));
    return [{ spec: cellSpecAt(keys, at), interval: dataInterval(at, interval.end) }];
  }
  const cells = cellsMeeting(keys, interval, cellsPerRun);
  const first = cells[0];
  if (first === undefined) return [];
  const earlier = cellsBefore(keys, first.interval.start, rule.lookback);
  const from = rule.from;
  return [...earlier, ...cells].filter((cell) => from === null || cell.interval.end > from);
}

/** The cells that a backfill of `interval` computes: those that meet it, without look-back. */
export function cellsMeetingRule(rule: CellRule, interval: DataInterval): TimedCell[] {
  return cellsMeeting(rule.keys, interval, cellsPerRun);
}

/** Flink's rule for one scheduled time. */
export function strictPartition(
  keys: CellKeys,
  scheduledAt: Instant,
  freshness: Freshness,
): PartitionSpec {
  return cellSpecAt(keys, instant(scheduledAt - freshnessDuration(freshness)));
}

const scheduleForm = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

/**
 * The instant of `scheduleTime` of Flink's refresh endpoint, `yyyy-MM-dd HH:mm:ss` in the zone.
 * Throws MT-TIME-NULL and MT-TIME-PARSE. `column` is the partition column whose value is wanted,
 * for the message.
 */
export function parseScheduleTime(
  text: string | null,
  timeZone: string,
  table: ObjectIdentifier,
  column: string,
): Instant {
  const name = flinkName(table);
  if (text === null) {
    throw new GatewayError("MT-TIME-NULL", "a periodic refresh needs a scheduler time", {
      flink: validation(
        "The scheduler time must not be null during the periodic refresh of the " +
          `materialized table ${name}.`,
      ),
    });
  }
  try {
    return instantOf(LocalDateTime.parse(text, scheduleForm), zoneOf(timeZone));
  } catch (cause) {
    throw new GatewayError("MT-TIME-PARSE", `scheduler time "${text}" cannot be read`, {
      detail: "It must have the form yyyy-MM-dd HH:mm:ss.",
      flink: execution(
        `Failed to parse a valid partition value for the field '${column}' in materialized table ` +
          `${name} using the scheduler time '${text}' based on the date format ` +
          "'yyyy-MM-dd HH:mm:ss'.",
      ),
      cause,
    });
  }
}
