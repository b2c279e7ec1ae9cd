// Numbers and times as Java prints them, made from PostgreSQL's text without going through a
// JavaScript number.

/** A float in Java's notation: `1.0`, `33.333`, `1.0E10`; NaN, Infinity and -Infinity stay. */
export function javaFloat(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/.exec(text);
  if (match === null) return text;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const all = whole + fraction;
  const leading = all.length - all.replace(/^0+/, "").length;
  const digits = all.slice(leading).replace(/0+$/, "");
  if (digits === "") return `${sign}0.0`;
  // The value is 0.digits × 10^point.
  const point = whole.length - leading + Number(exponent);
  if (point > -3 && point <= 7) return sign + plainNotation(digits, point);
  return `${sign}${digits[0]}.${digits.slice(1) || "0"}E${point - 1}`;
}

function plainNotation(digits: string, point: number): string {
  if (point <= 0) return `0.${"0".repeat(-point)}${digits}`;
  if (point >= digits.length) return `${digits.padEnd(point, "0")}.0`;
  return `${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** PostgreSQL's date and time of a timestamp, apart; `era` is true before Christ. */
export interface TimestampParts {
  readonly date: string;
  readonly time: string;
  readonly era: boolean;
}

/** Takes `2026-01-31 12:12:43.12+05:30 BC` apart, dropping the offset; null for ±infinity. */
export function timestampParts(text: string): TimestampParts | null {
  const blank = text.indexOf(" ");
  if (blank < 0) return null;
  const era = text.endsWith(" BC");
  const rest = era ? text.slice(blank + 1, -3) : text.slice(blank + 1);
  const offset = rest.search(/[+-]/);
  return { date: text.slice(0, blank), time: offset < 0 ? rest : rest.slice(0, offset), era };
}

/** A date in ISO 8601 as Java reads it: years beyond four digits get a sign, 44 BC is -0043. */
export function isoDate(date: string, era: boolean): string {
  const dash = date.indexOf("-");
  const year = date.slice(0, dash);
  const rest = date.slice(dash);
  if (era) {
    const astronomical = Number(year) - 1;
    return `${astronomical === 0 ? "" : "-"}${String(astronomical).padStart(4, "0")}${rest}`;
  }
  return year.length > 4 ? `+${date}` : date;
}

/** `12:12:43.1` with exactly `precision` digits of fraction. */
export function paddedTime(time: string, precision: number): string {
  const dot = time.indexOf(".");
  if (precision === 0) return dot < 0 ? time : time.slice(0, dot);
  const fraction = dot < 0 ? "" : time.slice(dot + 1);
  return `${dot < 0 ? time : time.slice(0, dot)}.${fraction.padEnd(precision, "0")}`;
}
