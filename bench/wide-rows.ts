// The result that benches fetch: rows of eight columns, one of each common type.

/** A query of `count` such rows. */
export function wideRows(count: number): string {
  return `SELECT g AS id, g * 1000000007 AS big, 'customer ' || g AS name,
  (g % 2 = 0) AS flag,
  (g % 100000) / 100.0 AS amount, DATE '2020-01-01' + (g % 2000)::int AS day,
  TIMESTAMP '2020-01-01' + g * interval '1 second' AS at, g / 7.0::float8 AS ratio
  FROM generate_series(1::bigint, ${count}) AS g`;
}
