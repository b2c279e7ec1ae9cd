// What a failure of a refresh means: whether another attempt could help, and the code and words for
// the record. Pure.

import { GatewayError } from "../common/gateway-error.ts";
import { FencedError, type TaskOutcome } from "../scheduler/task-runner.ts";

/**
 * Serialization, resources, connection, lock not available, server going down: the next attempt may
 * find better.
 */
const retryableStates = ["40", "53", "08", "57P01", "57P02", "57P03", "57P05", "55P03"];

/** Errors of the connection itself, which have no SQLSTATE. */
const brokenConnection = /^(ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH)$/;

export type Failure = Exclude<TaskOutcome, { readonly kind: "succeeded" | "skipped" }>;

/**
 * Words of an abort after which nothing is recorded: the run is done again, or belongs to another
 * by now.
 */
const silentWords = ["STOPPED", "FENCED"];

/** True if the run was ended so that it counts as never begun. */
export function isSilent(failure: Failure): boolean {
  return (
    failure.kind === "fenced" ||
    (failure.kind === "canceled" && silentWords.includes(failure.reason))
  );
}

/** `signal`: of the run; an abort is a wish, whatever error it surfaced as. */
export function classifyFailure(error: unknown, signal: AbortSignal): Failure {
  if (error instanceof FencedError) return { kind: "fenced" };
  if (signal.aborted) return { kind: "canceled", reason: wordOf(signal.reason) };
  if (!(error instanceof Error)) return failed("GW-INTERNAL", String(error), false);
  const state = sqlstateOf(error);
  if (error instanceof GatewayError && error.code !== "GW-POSTGRES") {
    return failed(error.code, fullMessage(error), isRetryable(state));
  }
  if (state !== null) {
    return failed(
      "MT-REFRESH-FAILED",
      `${fullMessage(error)} (SQLSTATE ${state})`,
      isRetryable(state),
    );
  }
  if (isBrokenConnection(error)) return failed("MT-REFRESH-FAILED", error.message, true);
  return failed("GW-INTERNAL", error.message, false);
}

/** Errors that lie in the rows, so that other partitions may well be computed. */
const dataStates = ["22", "23", "P0"];

/** True if the failure is one of data, not of the query, the database or the moment. */
export function isDataFault(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof GatewayError && !/^(GW-POSTGRES|MT-PK-)/.test(error.code)) return false;
  const state = sqlstateOf(error);
  return state !== null && dataStates.some((prefix) => state.startsWith(prefix));
}

function failed(code: string, message: string, retryable: boolean): Failure {
  return { kind: "failed", code, message, retryable };
}

function isRetryable(state: string | null): boolean {
  return state !== null && retryableStates.some((prefix) => state.startsWith(prefix));
}

/** Of PostgreSQL's own errors and of those we wrapped. */
function sqlstateOf(error: Error): string | null {
  if (error instanceof GatewayError) return error.sqlstate;
  const code = (error as { readonly code?: unknown }).code;
  return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) ? code : null;
}

function isBrokenConnection(error: Error): boolean {
  const code = (error as { readonly code?: unknown }).code;
  const byCode = typeof code === "string" && brokenConnection.test(code);
  return byCode || /connection (terminated|ended|closed)/i.test(error.message);
}

/** Message, detail and hint in one line each, as far as they are there. */
function fullMessage(error: Error): string {
  const { detail, hint } = error as { readonly detail?: unknown; readonly hint?: unknown };
  const parts = [error.message];
  if (typeof detail === "string") parts.push(`DETAIL: ${detail}`);
  if (typeof hint === "string") parts.push(`HINT: ${hint}`);
  return parts.join("\n");
}

function wordOf(reason: unknown): string {
  if (typeof reason === "string") return reason;
  return reason instanceof Error ? reason.message : "CANCELED";
}
