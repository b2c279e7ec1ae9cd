// What PostgreSQL or the socket says, as an error for the user. PostgreSQL counts positions in
// code points from 1 in the text that was sent; users get them from 0 in their own text.

import { GatewayError } from "../../common/gateway-error.ts";
import { hasSqlState } from "../../common/pg.ts";

/** The fields of an ErrorResponse that are passed on. */
interface PgErrorFields {
  readonly message: string;
  readonly code?: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly position?: string;
  readonly where?: string;
}

const unreachable = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOENT",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
]);

/** True if the connection is gone: the server stopped, or the socket broke. */
export function isConnectionLoss(error: unknown): boolean {
  if (hasSqlState(error, "57P01", "57P02", "57P03", "57P05", "08", "53300")) return true;
  const fields = error as { code?: unknown; message?: unknown } | null;
  if (typeof fields?.code === "string") return unreachable.has(fields.code);
  return (
    typeof fields?.message === "string" &&
    /connection terminated|client has encountered a connection error|not queryable|timeout exceeded when trying to connect/i.test(
      fields.message,
    )
  );
}

export interface FailureContext {
  /** Code points before the text that was sent in the user's text. */
  readonly offset: number;
  /** True if the user asked for the end of the statement. */
  readonly canceled: boolean;
  /**
   * True if the statement commits by itself, or is a COMMIT: a lost connection leaves the outcome
   * open.
   */
  readonly commits: boolean;
}

/** The error for the user; a GatewayError stays what it is. */
export function failureOf(error: unknown, context: FailureContext): GatewayError {
  if (error instanceof GatewayError) return error;
  if (isConnectionLoss(error)) return lossOf(error, context.commits);
  const fields = error as PgErrorFields;
  if (fields.code === undefined || !/^[0-9A-Z]{5}$/.test(fields.code)) {
    return new GatewayError("GW-INTERNAL", "internal error", { cause: error });
  }
  if (context.canceled && fields.code === "57014") {
    return new GatewayError("GW-CANCELED", "canceled on request", { cause: error });
  }
  const position = fields.position === undefined ? undefined : Number(fields.position) - 1;
  return new GatewayError("GW-POSTGRES", fields.message, {
    sqlstate: fields.code,
    detail: fields.detail,
    hint: fields.hint,
    position: position === undefined ? undefined : position + context.offset,
    cause: error,
  });
}

function lossOf(error: unknown, commits: boolean): GatewayError {
  if (commits) {
    return new GatewayError(
      "GW-COMMIT-UNKNOWN",
      "commit outcome unknown: the connection was lost",
      {
        hint: "Look whether the statement took effect before you send it again.",
        cause: error,
      },
    );
  }
  return new GatewayError("GW-UNAVAILABLE", "the database cannot be reached", {
    hint: "Send the statement again in a moment; the session is kept.",
    cause: error,
  });
}
