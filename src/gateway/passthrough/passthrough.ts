// The passage to PostgreSQL as the statements see it: one text in, one result out. run.ts
// implements it.

import type { StatementContext, StatementResult } from "../statements/statement-context.ts";

/** One statement of PostgreSQL's, as the parser found it. */
export interface PassthroughStatement {
  /**
   * The text to send: exactly one statement, back-quotes already double quotes. It has the same
   * code points at the same offsets as the user's text, so that positions need no mapping.
   */
  readonly sql: string;
  /** Code points before `sql` in the user's text; 0 if it is the whole text. */
  readonly offset: number;
}

/**
 * Sends the statement and answers rows, `rows affected` or OK (rulings 37 to 39). Rejects with
 * GatewayError GW-POSTGRES (SQLSTATE, detail, hint, position in the user's text) or
 * GW-UNAVAILABLE.
 */
export type RunPassthrough = (
  statement: PassthroughStatement,
  context: StatementContext,
) => Promise<StatementResult>;
