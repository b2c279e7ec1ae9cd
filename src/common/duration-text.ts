// Durations as one writes them in options: `10 min`, `30s`, `500` (milliseconds).

const unitMilliseconds: Readonly<Record<string, number>> = {
  ms: 1,
  milli: 1,
  millis: 1,
  millisecond: 1,
  milliseconds: 1,
  s: 1000,
  sec: 1000,
  secs: 1000,
  second: 1000,
  seconds: 1000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  minutes: 60_000,
  h: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
  days: 86_400_000,
};

/** Milliseconds of a text in Flink's manner, any letter case; null if it is no duration. */
export function durationMilliseconds(text: string): number | null {
  const match = /^\s*(\d+)\s*([a-z]*)\s*$/i.exec(text);
  const unit = unitMilliseconds[match?.[2]?.toLowerCase() || "ms"];
  return match?.[1] === undefined || unit === undefined ? null : Number(match[1]) * unit;
}
