// `'table.dml-sync' = 'true'`: the statement ends when the run it started has ended, and fails with
// the run's error. Cancelling the statement cancels the run, as it does in Flink.

import { errorCodes, type ErrorCode } from "../../common/error-codes.ts";
import { GatewayError } from "../../common/gateway-error.ts";
import type { InstanceId } from "../../common/ids.ts";
import { isOn } from "../../common/session-options.ts";
import type { InstanceState } from "../../scheduler/scheduler.ts";
import type { StatementServices } from "./executor.ts";
import type { StatementContext } from "./statement-context.ts";

/** What a run is of: it decides how its end is told. */
export type RunKind = "refresh" | "workflow";

/** Waits for the run if the session wants it; `instance` null means there is none. */
export async function awaitRun(
  instance: InstanceId | null,
  context: StatementContext,
  services: StatementServices,
  kind: RunKind = "refresh",
): Promise<void> {
  if (instance === null || !waitsForRuns(context)) return;
  await awaitEndOf(instance, context, services, kind);
}

/** Waits for the run whatever the session says. */
export async function awaitEndOf(
  instance: InstanceId,
  context: StatementContext,
  { scheduler, database }: StatementServices,
  kind: RunKind,
): Promise<void> {
  let state: InstanceState;
  try {
    state = await scheduler.awaitEnd(instance, context.signal);
  } catch (error) {
    if (!context.signal.aborted) throw error;
    await database.transaction((tx) => scheduler.cancel(tx, instance));
    throw new GatewayError("GW-CANCELED", "the statement was cancelled, and its run with it");
  }
  requireSuccess(state, kind);
}

/** Whether statements of this session wait for what they start. */
export function waitsForRuns(context: StatementContext): boolean {
  return isOn("table.dml-sync", context.property("table.dml-sync"));
}

/** What is said of a run of each kind. */
const words = {
  refresh: {
    failed: "the refresh failed",
    canceled: "the refresh was cancelled",
    after: "; the table is as it was before",
    failedCode: "MT-REFRESH-FAILED",
    canceledCode: "MT-REFRESH-CANCELED",
  },
  workflow: {
    failed: "the run of the workflow failed",
    canceled: "the run of the workflow was cancelled",
    after: "",
    failedCode: "WF-RUN-FAILED",
    canceledCode: "WF-RUN-CANCELED",
  },
} as const satisfies Record<RunKind, Readonly<Record<string, string>>>;

function requireSuccess(state: InstanceState, kind: RunKind): void {
  const { failed, canceled, after, failedCode, canceledCode } = words[kind];
  if (state.status === "FAILED") {
    const { message, detail, hint } = runError(state.error ?? failed);
    const where = `Run ${state.instanceId} ended with this error${after}.`;
    throw new GatewayError(runErrorCode(state.errorCode, failedCode), message, {
      detail: detail === undefined ? where : `${detail} ${where}`,
      hint,
    });
  }
  if (state.status === "CANCELED") {
    throw new GatewayError(canceledCode, canceled, {
      detail: `Run ${state.instanceId} was cancelled${after}.`,
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

/** The registered code of a run's error; SQLSTATEs and codes of other versions become `other`. */
function runErrorCode(code: string | null, other: ErrorCode): ErrorCode {
  return code !== null && Object.hasOwn(errorCodes, code) ? (code as ErrorCode) : other;
}
