// What a workflow must know of the materialized tables that its tasks refresh. One query for all of
// them: a workflow may have ten thousand tasks. The rows stay locked against ALTER and DROP to the
// end of the transaction, so that a workflow is never stored with what a table was a moment ago;
// whoever alters a table afterwards finds the workflow (follow-tables.ts).

import type { Column, MaterializedTable } from "../catalog/materialized-table.ts";
import type { ObjectIdentifier } from "../catalog/object-identifier.ts";
import type { TableId } from "../common/ids.ts";
import type { Queryable, Tx } from "../common/pg.ts";
import { type Sql, sql } from "../common/sql.ts";
import type { CellRule } from "../refresh/partition-variables.ts";

export interface TableFacts
  extends Pick<MaterializedTable, "partitionKeys" | "columns" | "strict"> {
  readonly id: TableId;
  /** As it is called now. */
  readonly identifier: ObjectIdentifier;
  readonly timeZone: string;
  /** How intervals become cells; null: they refresh the table whole. */
  readonly cells: CellRule | null;
}

/** Finds tables by name or identity. */
export interface KnownTables {
  named(identifier: ObjectIdentifier): TableFacts | null;
  byId(id: string): TableFacts | null;
}

const noTables: KnownTables = { named: () => null, byId: () => null };

interface FactsRow {
  readonly table_id: TableId;
  readonly database: string;
  readonly name: string;
  readonly time_zone: string;
  readonly keys: readonly string[];
  readonly columns: readonly Column[];
  readonly strict: boolean;
  readonly cells: CellRule | null;
}

/**
 * The tables of these names and ids, locked. Names of another catalog find nothing. The lock is a
 * statement of its own: one that had waited for it would read what was before.
 */
export async function lockTables(
  tx: Tx,
  catalog: string,
  { names, ids }: { readonly names: readonly ObjectIdentifier[]; readonly ids: readonly string[] },
): Promise<KnownTables> {
  const wanted = { names: distinct(names.filter((one) => one.catalog === catalog)), ids };
  if (wanted.names.length === 0 && ids.length === 0) return noTables;
  await tx.query(sql`
    SELECT FROM sluice_private.materialized_tables t WHERE ${isWanted(wanted)}
    ORDER BY t.table_id FOR SHARE`);
  return readTables(tx, catalog, wanted);
}

/** The tables of these ids as they are now. */
export async function findTables(
  on: Queryable,
  catalog: string,
  ids: readonly string[],
): Promise<KnownTables> {
  return ids.length === 0 ? noTables : readTables(on, catalog, { names: [], ids });
}

interface Wanted {
  readonly names: readonly ObjectIdentifier[];
  readonly ids: readonly string[];
}

function isWanted({ names, ids }: Wanted): Sql {
  return sql`(t.table_id = ANY (${[...new Set(ids)]}::text[])
    OR (t.database, t.name) IN (
      SELECT * FROM unnest(${names.map((one) => one.database)}::text[],
        ${names.map((one) => one.name)}::text[])))`;
}

async function readTables(on: Queryable, catalog: string, wanted: Wanted): Promise<KnownTables> {
  const rows = await on.query<FactsRow>(sql`
    SELECT t.table_id, t.database, t.name, t.time_zone, t.definition -> 'partitionKeys' AS keys,
      t.definition -> 'columns' AS columns, (t.definition -> 'strict')::boolean AS strict,
      v.definition #> '{tasks,0,action,cells}' AS cells
    FROM sluice_private.materialized_tables t
    LEFT JOIN sluice_private.workflows w USING (workflow_id)
    LEFT JOIN sluice_private.workflow_versions v
      ON v.workflow_id = w.workflow_id AND v.version = w.version
    WHERE ${isWanted(wanted)}`);
  const facts = rows.map((row) => factsOf(row, catalog));
  const byName = new Map(facts.map((one) => [keyOf(one.identifier), one]));
  const byId = new Map<string, TableFacts>(facts.map((one) => [one.id, one]));
  return {
    named: (identifier) => byName.get(keyOf(identifier)) ?? null,
    byId: (id) => byId.get(id) ?? null,
  };
}

function factsOf(row: FactsRow, catalog: string): TableFacts {
  return {
    id: row.table_id,
    identifier: { catalog, database: row.database, name: row.name },
    timeZone: row.time_zone,
    partitionKeys: row.keys,
    columns: row.columns,
    strict: row.strict,
    cells: row.cells,
  };
}

function distinct(names: readonly ObjectIdentifier[]): readonly ObjectIdentifier[] {
  return [...new Map(names.map((one) => [keyOf(one), one])).values()];
}

function keyOf({ catalog, database, name }: ObjectIdentifier): string {
  return JSON.stringify([catalog, database, name]);
}
