// When a cron expression fires. Two questions are kept apart. Which wall times match is a calendar
// question without any zone; croner answers it, reckoning in UTC, except `L-n`, for which it is
// asked for more days than wanted and ours are picked out. Which instants those wall times are is
// decided here, by two rules:
//
// * A fixed time of day (minute and hour without `*` or step) fires once: if the clocks skip it, at
//   the first instant after the gap; if it occurs twice, the first time. croner's own zone handling
//   loses such times on gap days.
// * Anything else follows real time: skipped wall times do not fire, repeated ones fire twice.

import { Cron } from "croner";
import { type Instant, instant, toIso } from "../common/time.ts";
import { type CronFields, cronError, type DayRule, type WeekdayRule } from "./cron-expression.ts";
import type { Fires } from "./schedule.ts";
import { dayMs, type Wall, wall, type Zone } from "./zone.ts";

const weekdayNames = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"] as const;

export class CronSchedule implements Fires {
  readonly #calendar: CronCalendar;
  readonly #zone: Zone;
  readonly #followsRealTime: boolean;

  /** Throws WF-CRON if no wall time ever matches. */
  constructor(fields: CronFields, zone: Zone) {
    this.#calendar = new CronCalendar(fields);
    this.#zone = zone;
    this.#followsRealTime = fields.followsRealTime;
    if (this.#calendar.next(wall(-1)) === null) {
      throw cronError("cron expression never fires", 0, "No day of the calendar matches it.");
    }
  }

  nextAfter(at: Instant): Instant | null {
    return this.#followsRealTime ? this.#nextReal(at) : this.#nextFixed(at);
  }

  previousAtOrBefore(at: Instant): Instant | null {
    return this.#followsRealTime ? this.#previousReal(at) : this.#previousFixed(at);
  }

  #nextFixed(at: Instant): Instant | null {
    let time = this.#calendar.next(this.#zone.wallAt(at));
    while (time !== null) {
      const fire = this.#zone.resolve(time);
      if (fire > at) return fire;
      time = this.#calendar.next(time);
    }
    return null;
  }

  #previousFixed(at: Instant): Instant | null {
    // Shortly after the clocks went back, wall times ahead of the present one have fired already.
    const offset = Math.max(this.#zone.offsetAt(at), this.#zone.offsetAt(instant(at - dayMs)));
    let time = this.#calendar.previous(wall(at + offset + 1));
    while (time !== null) {
      const fire = this.#zone.resolve(time);
      if (fire <= at) return fire;
      time = this.#calendar.previous(time);
    }
    return null;
  }

  #nextReal(at: Instant): Instant | null {
    const ahead = this.#nextOccurring(this.#zone.wallAt(at), at);
    const back = this.#clocksGoBack(at, instant(at + dayMs));
    if (back === null || (ahead !== null && ahead < back)) return ahead;
    const repeated = this.#nextOccurring(wall(this.#zone.wallAt(back) - 1), instant(back - 1));
    return repeated === null || (ahead !== null && ahead < repeated) ? ahead : repeated;
  }

  #nextOccurring(from: Wall, at: Instant): Instant | null {
    let time = this.#calendar.next(from);
    while (time !== null) {
      const fire = this.#zone.occurrences(time).find((candidate) => candidate > at);
      if (fire !== undefined) return fire;
      time = this.#calendar.next(time);
    }
    return null;
  }

  #previousReal(at: Instant): Instant | null {
    const behind = this.#previousOccurring(wall(this.#zone.wallAt(at) + 1), at);
    const back = this.#clocksGoBack(instant(at - dayMs), at);
    if (back === null || (behind !== null && behind >= back)) return behind;
    const before = instant(back - 1);
    const repeated = this.#previousOccurring(wall(this.#zone.wallAt(before) + 1), before);
    return repeated === null || (behind !== null && behind > repeated) ? behind : repeated;
  }

  #previousOccurring(before: Wall, at: Instant): Instant | null {
    let time = this.#calendar.previous(before);
    while (time !== null) {
      const fire = this.#zone.occurrences(time).findLast((candidate) => candidate <= at);
      if (fire !== undefined) return fire;
      time = this.#calendar.previous(time);
    }
    return null;
  }

  /** The instant in `(from, to]` at which the wall time jumps back, if there is one. */
  #clocksGoBack(from: Instant, to: Instant): Instant | null {
    if (this.#zone.offsetAt(to) >= this.#zone.offsetAt(from)) return null;
    return this.#zone.firstChange(from, to);
  }
}

/** The wall times that match: whole seconds of a calendar without zone. */
class CronCalendar {
  readonly #cron: Cron;
  readonly #picks: (time: Wall) => boolean;

  constructor(fields: CronFields) {
    const exact = fields.days?.every((rule) => rule.kind !== "last" || rule.before === 0) ?? true;
    this.#cron = new Cron(render(fields, exact), {
      paused: true,
      utcOffset: 0,
      mode: "7-part",
      alternativeWeekdays: true,
      sloppyRanges: true,
    });
    this.#picks = exact ? () => true : (time) => dayMatches(fields, time);
  }

  next(after: Wall): Wall | null {
    let from = after;
    for (;;) {
      const found = this.#cron.nextRun(toIso(instant(from)));
      if (found === null) return null;
      from = wall(found.getTime());
      if (this.#picks(from)) return from;
      from = wall((Math.floor(from / dayMs) + 1) * dayMs - 1000);
    }
  }

  previous(before: Wall): Wall | null {
    let from = wall(Math.ceil(before / 1000) * 1000);
    for (;;) {
      const found = this.#cron.previousRuns(1, toIso(instant(from)))[0];
      if (found === undefined) return null;
      from = wall(found.getTime());
      if (this.#picks(from)) return from;
      from = wall(Math.floor(from / dayMs) * dayMs);
    }
  }
}

function render(fields: CronFields, exact: boolean): string {
  const list = (values: readonly (number | string)[] | null) => values?.join(",") ?? "*";
  const days = exact ? (fields.days?.map(renderDay) ?? null) : null;
  const weekdays = exact ? (fields.weekdays?.map(renderWeekday) ?? null) : null;
  return [
    list(fields.seconds),
    list(fields.minutes),
    list(fields.hours),
    list(days),
    list(fields.months),
    list(weekdays),
    list(fields.years),
  ].join(" ");
}

function renderDay(rule: DayRule): string {
  switch (rule.kind) {
    case "day":
      return String(rule.day);
    case "last":
      return "L";
    case "nearest":
      return `${rule.day}W`;
    case "last-weekday":
      return "LW";
  }
}

function renderWeekday(rule: WeekdayRule): string {
  const name = weekdayNames[rule.weekday] ?? "";
  switch (rule.kind) {
    case "every":
      return name;
    case "last":
      return `${name}L`;
    case "nth":
      return `${name}#${rule.nth}`;
  }
}

/**
 * Whether the day of a wall time satisfies the two day fields. Exported for the tests, as croner's
 * judge.
 */
export function dayMatches(fields: CronFields, time: Wall): boolean {
  const { days, weekdays } = fields;
  if (days === null && weekdays === null) return true;
  const date = calendarDay(time);
  const byDay = days?.some((rule) => matchesDay(rule, date)) ?? false;
  return byDay || (weekdays?.some((rule) => matchesWeekday(rule, date)) ?? false);
}

interface CalendarDay {
  readonly day: number;
  /** Days of the month. */
  readonly length: number;
  /** 0 = Sunday. */
  readonly weekday: number;
}

function calendarDay(time: Wall): CalendarDay {
  const [year, month, day] = toIso(instant(time)).slice(0, 10).split("-").map(Number);
  const leap = (year ?? 0) % 4 === 0 && ((year ?? 0) % 100 !== 0 || (year ?? 0) % 400 === 0);
  const lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  const weekday = (((Math.floor(time / dayMs) + 4) % 7) + 7) % 7;
  return { day: day ?? 0, length: lengths[(month ?? 1) - 1] ?? 0, weekday };
}

function matchesDay(rule: DayRule, { day, length, weekday }: CalendarDay): boolean {
  const weekdayOf = (other: number) => (((weekday + other - day) % 7) + 7) % 7;
  switch (rule.kind) {
    case "day":
      return day === rule.day;
    case "last":
      return day === length - rule.before;
    case "last-weekday":
      return day === length - Math.max(0, [2, 0, 0, 0, 0, 0, 1][weekdayOf(length)] ?? 0);
    case "nearest": {
      if (rule.day > length) return false;
      const target = weekdayOf(rule.day);
      if (target === 6) return day === (rule.day === 1 ? 3 : rule.day - 1);
      if (target === 0) return day === (rule.day === length ? rule.day - 2 : rule.day + 1);
      return day === rule.day;
    }
  }
}

function matchesWeekday(rule: WeekdayRule, { day, length, weekday }: CalendarDay): boolean {
  if (weekday !== rule.weekday) return false;
  switch (rule.kind) {
    case "every":
      return true;
    case "last":
      return day > length - 7;
    case "nth":
      return Math.ceil(day / 7) === rule.nth;
  }
}
