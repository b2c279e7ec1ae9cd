// What a task of a materialized table does: its action and request become a refresh, which goes
// through the door.

import { unreachable } from "../common/assert.ts";
import type { Refresher } from "../refresh/refresher.ts";
import type { RefreshAction } from "../refresh/table-workflow.ts";
import type {
  ClaimedTask,
  TaskContext,
  TaskOutcome,
  TaskRunner,
} from "../scheduler/task-runner.ts";
import { requestOf } from "./request-of.ts";

/** The actions that this runner knows. */
export type TaskAction = RefreshAction;

export class RunRefresh implements TaskRunner {
  readonly #refresher: Refresher;

  constructor(refresher: Refresher) {
    this.#refresher = refresher;
  }

  run(task: ClaimedTask, context: TaskContext): Promise<TaskOutcome> {
    const action = task.action as unknown as TaskAction;
    switch (action.type) {
      case "refresh":
        return this.#refresher.run(
          { tableId: action.tableId, request: requestOf(task), task },
          context,
        );
      default:
        return unreachable(action.type);
    }
  }
}
