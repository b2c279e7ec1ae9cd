// What a workflow does that was made over Flink's scheduler endpoints: at each slot it asks for the
// refresh of the table that the client named, as the refresh endpoint would, and ends as that run
// ends. The table need not exist when the workflow is made, as in Flink; then its runs fail.

import type { ObjectIdentifier } from "../catalog/object-identifier.ts";
import { GatewayError } from "../common/gateway-error.ts";
import { toIso } from "../common/time.ts";
import type { MaterializedTables } from "../refresh/materialized-tables.ts";
import type { InstanceState, Scheduler } from "../scheduler/scheduler.ts";
import type {
  ClaimedTask,
  TaskContext,
  TaskOutcome,
  TaskRunner,
} from "../scheduler/task-runner.ts";

/** The action of the one task of such a workflow. */
export interface NamedRefreshAction {
  readonly type: "refresh-by-name";
  readonly identifier: ObjectIdentifier;
  /** Of the client's requests; kept, without effect on the run. */
  readonly dynamicOptions: Readonly<Record<string, string>>;
}

export interface NamedRefreshServices {
  readonly tables: Pick<MaterializedTables, "refreshAt">;
  readonly scheduler: Pick<Scheduler, "awaitEnd">;
}

export class RunNamedRefresh implements TaskRunner {
  readonly #services: NamedRefreshServices;

  constructor(services: NamedRefreshServices) {
    this.#services = services;
  }

  async run(task: ClaimedTask, context: TaskContext): Promise<TaskOutcome> {
    const { identifier } = task.action as unknown as NamedRefreshAction;
    const scheduleTime = toIso(task.interval.end).slice(0, 19).replace("T", " ");
    try {
      const { tables, scheduler } = this.#services;
      const { instanceId } = await tables.refreshAt({ identifier, scheduleTime, timeZone: "UTC" });
      return outcomeOf(await scheduler.awaitEnd(instanceId, context.signal));
    } catch (error) {
      if (context.signal.aborted) {
        return { kind: "canceled", reason: String(context.signal.reason) };
      }
      const code = error instanceof GatewayError ? error.code : "GW-INTERNAL";
      const message = error instanceof Error ? error.message : String(error);
      return { kind: "failed", code, message, retryable: !(error instanceof GatewayError) };
    }
  }
}

function outcomeOf(ended: InstanceState): TaskOutcome {
  switch (ended.status) {
    case "SUCCESSFUL":
      return { kind: "succeeded", detail: `instance ${ended.instanceId}` };
    case "SKIPPED":
      return { kind: "skipped", reason: ended.detail ?? "SKIPPED" };
    case "CANCELED":
      return { kind: "canceled", reason: ended.detail ?? "CANCELED" };
    default:
      return {
        kind: "failed",
        code: ended.errorCode ?? "GW-INTERNAL",
        message: ended.error ?? `the refresh ended ${ended.status}`,
        retryable: false,
      };
  }
}
