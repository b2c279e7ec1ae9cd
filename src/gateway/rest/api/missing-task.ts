// A task named in a path that is not there: 404, where the same word inside a definition is 400.

import { GatewayError } from "../../../common/gateway-error.ts";

/** The error to throw instead. */
export function missingTask(error: unknown): unknown {
  if (!(error instanceof GatewayError) || error.code !== "WF-TASK-UNKNOWN") return error;
  return new GatewayError("GW-ROW-UNKNOWN", error.message, { cause: error });
}
