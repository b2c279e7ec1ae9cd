// Statements about workflows, their instances, queues and backfills.

import { present, unreachable } from "../../common/assert.ts";
import { type AlterBackfill, backfillActions } from "../ast/alter-backfill.ts";
import type { AlterQueue } from "../ast/alter-queue.ts";
import type { AlterWorkflow, AlterWorkflowChange } from "../ast/alter-workflow.ts";
import type { AlterWorkflowInstance, InstanceChange } from "../ast/alter-workflow-instance.ts";
import type { BackfillWorkflow } from "../ast/backfill-workflow.ts";
import type { CreateQueue } from "../ast/create-queue.ts";
import type { CreateWorkflow } from "../ast/create-workflow.ts";
import type { DropQueue } from "../ast/drop-queue.ts";
import type { ExecuteWorkflow } from "../ast/execute-workflow.ts";
import type { OptionPair } from "../ast/option.ts";
import type {
  BoundClause,
  PlacedText,
  ScheduleClause,
  TaskClause,
} from "../ast/workflow-clause.ts";
import { placedError } from "../syntax-error.ts";
import {
  buildComment,
  buildKeys,
  buildOptions,
  buildPartition,
  buildTimestamp,
  buildUnit,
  nameOf,
} from "./parts.ts";
import { buildColumnNames } from "./schema.ts";
import type { Tree } from "./tree.ts";

export function buildCreateWorkflow(tree: Tree): CreateWorkflow {
  const ifNotExists = tree.has("ifNotExists");
  if (ifNotExists && tree.has("ALTER")) {
    throw placedError(tree.source, {
      code: "GW-SYNTAX",
      message: "OR ALTER and IF NOT EXISTS exclude each other",
      offset: tree.sub("ifNotExists").span.start,
    });
  }
  const schedule = tree.maybe("schedule");
  const timeZone = tree.maybe("timeZone");
  return {
    kind: "create-workflow",
    name: nameOf(tree),
    orAlter: tree.has("ALTER"),
    ifNotExists,
    comment: buildComment(tree),
    schedule: schedule === null ? null : buildSchedule(schedule),
    timeZone: timeZone === null ? null : placedText(timeZone),
    startAt: buildBound(tree.maybe("startAt")),
    endAt: buildBound(tree.maybe("endAt")),
    variables: buildVariables(tree),
    options: buildOptions(tree.maybe("withOptions")),
    tasks: tree.subs("task").map(buildTask),
  };
}

export function buildAlterWorkflow(tree: Tree): AlterWorkflow {
  return { kind: "alter-workflow", name: nameOf(tree), change: buildWorkflowChange(tree) };
}

function buildWorkflowChange(tree: Tree): AlterWorkflowChange {
  const verb = tree.which("ENABLE", "DISABLE", "RENAME", "SET", "RESET", "ADD", "MODIFY", "DROP");
  switch (verb) {
    case "ENABLE":
      return { kind: "enable" };
    case "DISABLE":
      return { kind: "disable" };
    case "RENAME":
      return { kind: "rename", newName: tree.identifier() };
    case null:
      return { kind: "comment", comment: tree.sub("commentClause").string() };
    case "SET":
      return buildSet(tree);
    case "RESET":
      return { kind: "reset-options", keys: buildKeys(tree) };
    case "ADD":
      return tree.has("DOWNSTREAM")
        ? { kind: "add-downstream", task: tree.identifier() }
        : { kind: "add-task", task: buildTask(tree.sub("task")) };
    case "MODIFY":
      return { kind: "modify-task", task: buildTask(tree.sub("task")) };
    case "DROP":
      return { kind: "drop-task", task: tree.identifier() };
    default:
      return unreachable(verb);
  }
}

function buildSet(tree: Tree): AlterWorkflowChange {
  const schedule = tree.maybe("schedule");
  if (schedule !== null) return { kind: "set-schedule", schedule: buildSchedule(schedule) };
  if (tree.has("variables")) return { kind: "set-variables", variables: buildVariables(tree) };
  return { kind: "set-options", options: buildOptions(tree) };
}

function buildSchedule(tree: Tree): ScheduleClause {
  if (tree.has("CRON")) {
    const { text, position } = placedText(tree);
    return { kind: "cron", expression: text, position };
  }
  const period = tree.maybe("period");
  if (period === null) return { kind: "manual", position: tree.position(tree.token("MANUAL")) };
  const unit = buildUnit(period.sub("intervalUnit"));
  return { kind: "every", amount: period.string(), unit, position: period.startPosition };
}

function placedText(tree: Tree): PlacedText {
  return present(tree.strings()[0], "a clause with a string");
}

function buildBound(tree: Tree | null): BoundClause | null {
  if (tree === null) return null;
  return { at: buildTimestamp(tree.sub("zonelessTimestamp")), position: tree.startPosition };
}

function buildVariables(holder: Tree): readonly OptionPair[] {
  return buildOptions(holder.maybe("variables"));
}

function buildTask(tree: Tree): TaskClause {
  const { name, position } = tree.identifier();
  return {
    name,
    action: buildAction(tree),
    comment: buildComment(tree),
    after: buildColumnNames(tree.maybe("afterTasks")),
    variables: buildVariables(tree),
    options: buildOptions(tree.maybe("withOptions")),
    position,
  };
}

function buildAction(tree: Tree): TaskClause["action"] {
  const execute = tree.maybe("executeTask");
  if (execute !== null) return { kind: "execute", ...placedText(execute) };
  const refresh = tree.sub("refreshTask");
  return {
    kind: "refresh",
    table: nameOf(refresh),
    partition: buildPartition(refresh),
    position: refresh.startPosition,
  };
}

export function buildAlterWorkflowInstance(tree: Tree): AlterWorkflowInstance {
  const kind = "alter-workflow-instance";
  return { kind, instance: tree.string(), change: buildInstanceChange(tree) };
}

function buildInstanceChange(tree: Tree): InstanceChange {
  if (tree.has("CANCEL")) return { kind: "cancel" };
  if (tree.has("MARK")) return { kind: "mark-successful", task: tree.identifier() };
  if (tree.has("SKIP")) return { kind: "skip", task: tree.identifier() };
  if (tree.has("FAILED")) return { kind: "rerun-failed" };
  if (!tree.has("TASK")) return { kind: "rerun" };
  return { kind: "rerun-task", task: tree.identifier(), downstream: tree.has("DOWNSTREAM") };
}

export function buildExecuteWorkflow(tree: Tree): ExecuteWorkflow {
  const at = tree.maybe("zonelessTimestamp");
  return {
    kind: "execute-workflow",
    name: nameOf(tree),
    at: at === null ? null : buildTimestamp(at),
    variables: buildVariables(tree),
  };
}

export function buildBackfillWorkflow(tree: Tree): BackfillWorkflow {
  const [from, to] = tree.subs("zonelessTimestamp").map(buildTimestamp);
  return {
    kind: "backfill-workflow",
    name: nameOf(tree),
    from: present(from, "BACKFILL has FROM"),
    to: present(to, "BACKFILL has TO"),
    variables: buildVariables(tree),
    options: buildOptions(tree.maybe("withOptions")),
  };
}

export function buildAlterBackfill(tree: Tree): AlterBackfill {
  const action = backfillActions.find((words) => words.split(" ").every((word) => tree.has(word)));
  return {
    kind: "alter-backfill",
    backfill: tree.string(),
    action: present(action, "an action is one of the list"),
  };
}

export function buildQueue(
  rule: "createQueue" | "alterQueue" | "dropQueue",
  tree: Tree,
): CreateQueue | AlterQueue | DropQueue {
  const queue = tree.identifier();
  switch (rule) {
    case "createQueue":
      return {
        kind: "create-queue",
        queue,
        ifNotExists: tree.has("ifNotExists"),
        options: buildOptions(tree.maybe("withOptions")),
      };
    case "alterQueue":
      return { kind: "alter-queue", queue, options: buildOptions(tree) };
    case "dropQueue":
      return { kind: "drop-queue", queue, ifExists: tree.has("ifExists") };
    default:
      return unreachable(rule);
  }
}
