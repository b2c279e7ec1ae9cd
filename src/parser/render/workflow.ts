// Text of the statements about workflows, their instances, queues and backfills. A workflow has a
// line for each clause and each task; everything else is one line.

import { unreachable } from "../../common/assert.ts";
import type { AlterWorkflowChange } from "../ast/alter-workflow.ts";
import type { InstanceChange } from "../ast/alter-workflow-instance.ts";
import type { CreateWorkflow } from "../ast/create-workflow.ts";
import type { OptionPair } from "../ast/option.ts";
import type { Statement } from "../ast/statement.ts";
import type { BoundClause, ScheduleClause, TaskClause } from "../ast/workflow-clause.ts";
import {
  comment,
  keyList,
  list,
  name,
  optionList,
  partition,
  qualified,
  text,
  timestamp,
  withOptions,
  words,
} from "./parts.ts";

/** The kinds that are printed here. */
export const workflowKinds = [
  "create-workflow",
  "alter-workflow",
  "drop-workflow",
  "execute-workflow",
  "alter-workflow-instance",
  "backfill-workflow",
  "alter-backfill",
  "create-queue",
  "alter-queue",
  "drop-queue",
] as const;

export type WorkflowStatement = Extract<Statement, { kind: (typeof workflowKinds)[number] }>;

export function renderWorkflowStatement(statement: WorkflowStatement): string {
  switch (statement.kind) {
    case "create-workflow":
      return renderCreateWorkflow(statement);
    case "alter-workflow":
      return words("ALTER WORKFLOW", qualified(statement.name), workflowChange(statement.change));
    case "drop-workflow": {
      const ifExists = statement.ifExists ? "IF EXISTS" : null;
      return words("DROP WORKFLOW", ifExists, qualified(statement.name));
    }
    case "execute-workflow": {
      const at = statement.at === null ? null : `AT ${timestamp(statement.at)}`;
      const head = words("EXECUTE WORKFLOW", qualified(statement.name), at);
      return words(head, variables(statement.variables));
    }
    case "alter-workflow-instance":
      return words(
        "ALTER WORKFLOW INSTANCE",
        text(statement.instance),
        instanceChange(statement.change),
      );
    case "backfill-workflow": {
      const range = `FROM ${timestamp(statement.from)} TO ${timestamp(statement.to)}`;
      const head = words("BACKFILL WORKFLOW", qualified(statement.name), range);
      return words(head, variables(statement.variables), withOptions(statement.options));
    }
    case "alter-backfill":
      return words("ALTER BACKFILL", text(statement.backfill), statement.action);
    case "create-queue": {
      const ifNotExists = statement.ifNotExists ? "IF NOT EXISTS" : null;
      const head = words("CREATE QUEUE", ifNotExists, name(statement.queue.name));
      return words(head, withOptions(statement.options));
    }
    case "alter-queue":
      return `ALTER QUEUE ${name(statement.queue.name)} SET ${optionList(statement.options)}`;
    case "drop-queue": {
      const ifExists = statement.ifExists ? "IF EXISTS" : null;
      return words("DROP QUEUE", ifExists, name(statement.queue.name));
    }
    default:
      return unreachable(statement);
  }
}

function renderCreateWorkflow(workflow: CreateWorkflow): string {
  const head = words(
    "CREATE",
    workflow.orAlter ? "OR ALTER" : null,
    "WORKFLOW",
    workflow.ifNotExists ? "IF NOT EXISTS" : null,
    qualified(workflow.name),
  );
  const clauses = [
    comment(workflow.comment),
    workflow.schedule === null ? null : schedule(workflow.schedule),
    workflow.timeZone === null ? null : `TIME ZONE ${text(workflow.timeZone.text)}`,
    bound("START", workflow.startAt),
    bound("END", workflow.endAt),
    variables(workflow.variables),
    withOptions(workflow.options),
    `TASKS (\n${workflow.tasks.map((one) => `    ${task(one)}`).join(",\n")}\n  )`,
  ];
  return [head, ...clauses.filter((clause) => clause !== null)].join("\n  ");
}

function schedule(clause: ScheduleClause): string {
  switch (clause.kind) {
    case "cron":
      return `SCHEDULE = CRON ${text(clause.expression)}`;
    case "every":
      return `SCHEDULE = EVERY INTERVAL ${text(clause.amount)} ${clause.unit}`;
    case "manual":
      return "SCHEDULE = MANUAL";
    default:
      return unreachable(clause);
  }
}

function bound(word: "START" | "END", clause: BoundClause | null): string | null {
  return clause === null ? null : `${word} AT ${timestamp(clause.at)}`;
}

function variables(pairs: readonly OptionPair[]): string | null {
  return pairs.length === 0 ? null : `VARIABLES ${optionList(pairs)}`;
}

function task(one: TaskClause): string {
  return words(
    name(one.name),
    action(one.action),
    comment(one.comment),
    one.after.length === 0
      ? null
      : `AFTER ${list(one.after.map((upstream) => name(upstream.name)))}`,
    variables(one.variables),
    withOptions(one.options),
  );
}

function action(one: TaskClause["action"]): string {
  if (one.kind === "execute") return `EXECUTE ${text(one.text)}`;
  return words("REFRESH", qualified(one.table), partition(one.partition));
}

function workflowChange(change: AlterWorkflowChange): string {
  switch (change.kind) {
    case "enable":
      return "ENABLE";
    case "disable":
      return "DISABLE";
    case "rename":
      return `RENAME TO ${name(change.newName.name)}`;
    case "comment":
      return `COMMENT ${text(change.comment)}`;
    case "set-schedule":
      return `SET ${schedule(change.schedule)}`;
    case "set-options":
      return `SET ${optionList(change.options)}`;
    case "reset-options":
      return `RESET ${keyList(change.keys)}`;
    case "set-variables":
      return `SET VARIABLES ${optionList(change.variables)}`;
    case "add-task":
      return `ADD TASK ${task(change.task)}`;
    case "modify-task":
      return `MODIFY TASK ${task(change.task)}`;
    case "drop-task":
      return `DROP TASK ${name(change.task.name)}`;
    case "add-downstream":
      return `ADD DOWNSTREAM OF ${name(change.task.name)}`;
    default:
      return unreachable(change);
  }
}

function instanceChange(change: InstanceChange): string {
  switch (change.kind) {
    case "cancel":
      return "CANCEL";
    case "rerun":
      return "RERUN";
    case "rerun-failed":
      return "RERUN FAILED";
    case "rerun-task":
      return words(
        "RERUN TASK",
        name(change.task.name),
        change.downstream ? "WITH DOWNSTREAM" : "",
      );
    case "mark-successful":
      return `MARK TASK ${name(change.task.name)} SUCCESSFUL`;
    case "skip":
      return `SKIP TASK ${name(change.task.name)}`;
    default:
      return unreachable(change);
  }
}
