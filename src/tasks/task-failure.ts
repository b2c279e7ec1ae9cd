// What the failure of a user's statement means for its task: code, words, and whether it was the
// end of the connection. Whether there is another attempt is the workflow's policy. Pure.

import { GatewayError } from "../common/gateway-error.ts";
import { isServerError, type ServerError } from "../common/postgres-error.ts";
import { FencedError, type TaskOutcome } from "../scheduler/task-runner.ts";

/** Refused inside of a transaction block; COMMIT or ROLLBACK of a procedure inside of one. */
const needsNoTransaction = ["25001", "2D000"];
/** The server says goodbye. */
const endOfConnection = /^(?:57P0[1-5]|08)/;

/** `signal`: of the task; an abort is a wish, whatever error it surfaced as. */
export function failureOf(error: unknown, signal: AbortSignal): TaskOutcome {
  if (error instanceof FencedError) return { kind: "fenced" };
  if (signal.aborted) return { kind: "canceled", reason: String(signal.reason) };
  if (error instanceof GatewayError) return failed(error.code, fullMessage(error));
  if (isServerError(error)) return ofServer(error);
  const message = error instanceof Error ? error.message : String(error);
  if (!isLostConnection(error, message)) return failed("GW-INTERNAL", message);
  return failed("WF-CONNECTION-ENDED", `the task's connection ended: ${message}`);
}

/** An error of COMMIT: what the server says is plain, its silence is not. */
export function commitFailureOf(error: unknown, signal: AbortSignal): TaskOutcome {
  if (isServerError(error) && !endOfConnection.test(error.code)) return ofServer(error);
  if (error instanceof FencedError) return failureOf(error, signal);
  const message = "the connection was lost while committing";
  return failed("GW-COMMIT-UNKNOWN", `${message}\nDETAIL: All of it is done, or nothing.`);
}

function ofServer(error: ServerError): TaskOutcome {
  const text = `${fullMessage(error)} (SQLSTATE ${error.code})`;
  if (endOfConnection.test(error.code)) return failed("WF-CONNECTION-ENDED", text);
  if (!needsNoTransaction.includes(error.code)) return failed("WF-SQL-FAILED", text);
  const hint = "Give the task WITH ('transactional' = 'false'): it then runs by itself.";
  return failed("WF-SQL-FAILED", `${text}\nHINT: ${hint}`);
}

function failed(code: string, message: string): TaskOutcome {
  return { kind: "failed", code, message, retryable: true };
}

function fullMessage(error: { message: string; detail?: unknown; hint?: unknown }): string {
  const parts = [error.message];
  if (typeof error.detail === "string") parts.push(`DETAIL: ${error.detail}`);
  if (typeof error.hint === "string") parts.push(`HINT: ${error.hint}`);
  return parts.join("\n");
}

function isLostConnection(error: unknown, message: string): boolean {
  const code = String((error as { readonly code?: unknown } | null)?.code ?? "");
  const byCode = /^(?:ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH)/.test(code);
  return byCode || /connection (?:terminated|ended|closed)|not queryable/i.test(message);
}
