// What a statement is executed with, and the two functions that the gateway calls: one executes,
// one completes. The gateway (operations, sessions, results) knows nothing of the language behind
// them.

import type { OperationHandle } from "../../common/ids.ts";
import type { QueryResult } from "../result/query-result.ts";
import type { Session } from "../session/session.ts";
import type { FixedResult } from "./statement-result.ts";

/** Something the user should read although the statement did not fail. */
export interface Notice {
  /** NOTICE, WARNING, INFO, as PostgreSQL has it. */
  readonly severity: string;
  readonly message: string;
  readonly sqlstate: string | undefined;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
}

export interface StatementContext {
  readonly session: Session;
  readonly operation: OperationHandle;
  /** The statement as the user sent it; positions of errors are counted in it, in code points. */
  readonly text: string;
  /** Aborts on cancel, close and stop; what runs in PostgreSQL must be cancelled then. */
  readonly signal: AbortSignal;
  /** executionConfig of this statement alone. */
  readonly overlay: ReadonlyMap<string, string>;
  /** The effective value of a key: overlay, else session, else the gateway's default. */
  property(key: string): string | undefined;
  /** Where notices and warnings go: to the log, and to clients that ask for them. */
  notice(notice: Notice): void;
}

/** What executing yields: a closed union, one member for each way to be cut into pages. */
export type StatementResult = FixedResult | QueryResult;

/**
 * Parses and executes exactly one statement. Rejects with GatewayError (anything else counts as a
 * defect of ours).
 * For a query it resolves as soon as rows can be fetched.
 */
export type ExecuteStatement = (
  text: string,
  context: StatementContext,
) => Promise<StatementResult>;

/**
 * Candidates for the word at `position` (offset in UTF-16 units, may lie outside the text), best
 * first.
 */
export type Complete = (
  text: string,
  position: number,
  session: Session,
) => Promise<readonly string[]>;

/**
 * True if the statement may configure a session (configure-session of the protocol); called before
 * it is executed.
 * Rejects with the error of the parser if the text is no statement.
 */
export type MayConfigureSession = (text: string, session: Session) => boolean;
