// The result of a statement that PostgreSQL answers with rows: columns, and a source that yields
// raw rows while they are drained (gateway/passthrough). Values are PostgreSQL's text format; they
// are rendered page by page.

import type { ResultColumn } from "../statements/statement-result.ts";

/** One row: PostgreSQL's text format of each value, null for NULL. */
export type RawRow = readonly (string | null)[];

/**
 * Rows in order, each given once; what was given is the reader's to keep (pages are served again
 * from the page).
 */
export interface RowSource {
  /**
   * Up to `maxRows` rows and about `maxBytes` of text. An empty batch that is not `done` means:
   * nothing yet, ask again (after `changed`). Rejects with GatewayError if the query failed after
   * its first rows, or was abandoned.
   */
  take(maxRows: number, maxBytes: number): Promise<RowBatch>;
  /** Resolves when `take` would say something new. */
  changed(): Promise<void>;
  /** Resolves when the query itself has ended, however; rows may be left to take. Never rejects. */
  drained(): Promise<void>;
  /**
   * Ends the query if it runs and frees memory, spool file and connection. Idempotent; never
   * rejects.
   */
  close(): Promise<void>;
}

export interface RowBatch {
  readonly rows: readonly RawRow[];
  /** True if no row follows. */
  readonly done: boolean;
}

export interface QueryResult {
  readonly kind: "query";
  /**
   * True for SELECT, VALUES, TABLE and WITH without DML; false for RETURNING, SHOW, CALL and the
   * like.
   */
  readonly isQuery: boolean;
  /** 32 hex digits for queries, null otherwise. */
  readonly jobId: string | null;
  readonly columns: readonly ResultColumn[];
  /**
   * How each column's text is rendered, one per column. Values of timestamptz stand in the
   * session's zone already: PostgreSQL rendered them there.
   */
  readonly pgTypes: readonly PgType[];
  readonly rows: RowSource;
}

/** What the renderer must know of a PostgreSQL type beyond its logical type. */
export type PgType =
  | { readonly kind: "text" }
  | { readonly kind: "boolean" }
  | { readonly kind: "integer" }
  | { readonly kind: "float"; readonly bits: 32 | 64 }
  /** `scale` null: the type has none of its own. */
  | { readonly kind: "numeric"; readonly scale: number | null }
  | { readonly kind: "bytes" }
  | { readonly kind: "date" }
  | { readonly kind: "time"; readonly precision: number }
  | { readonly kind: "timestamp"; readonly precision: number; readonly zoned: boolean }
  | { readonly kind: "array"; readonly element: PgType; readonly delimiter: string }
  | {
      readonly kind: "composite";
      readonly fields: readonly { readonly name: string; readonly type: PgType }[];
    };
