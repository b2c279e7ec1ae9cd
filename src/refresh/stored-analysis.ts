// What is known about a table's query, stored beside the definition when it is made: a refresh
// plans from it and never parses the query again. Made for exactly the expanded query it is stored
// with.

import type { TableId } from "../common/ids.ts";
import { present } from "../common/assert.ts";
import type { Queryable, Tx } from "../common/pg.ts";
import { sql } from "../common/sql.ts";
import type { QueryAnalysis } from "../query/query-analysis.ts";

/** Stores it beside the definition; the row must be there. */
export async function recordAnalysis(tx: Tx, id: TableId, analysis: QueryAnalysis): Promise<void> {
  await tx.execute(sql`
    UPDATE sluice_private.materialized_tables SET analysis = ${JSON.stringify(analysis)}::jsonb
    WHERE table_id = ${id}`);
}

export async function loadAnalysis(on: Queryable, id: TableId): Promise<QueryAnalysis> {
  const rows = await on.query<{ analysis: QueryAnalysis | null }>(sql`
    SELECT analysis FROM sluice_private.materialized_tables WHERE table_id = ${id}`);
  return present(rows[0]?.analysis, `table ${id} has an analysis`);
}
