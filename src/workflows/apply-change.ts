// One edit of ALTER WORKFLOW, applied to the request that made the workflow. Whether the outcome
// makes sense is checked as if it had been written anew. Pure.

import { GatewayError } from "../common/gateway-error.ts";
import { nearest } from "../common/nearest.ts";
import { unreachable } from "../common/assert.ts";
import { errorAt, nowhere, placesOfTask } from "./places.ts";
import type {
  PositionOf,
  TaskRequest,
  WorkflowChange,
  WorkflowRequest,
} from "./workflow-request.ts";

/** Edits that only the request is needed for. */
export type PlainChange = Exclude<WorkflowChange, { readonly kind: "add-downstream" }>;

export interface Changed {
  readonly request: WorkflowRequest;
  /** Where parts of the changed request stand in the text of the edit. */
  readonly positionOf: PositionOf;
}

/** Throws WF-TASK-UNKNOWN, WF-TASK-DUPLICATE, WF-TASK-NEEDED, WF-CHANGE-EMPTY. */
export function applyChange(
  request: WorkflowRequest,
  change: PlainChange,
  positionOf: PositionOf,
): Changed {
  const changed = (parts: Partial<WorkflowRequest>): Changed => ({
    request: { ...request, ...parts },
    positionOf,
  });
  switch (change.kind) {
    case "rename":
      return changed({ identifier: { ...request.identifier, name: change.name } });
    case "comment":
      return changed({ comment: change.comment });
    case "set-schedule":
      return changed({ schedule: change.schedule });
    case "set-options":
      refuseNothing("SET", Object.keys(change.options));
      return changed({ options: { ...request.options, ...change.options } });
    case "reset-options":
      refuseNothing("RESET", change.keys);
      return changed({ options: without(request.options, change.keys) });
    case "set-variables":
      refuseNothing("SET VARIABLES", Object.keys(change.variables));
      return changed({ variables: { ...request.variables, ...change.variables } });
    case "add-task":
      return addTask(request, change.task, positionOf);
    case "modify-task":
      return modifyTask(request, change.task, positionOf);
    case "drop-task":
      return { request: dropTask(request, change.task, positionOf), positionOf: nowhere };
    default:
      return unreachable(change);
  }
}

function refuseNothing(words: string, keys: readonly string[]): void {
  if (keys.length > 0) return;
  throw new GatewayError("WF-CHANGE-EMPTY", `${words} names nothing`);
}

function without(options: WorkflowRequest["options"], keys: readonly string[]) {
  return Object.fromEntries(Object.entries(options).filter(([key]) => !keys.includes(key)));
}

function addTask(request: WorkflowRequest, task: TaskRequest, positionOf: PositionOf): Changed {
  if (request.tasks.some((one) => one.name === task.name)) {
    const message = `task "${task.name}" exists already`;
    throw errorAt(positionOf, "task", ["WF-TASK-DUPLICATE", message], {
      hint: "MODIFY TASK replaces it.",
    });
  }
  const tasks = [...request.tasks, task];
  return {
    request: { ...request, tasks },
    positionOf: placesOfTask(positionOf, tasks.length - 1),
  };
}

function modifyTask(request: WorkflowRequest, task: TaskRequest, positionOf: PositionOf): Changed {
  const index = request.tasks.findIndex((one) => one.name === task.name);
  if (index < 0) throw unknownTask(request.tasks, task.name, positionOf, "task");
  const tasks = request.tasks.with(index, task);
  return { request: { ...request, tasks }, positionOf: placesOfTask(positionOf, index) };
}

function dropTask(request: WorkflowRequest, name: string, positionOf: PositionOf): WorkflowRequest {
  if (!request.tasks.some((task) => task.name === name)) {
    throw unknownTask(request.tasks, name, positionOf, "task");
  }
  const needed = request.tasks.find((task) => task.name !== name && task.after.includes(name));
  if (needed !== undefined) {
    const message = `task "${name}" cannot be dropped, for others run after it`;
    throw errorAt(positionOf, "task", ["WF-TASK-NEEDED", message], {
      detail: `Task "${needed.name}" names it in AFTER.`,
    });
  }
  const tasks = request.tasks.filter((task) => task.name !== name);
  if (tasks.length === 0) {
    throw errorAt(positionOf, "task", ["WF-TASKS-EMPTY", "a workflow needs at least one task"], {
      hint: "DROP WORKFLOW drops it as a whole.",
    });
  }
  return { ...request, tasks };
}

/** WF-TASK-UNKNOWN, with the name that was probably meant. */
export function unknownTask(
  tasks: readonly { readonly name: string }[],
  name: string,
  positionOf: PositionOf = nowhere,
  path = "task",
): GatewayError {
  const names = tasks.slice(0, 1_000).map((task) => task.name);
  const meant = nearest(name, names);
  return errorAt(positionOf, path, ["WF-TASK-UNKNOWN", `task "${name}" does not exist`], {
    hint: meant === null ? undefined : `Did you mean "${meant}"?`,
  });
}
