// The text of a cron expression → fields. Six and seven fields are Quartz (seconds first, 1 = SUN,
// `?`, one day field only), five are Unix (0 and 7 = Sunday, both day fields restricted: either).
// Errors carry the offset of the element in the expression and say what is accepted there.

import { GatewayError } from "../common/gateway-error.ts";

export type DayRule =
  | { readonly kind: "day"; readonly day: number }
  /** `L`, `L-n`: n days before the month's last. */
  | { readonly kind: "last"; readonly before: number }
  /** `nW`: the weekday nearest to day n, within the month. */
  | { readonly kind: "nearest"; readonly day: number }
  /** `LW`: the month's last weekday. */
  | { readonly kind: "last-weekday" };

/** `weekday`: 0 = Sunday. */
export type WeekdayRule =
  | { readonly kind: "every"; readonly weekday: number }
  | { readonly kind: "last"; readonly weekday: number }
  | { readonly kind: "nth"; readonly weekday: number; readonly nth: number };

export interface CronFields {
  readonly text: string;
  readonly seconds: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly months: readonly number[];
  /** Null: every year. */
  readonly years: readonly number[] | null;
  /** Null: not restricted. If both day fields are restricted a day matches either. */
  readonly days: readonly DayRule[] | null;
  readonly weekdays: readonly WeekdayRule[] | null;
  /**
   * Minute or hour has `*` or a step: fires by real time. Otherwise a fixed time of day: once a
   * day, gap or not.
   */
  readonly followsRealTime: boolean;
}

interface Token {
  readonly text: string;
  readonly position: number;
}

interface FieldKind {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names: readonly string[];
}

const monthNames = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ");
const dayNames = "SUN MON TUE WED THU FRI SAT".split(" ");

const second: FieldKind = { name: "second", min: 0, max: 59, names: [] };
const minute: FieldKind = { name: "minute", min: 0, max: 59, names: [] };
const hour: FieldKind = { name: "hour", min: 0, max: 23, names: [] };
const dayOfMonth: FieldKind = { name: "day of month", min: 1, max: 31, names: [] };
const month: FieldKind = { name: "month", min: 1, max: 12, names: monthNames };
const year: FieldKind = { name: "year", min: 1970, max: 2199, names: [] };
const quartzWeekday: FieldKind = { name: "day of week", min: 1, max: 7, names: dayNames };
const unixWeekday: FieldKind = { name: "day of week", min: 0, max: 7, names: dayNames };

/** Throws WF-CRON; `position` counts from the start of `text`. */
export function parseCron(text: string): CronFields {
  const tokens = [...text.matchAll(/\S+/g)].map((match) => ({
    text: match[0].toUpperCase(),
    position: match.index,
  }));
  const unix = tokens.length === 5;
  if (!unix && tokens.length !== 6 && tokens.length !== 7) {
    throw cronError(`cron expression has ${tokens.length} fields`, 0, fieldsHint);
  }
  const zero = { text: "0", position: 0 };
  const [s, m, h, dom, mon, dow, y] = unix ? [zero, ...tokens] : tokens;
  if (!s || !m || !h || !dom || !mon || !dow) throw cronError("cron expression is empty", 0, "");
  if (!unix) checkQuartzDays(dom, dow);
  return {
    text,
    seconds: numbers(s, second),
    minutes: numbers(m, minute),
    hours: numbers(h, hour),
    months: numbers(mon, month),
    years: y === undefined || y.text === "*" ? null : numbers(y, year),
    days: isOpen(dom) ? null : elements(dom).flatMap(dayRules),
    weekdays: isOpen(dow) ? null : elements(dow).flatMap((token) => weekdayRules(token, unix)),
    followsRealTime: /[*/]/.test(m.text) || /[*/]/.test(h.text),
  };
}

const fieldsHint =
  "Six or seven fields are Quartz (second minute hour day-of-month month day-of-week [year])," +
  " five are Unix (minute hour day-of-month month day-of-week).";

/** A WF-CRON error that points into the expression. */
export function cronError(message: string, position: number, hint: string): GatewayError {
  return new GatewayError("WF-CRON", message, { position, hint: hint === "" ? undefined : hint });
}

function checkQuartzDays(dom: Token, dow: Token): void {
  if (dom.text === "?" && dow.text === "?") {
    throw cronError(`"?" stands in both day fields`, dow.position, 'Put "*" into one of them.');
  }
  if (isOpen(dom) || isOpen(dow)) return;
  throw cronError(
    "day of month and day of week are both restricted",
    dow.position,
    'Put "?" into one of them; the five-field form fires on either.',
  );
}

function isOpen(token: Token): boolean {
  return token.text === "*" || token.text === "?";
}

function elements(token: Token): readonly Token[] {
  let position = token.position;
  return token.text.split(",").map((text) => {
    const element = { text, position };
    position += text.length + 1;
    return element;
  });
}

function numbers(token: Token, kind: FieldKind): readonly number[] {
  const all = elements(token).flatMap((element) => expand(element, kind));
  return [...new Set(all)].sort((a, b) => a - b);
}

/** `*`, `a`, `a-b` (may wrap around), each with an optional `/step`. */
function expand(token: Token, kind: FieldKind): readonly number[] {
  const parts = /^(\*|([A-Z0-9]+)(?:-([A-Z0-9]+))?)(?:\/(\d+))?$/.exec(token.text);
  if (!parts) throw elementError(token, kind);
  const [, whole, from, to, stepText] = parts;
  const step = stepText === undefined ? 1 : Number(stepText);
  const size = kind.max - kind.min + 1;
  if (step < 1 || step > size) {
    throw cronError(
      `step ${step} does not fit ${kind.name}`,
      token.position + token.text.indexOf("/") + 1,
      `A step of ${kind.name} lies between 1 and ${size}.`,
    );
  }
  const start = whole === "*" ? kind.min : value(from ?? "", token, kind);
  const openEnd = whole === "*" || stepText !== undefined ? kind.max : start;
  const end = to === undefined ? openEnd : value(to, token, kind);
  const length = end >= start ? end - start : end + size - start;
  if (end < start && kind.name === "year") throw elementError(token, kind);
  const count = Math.floor(length / step) + 1;
  return Array.from({ length: count }, (_, index) => {
    return ((start - kind.min + index * step) % size) + kind.min;
  });
}

function value(text: string, token: Token, kind: FieldKind): number {
  const named = kind.names.indexOf(text);
  if (named >= 0) return kind === unixWeekday ? named : named + 1;
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= kind.min && number <= kind.max) return number;
  throw elementError(token, kind);
}

function elementError(token: Token, kind: FieldKind): GatewayError {
  const names = kind.names.length > 0 ? ` or ${kind.names[0]}-${kind.names.at(-1)}` : "";
  const special =
    kind.name === "day of month"
      ? ", L, L-n, nW, LW"
      : kind.min < 2 && kind.max === 7
        ? ", nL, n#k"
        : "";
  return cronError(
    `"${token.text}" does not fit ${kind.name}`,
    token.position,
    `Accepted: ${kind.min}-${kind.max}${names}, lists, ranges and steps, "*"${special}.`,
  );
}

function dayRules(token: Token): readonly DayRule[] {
  const { text } = token;
  if (text === "LW" || text === "WL") return [{ kind: "last-weekday" }];
  const last = /^L(?:-(\d+))?$/.exec(text);
  if (last) {
    const before = Number(last[1] ?? 0);
    if (before > 30) throw elementError(token, dayOfMonth);
    return [{ kind: "last", before }];
  }
  const near = /^(\d+)W$/.exec(text);
  if (near) return [{ kind: "nearest", day: value(near[1] ?? "", token, dayOfMonth) }];
  return expand(token, dayOfMonth).map((day) => ({ kind: "day", day }));
}

function weekdayRules(token: Token, unix: boolean): readonly WeekdayRule[] {
  const kind = unix ? unixWeekday : quartzWeekday;
  const toWeekday = (number: number) => (unix ? number % 7 : number - 1);
  // Quartz: a lone L is the last day of the week, Saturday.
  if (token.text === "L") return [{ kind: "every", weekday: 6 }];
  const last = /^([A-Z0-9]+)L$/.exec(token.text);
  if (last) return [{ kind: "last", weekday: toWeekday(value(last[1] ?? "", token, kind)) }];
  const nth = /^([A-Z0-9]+)#([1-5])$/.exec(token.text);
  if (nth) {
    const weekday = toWeekday(value(nth[1] ?? "", token, kind));
    return [{ kind: "nth", weekday, nth: Number(nth[2]) }];
  }
  return weekdayRange(token, kind).map((number) => ({ kind: "every", weekday: toWeekday(number) }));
}

/**
 * Sunday has two numbers in Unix: a range to 7 must not wrap, one that wraps must not count Sunday
 * twice.
 */
function weekdayRange(token: Token, kind: FieldKind): readonly number[] {
  if (kind === quartzWeekday) return expand(token, kind);
  const wraps = /^([A-Z0-9]+)-([A-Z0-9]+)/.exec(token.text);
  const from = wraps ? value(wraps[1] ?? "", token, kind) : 0;
  const to = wraps ? value(wraps[2] ?? "", token, kind) : 0;
  return expand(token, to < from ? { ...kind, max: 6 } : kind);
}
