// The one error that ends a statement. It has a code from the registry (error-codes.ts) and
// PostgreSQL's three parts: message in lower case without a full stop, detail and hint as
// sentences. Whoever has to weigh a failure instead of ending on it (the scheduler) gets it as a
// value, never by catching.

import { type ErrorCode, errorCodes } from "./error-codes.ts";

/**
 * What a user of one of Flink's routes sees instead of our message: Flink's class and exact
 * sentence.
 */
export interface FlinkText {
  /** Java class name, fully qualified. */
  readonly class: string;
  readonly text: string;
}

export interface ErrorParts {
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  /** Offset in code points from the start of the user's statement, zero-based. */
  readonly position?: number | undefined;
  /** The same as line and column, both from 1; whoever has the statement's text adds it. */
  readonly place?: { readonly line: number; readonly column: number } | undefined;
  /** Overrides the SQLSTATE of the registry; errors that PostgreSQL raised keep theirs. */
  readonly sqlstate?: string | undefined;
  readonly flink?: FlinkText | undefined;
  readonly cause?: unknown;
}

export class GatewayError extends Error {
  override readonly name = "GatewayError";
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  readonly position: number | undefined;
  readonly place: ErrorParts["place"];
  readonly flink: FlinkText | undefined;
  readonly sqlstate: string;

  constructor(code: ErrorCode, message: string, parts: ErrorParts = {}) {
    super(message, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.code = code;
    this.detail = parts.detail;
    this.hint = parts.hint;
    this.position = parts.position;
    this.place = parts.place;
    this.flink = parts.flink;
    this.sqlstate = parts.sqlstate ?? errorCodes[code].sqlstate;
  }

  /** The HTTP status that /api/v1 answers; Flink's routes have their own rules. */
  get httpStatus(): number {
    return errorCodes[this.code].httpStatus;
  }
}
