// A statement that is PostgreSQL's: it goes there verbatim, but for back-quotes.

import type { SourceText } from "./source-text.ts";

/**
 * query: answers rows and changes nothing by its form; dml: INSERT, UPDATE, DELETE, MERGE, alone or
 * in a WITH.
 */
export type StatementClass = "query" | "dml" | "other";

/** `text` has no trailing `;` and no byte order mark. */
export interface Passthrough extends SourceText {
  readonly kind: "passthrough";
  readonly statementClass: StatementClass;
  /**
   * Only for dml: rows come back (RETURNING, or SELECT over a WITH that changes). False for all
   * others.
   */
  readonly returning: boolean;
}
