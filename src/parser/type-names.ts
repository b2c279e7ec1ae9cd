// The one map of type names: Flink's and PostgreSQL's words → what PostgreSQL calls them. Types of
// several words and with parts (TIMESTAMP … WITH TIME ZONE, ARRAY<…>, ROW<…>) are in the grammar
// and in build/data-type.ts; a name that is not here is passed on as the name of a type of the
// database. FLOAT is PostgreSQL's (8 bytes), not Flink's (4): nothing is lost that way.

/** Keys are lower case; `%` is where a length or precision goes, without it there is none. */
export const typeNames: ReadonlyMap<string, string> = new Map([
  // Flink
  ["string", "text"],
  ["bytes", "bytea"],
  ["binary", "bytea"],
  ["varbinary", "bytea"],
  ["tinyint", "smallint"],
  ["timestamp_ltz", "timestamp% with time zone"],
  ["timestamp_tz", "timestamp% with time zone"],
  ["variant", "jsonb"],
  ["bitmap", "bytea"],
  // Both
  ["bigint", "bigint"],
  ["boolean", "boolean"],
  ["date", "date"],
  ["dec", "numeric%"],
  ["decimal", "numeric%"],
  ["float", "double precision"],
  ["int", "integer"],
  ["integer", "integer"],
  ["numeric", "numeric%"],
  ["real", "real"],
  ["smallint", "smallint"],
  ["varchar", "character varying%"],
  // PostgreSQL
  ["bool", "boolean"],
  ["bpchar", "character%"],
  ["bytea", "bytea"],
  ["float4", "real"],
  ["float8", "double precision"],
  ["int2", "smallint"],
  ["int4", "integer"],
  ["int8", "bigint"],
  ["json", "json"],
  ["jsonb", "jsonb"],
  ["text", "text"],
  ["timestamptz", "timestamp% with time zone"],
  ["timetz", "time% with time zone"],
  ["uuid", "uuid"],
  ["varbit", "bit varying%"],
]);

/** Flink's strings may be longer than PostgreSQL can declare. */
const longestString = 10_485_760;
/** PostgreSQL keeps microseconds. */
const finestTime = 6;

/**
 * Puts modifiers (`(10, 2)` or nothing) into a form of the map. Lengths that PostgreSQL cannot
 * declare are dropped (the type is text then), precisions of time beyond microseconds are cut.
 */
export function withModifiers(form: string, modifiers: string): string {
  if (modifiers === "" || !form.includes("%")) return form.replace("%", "");
  const first = Number(/\d+/.exec(modifiers)?.[0] ?? 0);
  if (form.startsWith("time")) return form.replace("%", `(${Math.min(first, finestTime)})`);
  if (form.startsWith("character") && first > longestString) return "text";
  return form.replace("%", modifiers);
}
