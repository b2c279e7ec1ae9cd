// Part of replay-differences.ts: how the types of the JDBC recording are written in PostgreSQL, and
// where ours are others. Logical types and values are compared all the same.

import type { Difference } from "./support/replay.ts";

const text = { type: "VARCHAR", nullable: true, length: 2147483647 };
const bytes = { type: "VARBINARY", nullable: true, length: 2147483647 };

export const typeDifferences: readonly Difference[] = [
  {
    recordings: ["jdbc-types"],
    match: /c_bool, c_tiny/,
    what: "send",
    instead: `SELECT * FROM (VALUES
      (TRUE, 1::smallint, 2::smallint, 3, 9223372036854775807, 1.5::real, 2.25::float8),
      (NULL, NULL, NULL, NULL, NULL, NULL, NULL)
      ) AS t (c_bool, c_tiny, c_small, c_int, c_big, c_float, c_double)`,
    reason: "PostgreSQL's names of the same types; there is no TINYINT.",
  },
  {
    recordings: ["jdbc-types"],
    match: /c_bool, c_tiny/,
    what: "columns",
    ours: { c_tiny: { type: "SMALLINT", nullable: true } },
    reason: "PostgreSQL has no TINYINT.",
  },
  {
    recordings: ["jdbc-types"],
    match: /c_char, c_varchar/,
    what: "send",
    instead: `SELECT * FROM (VALUES
      (NULL::char(4), NULL::varchar(10), NULL, NULL, NULL, NULL),
      ('ab'::char(4), 'abc'::varchar(10), 'grüße 日本',
       '\\x0a1bff'::bytea, '\\x0a1bff'::bytea, '\\xcafebabe'::bytea)
      ) AS t (c_char, c_varchar, c_string, c_binary, c_varbinary, c_bytes)`,
    reason: "PostgreSQL's names of the same types, and the rows in the order that Flink gave.",
  },
  {
    recordings: ["jdbc-types"],
    match: /c_char, c_varchar/,
    what: "columns",
    ours: { c_binary: bytes, c_varbinary: bytes },
    reason: "PostgreSQL's bytea has no length.",
  },
  {
    recordings: ["jdbc-types"],
    match: /c_date, c_time/,
    what: "send",
    instead: `SELECT * FROM (VALUES
      (DATE '2026-01-31', TIME(0) '12:12:43', TIMESTAMP(0) '2026-01-31 12:12:43',
       TIMESTAMP(3) '2026-01-31 12:12:43.123', TIMESTAMP(6) '2026-01-31 12:12:43.123456',
       TIMESTAMP(3) WITH TIME ZONE '2026-01-31 12:12:43.120', CAST(12345.67 AS DECIMAL(10, 2)),
       CAST('12345678901234567890.123456789012345678' AS DECIMAL(38, 18))),
      (NULL, NULL::time(0), NULL::timestamp(0), NULL::timestamp(3), NULL::timestamp(6),
       NULL::timestamptz(3), NULL::decimal(10, 2), NULL::decimal(38, 18))
      ) AS t (c_date, c_time, c_ts0, c_ts3, c_ts9, c_ltz3, c_dec, c_dec38)`,
    reason: "PostgreSQL's names of the same types; a literal has the precision it is given.",
  },
  {
    recordings: ["jdbc-types"],
    match: /c_date, c_time/,
    what: "columns",
    ours: { c_ts9: { type: "TIMESTAMP_WITHOUT_TIME_ZONE", nullable: true, precision: 6 } },
    reason: "PostgreSQL's timestamps have microseconds at most.",
  },
  {
    recordings: ["jdbc-types"],
    match: /c_date, c_time/,
    what: "rows",
    ours: {
      c_ts9: ["2026-01-31T12:12:43.123456", null],
      c_dec38: ["12345678901234567890.123456789012345678", null],
    },
    reason:
      "Microseconds at most; and a decimal of more than 15 digits is a JSON text, because Flink's clients read a JSON number through a double.",
  },
  {
    recordings: ["jdbc-types"],
    match: /AS c_array/,
    what: "send",
    instead: `SELECT ARRAY[1, CAST(NULL AS INT)] AS c_array,
      '{"k": 1, "n": null}'::jsonb AS c_map, ROW(1, 'x') AS c_row`,
    reason: "PostgreSQL has no MAP; a jsonb object comes near.",
  },
  {
    recordings: ["jdbc-types"],
    match: /AS c_array/,
    what: "columns",
    ours: { c_map: text, c_row: text },
    reason:
      "jsonb is text; the fields of an anonymous record are known to nobody before it is run.",
  },
  {
    recordings: ["jdbc-types"],
    match: /AS c_array/,
    what: "rows",
    ours: { c_map: ['{"k": 1, "n": null}'], c_row: ["(1,x)"] },
    reason: "jsonb and anonymous records as PostgreSQL writes them.",
  },
  {
    recordings: ["jdbc-types"],
    match: "SELECT INTERVAL '3' DAY AS c_interval",
    what: "columns",
    ours: { c_interval: text },
    reason:
      "PostgreSQL's intervals mix months and days: their text is given, which drivers can read.",
  },
  {
    recordings: ["jdbc-types"],
    match: "SELECT NULL AS c_null",
    what: "outcome",
    reason: "An untyped NULL is text in PostgreSQL, not an error.",
  },
];
