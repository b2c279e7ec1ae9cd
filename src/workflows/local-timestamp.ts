// Timestamps of START AT, END AT and AT: wall-clock time in the workflow's zone. A time that the
// clocks skip is the first instant after the gap, one that occurs twice is the first. Pure.

import { GatewayError } from "../common/gateway-error.ts";
import { type Instant, toIso, instant } from "../common/time.ts";
import { wall, Zone } from "../scheduler/schedule.ts";

const form =
  /^(?<date>\d{4}-\d\d-\d\d)(?:[ T](?<time>\d\d:\d\d)(?::(?<second>\d\d)(?:\.(?<fraction>\d{1,9}))?)?)?$/;

/** Throws WF-TIMESTAMP, WF-TIME-ZONE. What is finer than milliseconds is cut off. */
export function readTimestamp(text: string, timeZone: string): Instant {
  const zone = Zone.of(timeZone);
  const {
    date,
    time = "00:00",
    second = "00",
    fraction = "0",
  } = form.exec(text.trim())?.groups ?? {};
  const iso = `${date}T${time}:${second}.${fraction.slice(0, 3).padEnd(3, "0")}Z`;
  const utc = date === undefined ? Number.NaN : globalThis.Date.parse(iso);
  // Date takes 30 February for 2 March.
  if (Number.isNaN(utc) || toIso(instant(utc)) !== iso) throw unreadable(text);
  return zone.resolve(wall(utc));
}

/** As `readTimestamp` reads it: `yyyy-MM-dd HH:mm:ss`, and milliseconds if there are some. */
export function renderTimestamp(at: Instant, timeZone: string): string {
  const local = toIso(instant(Zone.of(timeZone).wallAt(at)))
    .slice(0, 23)
    .replace("T", " ");
  return local.endsWith(".000") ? local.slice(0, 19) : local;
}

function unreadable(text: string): GatewayError {
  return new GatewayError("WF-TIMESTAMP", `"${text}" cannot be read as a timestamp`, {
    detail: "Expected wall-clock time such as 2026-12-01 00:00:00, without an offset.",
  });
}
