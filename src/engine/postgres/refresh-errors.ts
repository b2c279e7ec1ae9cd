// What a failed refresh says. Errors that are somebody else's (settle's fence, our own coded ones)
// pass unchanged.

import { GatewayError } from "../../common/gateway-error.ts";
import { isServerError, passOn, type ServerError } from "../../common/postgres-error.ts";
import type { RefreshTarget } from "../engine.ts";

/** Undefined names inside a function, which now runs under an empty search_path. */
const undefinedNames = ["42P01", "42883", "42704", "3F000", "42703"];

/** The error that the refresh rejects with. */
export function refreshError(error: unknown, target: RefreshTarget): unknown {
  if (error instanceof GatewayError) return error;
  if (isServerError(error)) return ofServer(error, target);
  return isLostConnection(error) ? lost(error) : error;
}

/** An error of COMMIT itself: the server's refusals are plain, silence is not. */
export function commitError(error: unknown, target: RefreshTarget): unknown {
  if (isServerError(error) && !error.code.startsWith("57P")) return ofServer(error, target);
  if (!isServerError(error) && !isLostConnection(error)) return error;
  return new GatewayError("GW-COMMIT-UNKNOWN", "the connection was lost while committing", {
    detail: `The refresh of ${target.displayName} is either done or undone as a whole.`,
    cause: error,
  });
}

function ofServer(error: ServerError, target: RefreshTarget): GatewayError {
  const { routine } = error as { readonly routine?: unknown };
  if (error.code === "42501" && routine === "check_enable_rls") {
    return new GatewayError("MT-ROW-SECURITY", error.message, {
      detail: "A refresh never computes from a part of the rows without saying so.",
      hint: "Give the role of the gateway BYPASSRLS, or make it the owner of the table.",
      cause: error,
    });
  }
  const inFunction = error.where !== undefined && error.where !== "";
  if (inFunction && undefinedNames.includes(error.code) && error.hint === undefined) {
    return passOn({
      ...error,
      code: error.code,
      message: error.message,
      hint:
        "A refresh runs with an empty search_path: qualify the names in the function, " +
        "or give it a search_path of its own with ALTER FUNCTION … SET search_path.",
      detail: error.detail ?? `Context: ${error.where?.split("\n")[0] ?? target.displayName}.`,
    });
  }
  return passOn(error);
}

function lost(error: unknown): GatewayError {
  return new GatewayError("GW-UNAVAILABLE", "the connection to the database was lost", {
    detail: "The refresh was undone by that.",
    cause: error,
  });
}

function isLostConnection(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = String((error as { readonly code?: unknown }).code ?? "");
  if (/^(ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH)$/.test(code)) return true;
  return /connection (terminated|ended|closed)|not queryable/i.test(error.message);
}
