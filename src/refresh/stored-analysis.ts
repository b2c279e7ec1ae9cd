// What is known about a table's query, stored beside the definition when it is made: a refresh
// plans from it and never parses the query again. Made for exactly the expanded query it is stored
// with.

import type { TableId } from "../common/ids.ts";
import { present } from "../common/assert.ts";
import { databaseClock, type Queryable, type Tx } from "../common/pg.ts";
import { sql } from "../common/sql.ts";
import type { Instant } from "../common/time.ts";
import type { QueryAnalysis } from "../query/query-analysis.ts";

/** Stores it beside the definition; the row must be there. */
export async function recordAnalysis(tx: Tx, id: TableId, analysis: QueryAnalysis): Promise<void> {
  await tx.execute(sql`
    UPDATE sluice_private.materialized_tables SET analysis = ${JSON.stringify(analysis)}::jsonb
    WHERE table_id = ${id}`);
}

/** The analysis, the database's clock, and whether the query reads other materialized tables. */
export async function loadAnalysisNow(
  on: Queryable,
  id: TableId,
): Promise<{
  readonly analysis: QueryAnalysis;
  readonly now: Instant;
  readonly hasParents: boolean;
}> {
  const rows = await on.query<{ analysis: QueryAnalysis | null; now: Instant; parents: boolean }>(
    sql`
    SELECT analysis, ${databaseClock} AS now, EXISTS (
      SELECT FROM sluice_private.table_sources s
      WHERE s.table_id = ${id} AND s.source_table_id IS NOT NULL) AS parents
    FROM sluice_private.materialized_tables WHERE table_id = ${id}`,
  );
  const row = present(rows[0], `table ${id} is there`);
  const analysis = present(row.analysis, `table ${id} has an analysis`);
  return { analysis, now: row.now, hasParents: row.parents };
}

export async function loadAnalysis(on: Queryable, id: TableId): Promise<QueryAnalysis> {
  const rows = await on.query<{ analysis: QueryAnalysis | null }>(sql`
    SELECT analysis FROM sluice_private.materialized_tables WHERE table_id = ${id}`);
  return present(rows[0]?.analysis, `table ${id} has an analysis`);
}
