// What PostgreSQL refused in a statement that we made ourselves (CREATE SCHEMA, DROP SCHEMA): its
// SQLSTATE, detail and hint go to the user. There is no position: the text was ours.

import { GatewayError } from "../../common/gateway-error.ts";

interface PostgresFailure {
  readonly code: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
}

/** The error to throw: GW-POSTGRES for what the server reported, anything else as it is. */
export function postgresError(error: unknown): unknown {
  if (!isFailure(error)) return error;
  return new GatewayError("GW-POSTGRES", error.message, {
    sqlstate: error.code,
    detail: error.detail,
    hint: error.hint,
    cause: error,
  });
}

function isFailure(error: unknown): error is PostgresFailure {
  if (!(error instanceof Error) || error instanceof GatewayError) return false;
  const { code } = error as { code?: unknown };
  return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) && "severity" in error;
}
