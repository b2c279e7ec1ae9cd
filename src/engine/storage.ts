// The port to the stored table of a materialized table: its DDL. Every function works in the
// caller's transaction, so that storage, definition and workflow are one commit. Implemented in
// postgres/storage.ts.
//
// Names: `database` is a schema; both are as stored (no quoting). The user's name is always a plain
// table, with an index on the partition columns, a unique index for the primary key (unless
// `keyEnforced` is false), and a BEFORE statement trigger that refuses DML of others (or natively
// partitioned with `native`).

import type { Tx } from "../common/pg.ts";

export interface StorageColumn {
  readonly name: string;
  /** PostgreSQL's format_type text. */
  readonly type: string;
  readonly nullable: boolean;
  readonly comment: string | null;
}

export interface StorageSpec {
  readonly database: string;
  readonly name: string;
  readonly columns: readonly StorageColumn[];
  readonly primaryKey: readonly string[];
  /** Name of the key; null if there is none. */
  readonly primaryKeyName: string | null;
  /** False (`'pk.enforced' = 'false'`): the key is metadata only, no index is made. */
  readonly keyEnforced: boolean;
  readonly partitionKeys: readonly string[];
  readonly comment: string | null;
}

export interface KeyChange {
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** Columns that may be null from now on. */
  readonly nullable: readonly string[];
}

/** Changes that ALTER makes to a stored table, in this order. */
export interface StorageChanges {
  readonly addColumns: readonly StorageColumn[];
  readonly dropColumns: readonly string[];
  readonly retypeColumns: readonly { readonly name: string; readonly type: string }[];
  /** undefined: unchanged; null: removed. */
  readonly comment?: string | null;
  readonly columnComments: readonly { readonly name: string; readonly comment: string | null }[];
  /** Columns of the key that stands and of the one to come; empty: none. Absent: unchanged. */
  readonly key?: KeyChange;
  /** With `key`: they keep an index. */
  readonly partitionKeys?: readonly string[];
}

export interface Storage {
  /** Creates the empty table; gives its OID. A name that is taken fails with PostgreSQL's 42P07. */
  create(tx: Tx, spec: StorageSpec): Promise<number>;
  /**
   * The short discipline of ALTER and DROP: `LOCK TABLE … IN SHARE ROW EXCLUSIVE MODE`, which waits
   * for refreshes but not for readers, under the given lock_timeout in milliseconds (then
   * PostgreSQL's 55P03).
   */
  lock(tx: Tx, database: string, name: string, timeout: number): Promise<void>;
  /** After `lock`. */
  alter(tx: Tx, database: string, name: string, changes: StorageChanges): Promise<void>;
  /** After `lock`. */
  rename(tx: Tx, database: string, name: string, newName: string): Promise<void>;
  /** Drops the table if it is there; `cascade` takes the views along that read it. */
  drop(tx: Tx, database: string, name: string, cascade: boolean): Promise<void>;
}
