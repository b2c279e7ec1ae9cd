// What exists: the interface to the stored definitions of materialized tables. Reads take whatever
// statements can be sent to (the pool, or the transaction whose snapshot they must share); writes
// take a transaction first, so that a definition, its storage and its workflow are one commit.
// PostgreSQL keeps it: pg-catalog.ts.

import type { TableId } from "../common/ids.ts";
import type { Queryable, Tx } from "../common/pg.ts";
import type { MaterializedTable } from "./materialized-table.ts";
import type { ObjectIdentifier } from "./object-identifier.ts";

/** What a name means in the database. A materialized table of ours is never a "table". */
export type ObjectKind =
  | "materialized table"
  | "table"
  | "view"
  | "materialized view"
  | "foreign table"
  | "sequence"
  | "index"
  | "type";

/**
 * A relation that a table's query reads, views expanded: the views themselves and what they stand
 * on.
 */
export interface Source {
  readonly database: string;
  readonly name: string;
  readonly oid: number;
  /** Set if it is a materialized table of ours. */
  readonly tableId: TableId | null;
}

/** Somebody who reads a table: another materialized table, or a view of the database. */
export interface Dependent {
  readonly kind: "materialized table" | "view" | "materialized view";
  readonly database: string;
  readonly name: string;
  /** Null for views. */
  readonly tableId: TableId | null;
}

/** A filter of SHOW …: SQL's LIKE pattern with `%` and `_`, matched against the stored name. */
export interface NameFilter {
  readonly pattern: string;
  readonly caseInsensitive: boolean;
  readonly negated: boolean;
}

export interface Catalog {
  /** Name of the connected database: Flink's catalog. */
  readonly catalogName: string;

  /** The table of that name; null if there is none. Names of another catalog find nothing. */
  find(on: Queryable, identifier: ObjectIdentifier): Promise<MaterializedTable | null>;
  findById(on: Queryable, id: TableId): Promise<MaterializedTable | null>;
  /** The same, and the row stays locked (FOR UPDATE) to the end of the transaction. */
  lockById(tx: Tx, id: TableId): Promise<MaterializedTable | null>;
  /** What the name stands for in the database; null if for nothing. */
  kindOf(on: Queryable, identifier: ObjectIdentifier): Promise<ObjectKind | null>;
  databaseExists(on: Queryable, database: string): Promise<boolean>;
  /** Names of the materialized tables of one schema, sorted. */
  list(on: Queryable, database: string, filter: NameFilter | null): Promise<readonly string[]>;
  /**
   * Names of materialized tables in any schema that begin with `prefix`, sorted; for completion.
   */
  complete(
    on: Queryable,
    prefix: string,
    limit: number,
  ): Promise<readonly { readonly database: string; readonly name: string }[]>;
  /** What the table reads. */
  sources(on: Queryable, id: TableId): Promise<readonly Source[]>;
  /** Who reads the table directly, materialized tables and views, sorted by name. */
  dependents(on: Queryable, id: TableId): Promise<readonly Dependent[]>;
  /** Version of the definition as `on` sees it; null if the table is not there. */
  versionOf(on: Queryable, id: TableId): Promise<number | null>;
  /** OID of the stored table; null once it was dropped from outside. */
  relationOf(on: Queryable, id: TableId): Promise<number | null>;

  insert(
    tx: Tx,
    table: MaterializedTable,
    relation: number,
    sources: readonly Source[],
  ): Promise<void>;
  /**
   * Stores the definition as given; the caller has raised `version` if a pinned run must not go on.
   */
  update(tx: Tx, table: MaterializedTable): Promise<void>;
  replaceSources(tx: Tx, id: TableId, sources: readonly Source[]): Promise<void>;
  /** Another stored table has taken the name: for the table, and for those that read it. */
  replaceRelation(tx: Tx, id: TableId, relation: number): Promise<void>;
  /** Forgets table, sources, cells and marks; history of runs stays. */
  remove(tx: Tx, id: TableId): Promise<void>;
}
