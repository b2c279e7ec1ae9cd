// Statements about workflows as the service of workflows takes them, and where each part of such a
// request stands in the user's text.

import { unreachable } from "../../common/assert.ts";
import type { AlterWorkflowChange } from "../../parser/ast/alter-workflow.ts";
import type { CreateWorkflow } from "../../parser/ast/create-workflow.ts";
import { optionRecord } from "../../parser/ast/option.ts";
import type { ScheduleClause, TaskClause } from "../../parser/ast/workflow-clause.ts";
import type {
  ScheduleRequest,
  TaskRequest,
  WorkflowChange,
  WorkflowRequest,
} from "../../workflows/workflow-request.ts";
import type { Session } from "../session/session.ts";
import { resolveObject } from "./resolve-name.ts";
import type { StatementContext } from "./statement-context.ts";
import { partitionOf } from "./table-literals.ts";

/** The zone is the session's where the statement has none. */
export function workflowRequestOf(
  statement: CreateWorkflow,
  context: StatementContext,
): WorkflowRequest {
  const { session } = context;
  return {
    identifier: resolveObject(statement.name, session),
    comment: statement.comment,
    schedule: statement.schedule === null ? { kind: "manual" } : scheduleOf(statement.schedule),
    timeZone: statement.timeZone?.text ?? context.property("table.local-time-zone") ?? "UTC",
    startAt: statement.startAt?.at.text ?? null,
    endAt: statement.endAt?.at.text ?? null,
    variables: optionRecord(statement.variables),
    options: optionRecord(statement.options),
    tasks: statement.tasks.map((task) => taskOf(task, session)),
  };
}

/** The change of ALTER WORKFLOW, other than ENABLE and DISABLE. */
export function workflowChangeOf(
  change: Exclude<AlterWorkflowChange, { kind: "enable" | "disable" }>,
  session: Session,
): WorkflowChange {
  switch (change.kind) {
    case "rename":
      return { kind: "rename", name: change.newName.name };
    case "comment":
      return { kind: "comment", comment: change.comment === "" ? null : change.comment };
    case "set-schedule":
      return { kind: "set-schedule", schedule: scheduleOf(change.schedule) };
    case "set-options":
      return { kind: "set-options", options: optionRecord(change.options) };
    case "reset-options":
      return { kind: "reset-options", keys: change.keys.map(({ key }) => key) };
    case "set-variables":
      return { kind: "set-variables", variables: optionRecord(change.variables) };
    case "add-task":
    case "modify-task":
      return { kind: change.kind, task: taskOf(change.task, session) };
    case "drop-task":
    case "add-downstream":
      return { kind: change.kind, task: change.task.name };
    default:
      return unreachable(change);
  }
}

function scheduleOf(clause: ScheduleClause): ScheduleRequest {
  switch (clause.kind) {
    case "cron":
      return { kind: "cron", expression: clause.expression };
    case "every":
      return { kind: "every", amount: clause.amount, unit: clause.unit };
    case "manual":
      return { kind: "manual" };
    default:
      return unreachable(clause);
  }
}

function taskOf(task: TaskClause, session: Session): TaskRequest {
  const { action } = task;
  return {
    name: task.name,
    action:
      action.kind === "execute"
        ? { kind: "execute", text: action.text }
        : {
            kind: "refresh",
            table: resolveObject(action.table, session),
            partition: partitionOf(action.partition),
          },
    comment: task.comment,
    after: task.after.map(({ name }) => name),
    variables: optionRecord(task.variables),
    options: optionRecord(task.options),
  };
}
