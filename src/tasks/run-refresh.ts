// What a task that refreshes a materialized table does: its action and request become a refresh,
// which goes through the door, be it the task of the table itself or one of a user's workflow.

import type { Catalog } from "../catalog/catalog.ts";
import type { Database } from "../common/pg.ts";
import type { Refresher } from "../refresh/refresher.ts";
import type { RefreshAction } from "../refresh/table-workflow.ts";
import type {
  ClaimedTask,
  TaskContext,
  TaskOutcome,
  TaskRunner,
} from "../scheduler/task-runner.ts";
import { requestOf } from "./request-of.ts";
import { failureOf } from "./task-failure.ts";
import { isOfWorkflow, resolveWorkflowSpec, workflowRequest } from "./workflow-refresh.ts";

export interface RefreshServices {
  readonly database: Database;
  readonly catalog: Catalog;
}

export class RunRefresh implements TaskRunner {
  readonly #refresher: Refresher;
  readonly #services: RefreshServices;

  constructor(refresher: Refresher, services: RefreshServices) {
    this.#refresher = refresher;
    this.#services = services;
  }

  async run(task: ClaimedTask, context: TaskContext): Promise<TaskOutcome> {
    const action = task.action as unknown as RefreshAction;
    const { tableId } = action;
    if (!isOfWorkflow(action)) {
      return this.#refresher.run({ tableId, request: requestOf(task), task }, context);
    }
    try {
      const spec = await resolveWorkflowSpec(this.#services, task);
      const request = workflowRequest(task, spec);
      return await this.#refresher.run({ tableId, request, task, byWorkflow: true }, context);
    } catch (error) {
      return failureOf(error, context.signal);
    }
  }
}
