// The proof that a materialized table equals its query: rows of one that the other has not, counted
// with their multiplicity, in both directions. Both counts must be zero.

import type { RestSession } from "./rest-session.ts";

export interface Proof {
  readonly rows: number;
  /** Rows of the table that the query does not yield. */
  readonly tooMany: number;
  /** Rows of the query that the table does not hold. */
  readonly missing: number;
}

/** Computes the whole query again and compares, in one statement and so at one snapshot. */
export async function proveEqual(
  session: RestSession,
  table: string,
  query: string,
): Promise<Proof> {
  const { rows } = await session.execute(`
    WITH fresh AS MATERIALIZED (${query})
    SELECT (SELECT count(*) FROM ${table}),
           (SELECT count(*) FROM (SELECT * FROM ${table} EXCEPT ALL SELECT * FROM fresh) AS a),
           (SELECT count(*) FROM (SELECT * FROM fresh EXCEPT ALL SELECT * FROM ${table}) AS b)`);
  const [count, tooMany, missing] = rows[0] ?? [];
  return { rows: Number(count), tooMany: Number(tooMany), missing: Number(missing) };
}
