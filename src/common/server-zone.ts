// Names of zones for the server. To it an offset such as +02:00 is west of Greenwich, as POSIX has
// it; everywhere else it is east. Pure.

const offset = /^(?:GMT|UTC|UT)?([+-])(\d{1,2})(?::?(\d\d))?$/i;

/** The zone as a value of the setting TimeZone. */
export function serverZone(zone: string): string {
  const [, sign, hours = "", minutes = "00"] = offset.exec(zone) ?? [];
  if (sign === undefined) return zone;
  const size = `${hours.padStart(2, "0")}:${minutes}`;
  return `<${sign}${size}>${sign === "-" ? "+" : "-"}${size}`;
}
