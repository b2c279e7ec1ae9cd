// `'table.dml-sync' = 'true'`: the statement ends when the run it started has ended, and fails with
// the run's error. Cancelling the statement cancels the run, as it does in Flink.

import { errorCodes, type ErrorCode } from "../../common/error-codes.ts";
import { GatewayError } from "../../common/gateway-error.ts";
import type { InstanceId } from "../../common/ids.ts";
import { isOn } from "../../common/session-options.ts";
import type { InstanceState } from "../../scheduler/scheduler.ts";
import type { StatementServices } from "./executor.ts";
import type { StatementContext } from "./statement-context.ts";

/** Waits for the run if the session wants it; `instance` null means there is none. */
export async function awaitRun(
  instance: InstanceId | null,
  context: StatementContext,
  { scheduler, database }: StatementServices,
): Promise<void> {
  if (instance === null || !isOn("table.dml-sync", context.property("table.dml-sync"))) return;
  let state: InstanceState;
  try {
    state = await scheduler.awaitEnd(instance, context.signal);
  } catch (error) {
    if (!context.signal.aborted) throw error;
    await database.transaction((tx) => scheduler.cancel(tx, instance));
    throw new GatewayError("GW-CANCELED", "the statement was cancelled, and its run with it");
  }
  requireSuccess(state);
}

function requireSuccess(state: InstanceState): void {
  if (state.status === "FAILED") {
    const { message, detail, hint } = runError(state.error ?? "the refresh failed");
    const where = `Run ${state.instanceId} ended with this error; the table is as it was before.`;
    throw new GatewayError(runErrorCode(state.errorCode), message, {
      detail: detail === undefined ? where : `${detail} ${where}`,
      hint,
    });
  }
  if (state.status === "CANCELED") {
    throw new GatewayError("MT-REFRESH-CANCELED", "the refresh was cancelled", {
      detail: `Run ${state.instanceId} was cancelled; the table is as it was before.`,
    });
  }
}

/** A run's error is stored as one text; detail and hint begin lines of their own. */
function runError(text: string): { message: string; detail?: string; hint?: string } {
  const [, message = text, detail, hint] =
    /^(.*?)(?:\nDETAIL: (.*?))?(?:\nHINT: (.*))?$/s.exec(text) ?? [];
  return {
    message,
    ...(detail !== undefined && { detail }),
    ...(hint !== undefined && { hint }),
  };
}

/**
 * The registered code of a run's error; SQLSTATEs and codes of other versions become
 * MT-REFRESH-FAILED.
 */
function runErrorCode(code: string | null): ErrorCode {
  return code !== null && Object.hasOwn(errorCodes, code)
    ? (code as ErrorCode)
    : "MT-REFRESH-FAILED";
}
