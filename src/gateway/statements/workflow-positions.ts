// Where the parts of a workflow's statement stand, by the paths of a request. A part that has no
// place of its own is where the part around it is.

import type { AlterWorkflowChange } from "../../parser/ast/alter-workflow.ts";
import type { CreateWorkflow } from "../../parser/ast/create-workflow.ts";
import type { OptionPair } from "../../parser/ast/option.ts";
import type { TaskClause } from "../../parser/ast/workflow-clause.ts";
import { placeIn } from "../../parser/place.ts";
import type { PositionOf } from "../../workflows/workflow-request.ts";

/** Path → zero-based code points. */
type Offsets = Map<string, number>;

/** Of CREATE WORKFLOW. */
export function createPositions(statement: CreateWorkflow, text: string): PositionOf {
  const offsets: Offsets = new Map([["name", statement.name.position]]);
  const { schedule, timeZone, startAt, endAt, tasks } = statement;
  if (schedule !== null) offsets.set("schedule", schedule.position);
  if (timeZone !== null) offsets.set("timeZone", timeZone.position);
  if (startAt !== null) offsets.set("startAt", startAt.position);
  if (endAt !== null) offsets.set("endAt", endAt.at.position);
  addPairs(offsets, "variables", statement.variables);
  addPairs(offsets, "options", statement.options);
  for (const [index, task] of tasks.entries()) addTask(offsets, `tasks/${index}`, task);
  return positionOf(offsets, text);
}

/** Of ALTER WORKFLOW; the one task of ADD and MODIFY is `task`. */
export function changePositions(
  { change, name }: { readonly change: AlterWorkflowChange } & Pick<CreateWorkflow, "name">,
  text: string,
): PositionOf {
  const offsets: Offsets = new Map([["name", name.position]]);
  switch (change.kind) {
    case "rename":
      offsets.set("newName", change.newName.position);
      break;
    case "set-schedule":
      offsets.set("schedule", change.schedule.position);
      break;
    case "set-options":
      addPairs(offsets, "options", change.options);
      break;
    case "set-variables":
      addPairs(offsets, "variables", change.variables);
      break;
    case "reset-options":
      for (const { key, position } of change.keys) offsets.set(`options/${key}`, position);
      break;
    case "add-task":
    case "modify-task":
      addTask(offsets, "task", change.task);
      break;
    case "drop-task":
    case "add-downstream":
      offsets.set("task", change.task.position);
      break;
    case "enable":
    case "disable":
    case "comment":
  }
  return positionOf(offsets, text);
}

/** Of EXECUTE WORKFLOW: its time and variables. */
export function pairPositions(
  parts: {
    readonly variables: readonly OptionPair[];
    /** Other places by their path. */
    readonly more: Readonly<Record<string, number | undefined>>;
  },
  text: string,
): PositionOf {
  const offsets: Offsets = new Map();
  addPairs(offsets, "variables", parts.variables);
  for (const [path, offset] of Object.entries(parts.more)) {
    if (offset !== undefined) offsets.set(path, offset);
  }
  return positionOf(offsets, text);
}

function addPairs(offsets: Offsets, path: string, pairs: readonly OptionPair[]): void {
  for (const { key, position } of pairs) offsets.set(`${path}/${key}`, position);
}

function addTask(offsets: Offsets, path: string, task: TaskClause): void {
  offsets.set(path, task.position);
  const { action } = task;
  const isRefresh = action.kind === "refresh";
  offsets.set(`${path}/action`, isRefresh ? action.table.position : action.position);
  for (const pair of (isRefresh ? action.partition : null) ?? []) {
    offsets.set(`${path}/partition/${pair.key}`, pair.position);
  }
  for (const [index, { position }] of task.after.entries()) {
    offsets.set(`${path}/after/${index}`, position);
  }
  addPairs(offsets, `${path}/variables`, task.variables);
  addPairs(offsets, `${path}/options`, task.options);
}

function positionOf(offsets: ReadonlyMap<string, number>, text: string): PositionOf {
  return (path) => {
    const offset = nearestOffset(offsets, path);
    if (offset === null) return null;
    const { line, column } = placeIn(text, offset);
    return { line, column, offset };
  };
}

function nearestOffset(offsets: ReadonlyMap<string, number>, path: string): number | null {
  for (let at = path; at !== ""; at = at.slice(0, Math.max(0, at.lastIndexOf("/")))) {
    const offset = offsets.get(at);
    if (offset !== undefined) return offset;
  }
  return null;
}
