// A definition told as the request that would make it again: texts as written, tables by the names
// that they have now. Keys of options and variables are sorted, for the order in which they were
// written means nothing and is not kept. Pure.

import type { ObjectIdentifier } from "../catalog/object-identifier.ts";
import type { PartitionSpec } from "../catalog/partition.ts";
import { unreachable } from "../common/assert.ts";
import type {
  ScheduleSpec,
  TaskDefinition,
  Texts,
  WorkflowDefinition,
} from "../scheduler/scheduler.ts";
import { renderTimestamp } from "./local-timestamp.ts";
import type { KnownTables } from "./table-facts.ts";
import type {
  ActionRequest,
  ScheduleRequest,
  TaskRequest,
  WorkflowRequest,
} from "./workflow-request.ts";

/** `catalog`: name of the connected database. */
export function requestOf(
  definition: WorkflowDefinition,
  catalog: string,
  tables: Pick<KnownTables, "byId">,
): WorkflowRequest {
  const { database, name, timeZone, startAt, endAt } = definition;
  return {
    identifier: { catalog, database, name },
    comment: definition.comment ?? null,
    schedule: scheduleOf(definition.schedule),
    timeZone,
    startAt: startAt === null ? null : renderTimestamp(startAt, timeZone),
    endAt: endAt === null ? null : renderTimestamp(endAt, timeZone),
    variables: sorted(definition.variables),
    options: sorted(definition.options),
    tasks: definition.tasks.map((task) => taskOf(task, { catalog, database }, tables)),
  };
}

/** Ids of the tables that the tasks of a definition refresh. */
export function tableIdsOf({ tasks }: Pick<WorkflowDefinition, "tasks">): readonly string[] {
  const ids = tasks.map(({ action }) => action["tableId"]);
  return [...new Set(ids.filter((id) => typeof id === "string"))];
}

function scheduleOf(spec: ScheduleSpec): ScheduleRequest {
  switch (spec.kind) {
    case "manual":
      return { kind: "manual" };
    case "cron":
      return { kind: "cron", expression: spec.expression };
    case "every":
      return { kind: "every", amount: String(spec.amount), unit: spec.unit };
    default:
      return unreachable(spec);
  }
}

type Home = Pick<ObjectIdentifier, "catalog" | "database">;

function taskOf(task: TaskDefinition, home: Home, tables: Pick<KnownTables, "byId">): TaskRequest {
  return {
    name: task.name,
    action: actionOf(task.action, home, tables),
    comment: task.comment ?? null,
    after: task.upstream,
    variables: sorted(task.variables),
    options: sorted(task.options),
  };
}

function actionOf(
  action: TaskDefinition["action"],
  home: Home,
  tables: Pick<KnownTables, "byId">,
): ActionRequest {
  if (action["type"] === "execute-sql") return { kind: "execute", text: String(action["text"]) };
  const stored = action["identifier"] as ObjectIdentifier | undefined;
  const partition = (action["partition"] ?? null) as PartitionSpec | null;
  const known = tables.byId(String(action["tableId"]))?.identifier;
  return { kind: "refresh", table: known ?? stored ?? { ...home, name: "" }, partition };
}

/** The same texts, by the code units of their keys. */
export function sorted(texts: Texts | undefined): Texts {
  const entries = Object.entries(texts ?? {});
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** True if two requests make the same workflow: the order of keys and of AFTER means nothing. */
export function isSameRequest(a: WorkflowRequest, b: WorkflowRequest): boolean {
  return canonicalText(a) === canonicalText(b);
}

function canonicalText(request: WorkflowRequest): string {
  const { schedule } = request;
  return JSON.stringify({
    identifier: identity(request.identifier),
    comment: request.comment,
    schedule:
      schedule.kind === "cron"
        ? { kind: "cron", expression: schedule.expression.trim().replaceAll(/\s+/g, " ") }
        : schedule.kind === "every"
          ? { kind: "every", amount: Number(schedule.amount), unit: schedule.unit.toUpperCase() }
          : { kind: "manual" },
    timeZone: request.timeZone,
    bounds: [request.startAt, request.endAt],
    variables: sorted(request.variables),
    options: sorted(request.options),
    tasks: request.tasks.map((task) => ({
      name: task.name,
      action: canonicalAction(task.action),
      comment: task.comment,
      after: [...task.after].sort(),
      variables: sorted(task.variables),
      options: sorted(task.options),
    })),
  });
}

function canonicalAction(action: ActionRequest): unknown {
  if (action.kind === "execute") return { execute: action.text };
  const partition = Object.entries(action.partition ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { refresh: identity(action.table), partition: action.partition && partition };
}

function identity({ catalog, database, name }: ObjectIdentifier): readonly string[] {
  return [catalog, database, name];
}
