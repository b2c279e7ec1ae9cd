// A stored request as the statement that makes it: the other direction of workflow-request-of.ts.
// Names are qualified by their database, so the text means the same in every session.

import { unreachable } from "../../common/assert.ts";
import type { ObjectIdentifier } from "../../catalog/object-identifier.ts";
import type { CreateWorkflow } from "../../parser/ast/create-workflow.ts";
import { intervalUnits } from "../../parser/ast/literal.ts";
import type { QualifiedName } from "../../parser/ast/name.ts";
import type { OptionPair } from "../../parser/ast/option.ts";
import type { BoundClause, ScheduleClause, TaskClause } from "../../parser/ast/workflow-clause.ts";
import type {
  ScheduleRequest,
  TaskRequest,
  Texts,
  WorkflowRequest,
} from "../../workflows/workflow-request.ts";

/** Nothing of a request stands in a text. */
const position = 0;

/** The statement, to be printed. */
export function createStatementOf(request: WorkflowRequest): CreateWorkflow {
  return {
    kind: "create-workflow",
    name: nameOf(request.identifier),
    orAlter: false,
    ifNotExists: false,
    comment: request.comment,
    schedule: scheduleOf(request.schedule),
    timeZone: { text: request.timeZone, position },
    startAt: boundOf(request.startAt),
    endAt: boundOf(request.endAt),
    variables: pairsOf(request.variables),
    options: pairsOf(request.options),
    tasks: request.tasks.map(taskOf),
  };
}

function nameOf({ database, name }: ObjectIdentifier): QualifiedName {
  return { parts: [database, name], written: [database, name], position };
}

function scheduleOf(schedule: ScheduleRequest): ScheduleClause {
  switch (schedule.kind) {
    case "manual":
      return { kind: "manual", position };
    case "cron":
      return { kind: "cron", expression: schedule.expression, position };
    case "every": {
      const unit = intervalUnits.find((known) => known === schedule.unit) ?? "SECOND";
      return { kind: "every", amount: schedule.amount, unit, position };
    }
    default:
      return unreachable(schedule);
  }
}

function boundOf(text: string | null): BoundClause | null {
  if (text === null) return null;
  return { at: { text, withLocalTimeZone: false, position }, position };
}

function pairsOf(texts: Texts): readonly OptionPair[] {
  return Object.entries(texts).map(([key, value]) => ({ key, value, position }));
}

function taskOf(task: TaskRequest): TaskClause {
  return {
    name: task.name,
    action: actionOf(task.action),
    comment: task.comment,
    after: task.after.map((name) => ({ name, position })),
    variables: pairsOf(task.variables),
    options: pairsOf(task.options),
    position,
  };
}

function actionOf(action: TaskRequest["action"]): TaskClause["action"] {
  if (action.kind === "execute") return { kind: "execute", text: action.text, position };
  const pairs = Object.entries(action.partition ?? {}).map(([key, value]) => ({
    key,
    literal: { kind: value === null ? "null" : "string", value, position } as const,
    position,
  }));
  return {
    kind: "refresh",
    table: nameOf(action.table),
    partition: pairs.length === 0 ? null : pairs,
    position,
  };
}
