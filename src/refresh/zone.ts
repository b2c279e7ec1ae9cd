// Calendar arithmetic in a time zone, over js-joda. Java's rules hold: a local time in a gap moves
// forward by the gap, one that occurs twice is the first. Pure.

import {
  ChronoUnit,
  DateTimeFormatter,
  DayOfWeek,
  Instant as JodaInstant,
  LocalDateTime,
  LocalTime,
  TemporalAdjusters,
  ZonedDateTime,
  ZoneId,
} from "@js-joda/core";
import "@js-joda/timezone";
import type { PartitionGrain } from "../catalog/materialized-table.ts";
import { type DataInterval, dataInterval, type Instant, instant } from "../common/time.ts";

export type Zone = ZoneId;

/** The zone of an IANA name or a fixed offset; null if there is no such zone. */
export function findZone(name: string): Zone | null {
  try {
    return ZoneId.of(name);
  } catch {
    return null;
  }
}

/** The zone of a name that was checked when it was stored. */
export function zoneOf(name: string): Zone {
  return ZoneId.of(name);
}

/** Wall-clock time of an instant. */
export function localAt(at: Instant, zone: Zone): LocalDateTime {
  return LocalDateTime.ofInstant(JodaInstant.ofEpochMilli(at), zone);
}

/** The instant of a wall-clock time. */
export function instantOf(local: LocalDateTime, zone: Zone): Instant {
  return instant(ZonedDateTime.of(local, zone).toInstant().toEpochMilli());
}

/** As PostgreSQL prints a timestamptz in that zone: `2026-10-25 02:00:00+02`, `…+05:30`. */
export function renderWithOffset(at: Instant, zone: Zone): string {
  const zoned = ZonedDateTime.ofInstant(JodaInstant.ofEpochMilli(at), zone);
  return zoned.format(zoned.offset().totalSeconds() % 3_600 === 0 ? hoursForm : minutesForm);
}

const hoursForm = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ssx");
const minutesForm = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ssxxx");

/**
 * True for units of elapsed time, which a clock change cuts or repeats; days and longer are dates.
 */
export function isElapsed(grain: PartitionGrain): grain is "hour" | "minute" | "second" {
  return grain === "hour" || grain === "minute" || grain === "second";
}

/** The beginning of the unit on the wall clock that holds `local`; weeks begin on Monday. */
export function floorTo(local: LocalDateTime, grain: PartitionGrain): LocalDateTime {
  const date = local.toLocalDate();
  const midnight = LocalTime.MIDNIGHT;
  switch (grain) {
    case "second":
      return local.truncatedTo(ChronoUnit.SECONDS);
    case "minute":
      return local.truncatedTo(ChronoUnit.MINUTES);
    case "hour":
      return local.truncatedTo(ChronoUnit.HOURS);
    case "day":
      return date.atTime(midnight);
    case "week":
      return date.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)).atTime(midnight);
    case "month":
      return date.withDayOfMonth(1).atTime(midnight);
    case "quarter": {
      const first = date.withDayOfMonth(1);
      return first.minusMonths((date.monthValue() - 1) % 3).atTime(midnight);
    }
    case "year":
      return date.withDayOfYear(1).atTime(midnight);
  }
}

/** The beginning of the next unit on the wall clock. */
export function nextUnit(local: LocalDateTime, grain: PartitionGrain): LocalDateTime {
  switch (grain) {
    case "second":
      return local.plusSeconds(1);
    case "minute":
      return local.plusMinutes(1);
    case "hour":
      return local.plusHours(1);
    case "day":
      return local.plusDays(1);
    case "week":
      return local.plusWeeks(1);
    case "month":
      return local.plusMonths(1);
    case "quarter":
      return local.plusMonths(3);
    case "year":
      return local.plusYears(1);
  }
}

/**
 * The hull of all instants whose wall-clock time lies in the unit that begins at `floor`: a
 * repeated hour has two.
 */
export function hullOfUnit(floor: LocalDateTime, grain: PartitionGrain, zone: Zone): DataInterval {
  const next = nextUnit(floor, grain);
  const last = next.minusNanos(1_000_000);
  const latest = ZonedDateTime.of(last, zone).withLaterOffsetAtOverlap();
  const inGap = !latest.toLocalDateTime().equals(last);
  const end = inGap ? 0 : latest.toInstant().toEpochMilli() + 1;
  return dataInterval(instantOf(floor, zone), instant(Math.max(end, instantOf(next, zone))));
}

/** The unit of elapsed time that holds `at`, aligned to the wall clock: a repeated hour is two. */
export function elapsedUnit(
  at: Instant,
  grain: "hour" | "minute" | "second",
  zone: Zone,
): DataInterval {
  const size = { hour: 3_600_000, minute: 60_000, second: 1_000 }[grain];
  const sinceMidnight = localAt(at, zone).toLocalTime().toNanoOfDay() / 1_000_000;
  const start = instant(at - (Math.floor(sinceMidnight) % size));
  return dataInterval(start, instant(start + size));
}
