// Variables of a request: their names, kinds and circles, and every reference to one, in texts,
// conditions, partition values and other variables. Pure.

import { GatewayError } from "../common/gateway-error.ts";
import { referenceStart } from "../scheduler/variables/references.ts";
import {
  checkOverrideNames,
  checkReferences,
  checkVariables,
  type VariableProblem,
} from "../scheduler/variables/resolve-variables.ts";
import type { WorkflowDefinition } from "../scheduler/scheduler.ts";
import { movedTo } from "./places.ts";
import type { PositionOf, TaskRequest, Texts } from "./workflow-request.ts";

/** Those of the workflow alone. Throws WF-VARIABLE. */
export function checkWorkflowVariables(variables: Texts, positionOf: PositionOf): void {
  const problem = checkVariables({ workflow: variables });
  if (problem !== null) throw placed(problem, positionOf, "variables");
}

/**
 * A task's own variables, and all that its texts refer to. What a value of the workflow refers to
 * may be another one's in the task. Throws WF-VARIABLE.
 */
export function checkTaskVariables(
  workflow: Texts,
  task: TaskRequest,
  { positionOf, path }: { readonly positionOf: PositionOf; readonly path: string },
): void {
  const layers = { workflow, task: task.variables };
  const own = Object.keys(task.variables).length > 0 ? checkVariables(layers) : null;
  if (own !== null) throw placed(own, positionOf, `${path}/variables`);
  const check = (text: string, kind: "sql" | "value", place: string) => {
    if (!text.includes(referenceStart)) return;
    const error = checkReferences(text, kind, layers);
    if (error !== null) throw movedTo(error, positionOf, place);
  };
  const { action } = task;
  if (action.kind === "execute") check(action.text, "sql", `${path}/action`);
  else {
    for (const [key, value] of Object.entries(action.partition ?? {})) {
      if (value !== null) check(value, "value", `${path}/partition/${key}`);
    }
  }
  const condition = task.options["condition"];
  if (condition !== undefined) check(condition, "sql", `${path}/options/condition`);
}

/** Those of one run, over those of the workflow and its tasks. Throws WF-VARIABLE. */
export function checkOverrides(
  overrides: Texts,
  { variables, tasks }: Pick<WorkflowDefinition, "variables" | "tasks">,
  positionOf: PositionOf,
): void {
  const owners = tasks.map((task) => task.variables).filter((one) => Object.keys(one).length > 0);
  const problem =
    checkOverrideNames(overrides, [variables, ...owners]) ??
    [{}, ...owners].reduce<VariableProblem | null>(
      (found, task) => found ?? checkVariables({ workflow: variables, task, overrides }),
      null,
    );
  if (problem !== null) throw placed(problem, positionOf, "variables");
}

/** `path`: of the layer that was just written; what is wrong elsewhere is so because of it. */
function placed(
  { layer, variable, error }: VariableProblem,
  positionOf: PositionOf,
  path: string,
): GatewayError {
  const own = path.endsWith("/variables") ? "task" : "workflow";
  const isOwn = layer === own || layer === "overrides";
  return movedTo(error, positionOf, isOwn ? `${path}/${variable}` : path);
}
