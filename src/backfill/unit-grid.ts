// The units of a table's backfill: the smallest slices of time that hold whole cells and whole
// intervals of its schedule. One hour of freshness on cells of a day makes units of a day, one day
// of freshness on cells of an hour too. Units tile time. Where neither holds the other (weeks and
// months, seven hours and days) they meet so rarely that a unit is a cell. Pure.

import { type DataInterval, dataInterval, type Instant, instant } from "../common/time.ts";
import { cellAt, type CellKeys, type TimedCell } from "../refresh/cells.ts";
import type { Fires } from "../scheduler/schedule.ts";

export interface Unit {
  readonly interval: DataInterval;
  /** The cell that it begins with; the only one if it ends there too. */
  readonly first: TimedCell;
}

export class UnitGrid {
  readonly #keys: CellKeys;
  readonly #fires: Fires;
  /** Cells alone. */
  readonly #plain: boolean;

  constructor(keys: CellKeys, fires: Fires, near: Instant) {
    this.#keys = keys;
    this.#fires = fires;
    const start = this.#alignedStart(near);
    this.#plain = start === null || this.#alignedEnd(cellAt(keys, start)) === null;
  }

  /** The unit that holds `at`. */
  unitAt(at: Instant): Unit {
    const start = this.#plain ? null : this.#alignedStart(at);
    if (start !== null) return this.unitFrom(start);
    const first = cellAt(this.#keys, at);
    return { interval: first.interval, first };
  }

  /** The unit that begins at `start`, where one ends. */
  unitFrom(start: Instant): Unit {
    const first = cellAt(this.#keys, start);
    const end = (this.#plain ? null : this.#alignedEnd(first)) ?? first.interval.end;
    return { interval: dataInterval(start, end), first };
  }

  /** The units that begin in `range`, in order of time, while `goesOn`. */
  *unitsOf(range: DataInterval, goesOn: (unit: DataInterval) => boolean): Generator<Unit> {
    let unit = this.unitAt(range.start);
    if (unit.interval.start < range.start) unit = this.unitFrom(unit.interval.end);
    while (unit.interval.start < range.end && goesOn(unit.interval)) {
      yield unit;
      unit = this.unitFrom(unit.interval.end);
    }
  }

  /** The units that meet `range`, in order of time. */
  *unitsMeeting(range: DataInterval): Generator<Unit> {
    let unit = this.unitAt(range.start);
    while (unit.interval.start < range.end) {
      yield unit;
      unit = this.unitFrom(unit.interval.end);
    }
  }

  /** Null: neither does the cell hold whole intervals there, nor the interval whole cells. */
  #alignedEnd({ interval: { end } }: TimedCell): Instant | null {
    const fire = this.#fires.nextAfter(instant(end - 1));
    if (fire === null || fire === end) return fire;
    return cellAt(this.#keys, instant(fire - 1)).interval.end === fire ? fire : null;
  }

  #alignedStart(near: Instant): Instant | null {
    const { start } = cellAt(this.#keys, near).interval;
    const fire = this.#fires.previousAtOrBefore(start);
    if (fire === null || fire === start) return fire;
    return cellAt(this.#keys, fire).interval.start === fire ? fire : null;
  }
}
