// EXECUTE WORKFLOW: a run that somebody asks for, about a time that he names or about now. What the
// overlap of the workflow makes of it is the scheduler's to say.

import type { ObjectIdentifier } from "../catalog/object-identifier.ts";
import type { InstanceId } from "../common/ids.ts";
import { scheduleOf } from "../scheduler/schedule.ts";
import { checkOverrides } from "./check-variables.ts";
import { readTimestamp } from "./local-timestamp.ts";
import { at } from "./places.ts";
import { refuseUnstorable } from "./refuse-unstorable.ts";
import { findWorkflow, readClock, refuseTableOwned, workflowNotFound } from "./stored-workflow.ts";
import type { PositionOf, Texts } from "./workflow-request.ts";
import type { WorkflowServices } from "./workflow-services.ts";

export interface RunRequest {
  /** `yyyy-MM-dd HH:mm:ss[.fff]` in the workflow's zone; null: now. */
  readonly at: string | null;
  /** Over those of tasks and workflow, as written. */
  readonly variables: Texts;
}

/** Throws WF-NOTFOUND, WF-TABLE-OWNED, WF-TIMESTAMP, WF-VARIABLE. */
export function executeWorkflow(
  { database, scheduler }: Pick<WorkflowServices, "database" | "scheduler">,
  identifier: ObjectIdentifier,
  run: RunRequest,
  positionOf: PositionOf,
): Promise<{ readonly instanceId: InstanceId }> {
  refuseUnstorable(run);
  return database.transaction(async (tx) => {
    const stored = await findWorkflow(tx, identifier);
    if (stored === null) throw await workflowNotFound(tx, identifier);
    const { workflowId, definition } = stored;
    refuseTableOwned(definition, "ALTER MATERIALIZED TABLE … REFRESH runs it.");
    checkOverrides(run.variables, definition, positionOf);
    const { timeZone, schedule } = definition;
    const { at: text, variables } = run;
    const scheduledAt =
      text === null
        ? await readClock(tx)
        : at(positionOf, "at", () => readTimestamp(text, timeZone));
    const instanceId = await scheduler.submit(tx, {
      workflowId,
      trigger: "MANUAL",
      interval: scheduleOf(schedule, timeZone).intervalEndingAt(scheduledAt),
      request: {},
      scheduledAt,
      variables,
    });
    return { instanceId };
  });
}
