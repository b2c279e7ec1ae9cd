// A run that somebody asks for: an instance of the table's workflow without extent in time, in the
// same queue and through the same door as scheduled ones.

import type { InstanceId, WorkflowId } from "../common/ids.ts";
import type { Tx } from "../common/pg.ts";
import { dataInterval, type Instant } from "../common/time.ts";
import type { Scheduler } from "../scheduler/scheduler.ts";
import type { Trigger } from "../scheduler/task-runner.ts";
import type { RefreshRequest } from "./refresh-request.ts";

export interface AskedRun {
  readonly workflowId: WorkflowId;
  readonly trigger: Trigger;
  readonly request: RefreshRequest;
  /** The database's clock. */
  readonly now: Instant;
}

/** Queues it; it starts when its claim and the queue allow. */
export function submitRun(tx: Tx, scheduler: Scheduler, run: AskedRun): Promise<InstanceId> {
  return scheduler.submit(tx, {
    workflowId: run.workflowId,
    trigger: run.trigger,
    interval: dataInterval(run.now, run.now),
    request: { ...run.request },
  });
}
