// What a refresh owes to the tables that read this one, in its own transaction: if rows changed,
// the partitions that read the changed ones get a STALE mark. Marks are only appended: whoever
// refreshes the child at that moment either saw the change or finds the mark afterwards.

import type { Catalog } from "../catalog/catalog.ts";
import type { MaterializedTable } from "../catalog/materialized-table.ts";
import type { PartitionSpec } from "../catalog/partition.ts";
import { asId, type TableId } from "../common/ids.ts";
import type { Tx } from "../common/pg.ts";
import { sql } from "../common/sql.ts";
import { type Instant, toIso } from "../common/time.ts";
import { affectedCells } from "./child-cells.ts";
import { isFrozenSpec } from "./frozen.ts";
import { markCells, markTable } from "./ledger.ts";
import { loadAnalysisNow } from "./stored-analysis.ts";

export interface Kin {
  readonly children: readonly TableId[];
  /** What the base tables held at this time, through all parents, is in the rows. */
  readonly rootTimestamp: Instant;
}

/** `dataTimestamp`: of the snapshot that the transaction has. */
export async function loadKin(tx: Tx, id: TableId, dataTimestamp: Instant): Promise<Kin> {
  const rows = await tx.query<{ children: readonly string[]; root: Instant | null }>(sql`
    SELECT ARRAY(SELECT DISTINCT s.table_id FROM sluice_private.table_sources s
                 WHERE s.source_table_id = ${id} ORDER BY 1) AS children,
      (SELECT least(${toIso(dataTimestamp)}::timestamptz,
                    min(coalesce(f.root_timestamp, p.created_at)))
       FROM sluice_private.table_sources s
       JOIN sluice_private.materialized_tables p ON p.table_id = s.source_table_id
       JOIN sluice_private.table_freshness f ON f.table_id = p.table_id
       WHERE s.table_id = ${id}) AS root`);
  const { children = [], root = null } = rows[0] ?? {};
  return {
    children: children.map((child) => asId<TableId>(child)),
    rootTimestamp: root ?? dataTimestamp,
  };
}

/** Marks what reads the changed partitions of `parent`. */
export async function markChildren(
  tx: Tx,
  catalog: Catalog,
  parent: MaterializedTable,
  what: { readonly children: readonly TableId[]; readonly changed: readonly PartitionSpec[] },
): Promise<void> {
  if (what.changed.length === 0) return;
  for (const id of what.children) {
    const child = await catalog.findById(tx, id);
    if (child === null) continue;
    const { analysis, now } = await loadAnalysisNow(tx, id);
    const specs = affectedCells(parent, child, analysis, what.changed);
    if (specs === null) await markTable(tx, id, "STALE", "UPSTREAM_CHANGED");
    else {
      const thawed = specs.filter((spec) => !isFrozenSpec(child, spec, now));
      await markCells(tx, child, thawed, { state: "STALE", reason: "UPSTREAM_CHANGED" });
    }
  }
}
