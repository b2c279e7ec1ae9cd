// A table that reads other materialized tables: its freshness should be a multiple of theirs, and
// under strict must be, or its slots fall between those of its parents. Waiting for a parent's
// unfinished intervals has its place here too, and is not done yet.

import type { Source } from "../catalog/catalog.ts";
import { type Freshness, freshnessDuration, renderFreshness } from "../catalog/freshness.ts";
import type { TableId } from "../common/ids.ts";
import type { Queryable } from "../common/pg.ts";
import { sql } from "../common/sql.ts";
import { GatewayError } from "../common/gateway-error.ts";
import type { TableServices } from "./table-services.ts";

/**
 * Refuses a query whose sources read the table `id` in turn: neither would ever be fresh. Throws
 * MT-SELF-REFERENCE.
 */
export async function refuseCycle(
  on: Queryable,
  id: TableId,
  sources: readonly Source[],
): Promise<void> {
  const parents = sources.flatMap(({ tableId }) => tableId ?? []);
  const rows = await on.query<{ name: string }>(sql`
    WITH RECURSIVE upstream (table_id, via) AS (
      SELECT p, p FROM pg_catalog.unnest(${parents}::text[]) AS p
      UNION
      SELECT s.source_table_id, u.via
      FROM upstream u JOIN sluice_private.table_sources s ON s.table_id = u.table_id
      WHERE s.source_table_id IS NOT NULL)
    SELECT t.name FROM upstream u JOIN sluice_private.materialized_tables t ON t.table_id = u.via
    WHERE u.table_id = ${id} LIMIT 1`);
  const row = rows[0];
  if (row === undefined) return;
  throw new GatewayError("MT-SELF-REFERENCE", "the query reads the table itself", {
    detail: `It does so through the materialized table "${row.name}".`,
  });
}

/** Gives warnings; throws MT-FRESH-PARENT under strict. */
export async function checkParents(
  { catalog, database }: Pick<TableServices, "catalog" | "database">,
  child: {
    readonly sources: readonly Source[];
    readonly freshness: Freshness;
    readonly strict: boolean;
  },
): Promise<readonly string[]> {
  const warnings: string[] = [];
  for (const { tableId } of child.sources) {
    const parent = tableId === null ? null : await catalog.findById(database, tableId);
    if (parent === null) continue;
    const own = freshnessDuration(child.freshness);
    if (own % freshnessDuration(parent.freshness) === 0) continue;
    const words = `FRESHNESS is no multiple of that of "${parent.identifier.name}"`;
    const theirs = renderFreshness(parent.freshness);
    if (child.strict) {
      throw new GatewayError("MT-FRESH-PARENT", words, {
        detail: `That of the table it reads is ${theirs}.`,
      });
    }
    warnings.push(`${words}, which is ${theirs}`);
  }
  return warnings;
}
