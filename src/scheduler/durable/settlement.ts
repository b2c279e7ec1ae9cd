// How an outcome is written down: status, finer word, error. Shared by every store, so that they
// agree.

import { unreachable } from "../../common/assert.ts";
import type { InstanceStatus } from "../scheduler.ts";
import type { Settlement } from "./store.ts";

export interface SettlementRecord {
  readonly taskInstanceId: string;
  readonly token: number;
  readonly status: InstanceStatus;
  readonly detail: string | null;
  readonly errorCode: string | null;
  readonly error: string | null;
  readonly retryable: boolean;
}

export function recordOf({ taskInstanceId, token, outcome, detail }: Settlement): SettlementRecord {
  const ended = { taskInstanceId, token, detail, errorCode: null, error: null, retryable: false };
  switch (outcome.kind) {
    case "succeeded":
      return { ...ended, status: "SUCCESSFUL", detail: detail ?? outcome.detail ?? null };
    case "skipped":
      return { ...ended, status: "SKIPPED", detail: detail ?? outcome.reason };
    case "canceled":
      return { ...ended, status: "CANCELED", error: outcome.reason };
    case "failed":
      return {
        ...ended,
        status: "FAILED",
        errorCode: outcome.code,
        error: outcome.message,
        retryable: outcome.retryable,
      };
    default:
      return unreachable(outcome);
  }
}
