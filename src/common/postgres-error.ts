// What PostgreSQL's errors become: GW-POSTGRES with the server's own SQLSTATE, message, detail,
// hint and position.

import { GatewayError } from "./gateway-error.ts";

/** The fields of the server's ErrorResponse that we pass on. */
export interface ServerError {
  readonly code: string;
  readonly message: string;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  /** One-based, in characters of the text that was sent. */
  readonly position?: string | undefined;
  readonly where?: string | undefined;
  readonly table?: string | undefined;
  readonly constraint?: string | undefined;
}

/** True for what the server itself reported; a lost connection is not such an error. */
export function isServerError(error: unknown): error is ServerError {
  const code = (error as { code?: unknown } | null)?.code;
  const severity = (error as { severity?: unknown } | null)?.severity;
  return typeof code === "string" && code.length === 5 && severity !== undefined;
}

/** Where the text that was sent stands in the text of the user. */
export interface SentText {
  /** Code points that we put before the user's. */
  readonly prefix: number;
  /** Code points of the user's statement before the part that was sent. */
  readonly offset: number;
  /** Code points of the user's part; a position beyond it is ours and is not passed on. */
  readonly length: number;
}

/**
 * Wraps a server's error; without `sent` its position is dropped, for it is one in a text of ours.
 */
export function passOn(error: ServerError, sent?: SentText): GatewayError {
  return new GatewayError("GW-POSTGRES", error.message, {
    detail: error.detail,
    hint: error.hint,
    sqlstate: error.code,
    position: sent && positionOf(error, sent),
    cause: error,
  });
}

/**
 * The error to throw for a statement that we made ourselves: GW-POSTGRES for what the server
 * reported, anything else as it is.
 */
export function postgresError(error: unknown): unknown {
  return isServerError(error) ? passOn(error) : error;
}

function positionOf(error: ServerError, sent: SentText): number | undefined {
  const at = Number(error.position ?? Number.NaN) - 1 - sent.prefix;
  return at >= 0 && at <= sent.length ? at + sent.offset : undefined;
}
