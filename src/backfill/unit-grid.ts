// The units of a table's backfill: the smallest slices of time that hold whole cells and whole
// intervals of its schedule. One hour of freshness on cells of a day makes units of a day, one day
// of freshness on cells of an hour too. Units tile time. Where neither holds the other (weeks and
// months, seven hours and days) they meet so rarely that a unit is a cell. Pure.

import { type DataInterval, dataInterval, type Instant, instant } from "../common/time.ts";
import { cellAt, type CellKeys } from "../refresh/cells.ts";
import type { Fires } from "../scheduler/schedule.ts";

export class UnitGrid {
  readonly #keys: CellKeys;
  readonly #fires: Fires;
  /** Cells alone. */
  #plain = false;

  constructor(keys: CellKeys, fires: Fires, near: Instant) {
    this.#keys = keys;
    this.#fires = fires;
    const start = this.#alignedStart(near);
    this.#plain = start === null || this.#alignedEnd(start) === null;
  }

  /** The unit that holds `at`. */
  unitAt(at: Instant): DataInterval {
    const start = this.#plain ? null : this.#alignedStart(at);
    return start === null ? cellAt(this.#keys, at).interval : this.unitFrom(start);
  }

  /** The unit that begins at `start`, where one ends. */
  unitFrom(start: Instant): DataInterval {
    const aligned = this.#plain ? null : this.#alignedEnd(start);
    return dataInterval(start, aligned ?? cellAt(this.#keys, start).interval.end);
  }

  /** The units that begin in `range`, in order of time, while `goesOn`. */
  *unitsOf(range: DataInterval, goesOn: (unit: DataInterval) => boolean): Generator<DataInterval> {
    let unit = this.unitAt(range.start);
    if (unit.start < range.start) unit = this.unitFrom(unit.end);
    while (unit.start < range.end && goesOn(unit)) {
      yield unit;
      unit = this.unitFrom(unit.end);
    }
  }

  /** The units that meet `range`, in order of time. */
  *unitsMeeting(range: DataInterval): Generator<DataInterval> {
    let unit = this.unitAt(range.start);
    while (unit.start < range.end) {
      yield unit;
      unit = this.unitFrom(unit.end);
    }
  }

  /** Null: neither does the cell hold whole intervals there, nor the interval whole cells. */
  #alignedEnd(start: Instant): Instant | null {
    const { end } = cellAt(this.#keys, start).interval;
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
