// A workflow as JSON (workflows.md §8, 51), and what it is to the service: the same request that
// CREATE WORKFLOW makes.

import { z } from "@hono/zod-openapi";
import { unreachable } from "../../../common/assert.ts";
import type {
  ActionRequest,
  ScheduleRequest,
  TaskRequest,
  WorkflowRequest,
} from "../../../workflows/workflow-request.ts";
import { GatewayError } from "../../../common/gateway-error.ts";

const texts = z.record(z.string(), z.string());

const tableName = z
  .union([z.string(), z.strictObject({ database: z.string().optional(), name: z.string() })])
  .openapi({
    description:
      "name or database.name, as stored; an object for names that have a dot themselves.",
  });

const everyForm = /^\s*(\d{1,15})\s+(second|minute|hour|day|week)s?\s*$/i;

const schedule = z
  .union([
    z.strictObject({ cron: z.string() }),
    z.strictObject({ every: z.string().regex(everyForm, { error: "expected e.g. 4 HOUR" }) }),
  ])
  .nullable()
  .openapi({
    description: "Null: the workflow runs only when asked to.",
    example: { every: "4 HOUR" },
  });

const task = z
  .strictObject({
    name: z.string(),
    execute: z.string().optional().openapi({ description: "A statement of SQL." }),
    refresh: tableName.optional(),
    partition: z.record(z.string(), z.string().nullable()).nullable().optional(),
    comment: z.string().nullable().default(null),
    after: z.array(z.string()).default([]),
    variables: texts.default({}),
    options: texts.default({}),
  })
  .refine((one) => (one.execute === undefined) !== (one.refresh === undefined), {
    error: "expected either execute or refresh",
  })
  .refine((one) => one.execute === undefined || !one.partition, {
    error: "partition belongs to refresh",
  })
  .openapi("WorkflowTask");

/** Members that can be changed; all but the name. */
const parts = {
  comment: z.string().nullable().default(null),
  schedule: schedule.default(null),
  timeZone: z.string().default("UTC").openapi({ example: "Europe/Berlin" }),
  startAt: z
    .string()
    .nullable()
    .default(null)
    .openapi({ description: "yyyy-MM-dd HH:mm:ss in the workflow's zone; inclusive." }),
  endAt: z
    .string()
    .nullable()
    .default(null)
    .openapi({ description: "yyyy-MM-dd HH:mm:ss in the workflow's zone; exclusive." }),
  variables: texts.default({}),
  options: texts.default({}),
  tasks: z.array(task),
};

/** The whole definition. */
export const workflowSchema = z
  .strictObject({ name: z.string(), database: z.string().default("public"), ...parts })
  .openapi("WorkflowDefinition");

/** The definition without its name, for the path has it. */
export const workflowPartsSchema = z.strictObject(parts).openapi("WorkflowChanges");

export type WorkflowJson = z.output<typeof workflowSchema>;
type TaskJson = z.output<typeof task>;

export function toWorkflowRequest(given: WorkflowJson, catalog: string): WorkflowRequest {
  const { database, name, comment, timeZone, startAt, endAt, variables, options } = given;
  return {
    identifier: { catalog, database, name },
    comment,
    schedule: toSchedule(given.schedule),
    timeZone,
    startAt,
    endAt,
    variables,
    options,
    tasks: given.tasks.map((one) => toTask(one, catalog, database)),
  };
}

function toSchedule(given: WorkflowJson["schedule"]): ScheduleRequest {
  if (given === null) return { kind: "manual" };
  if ("cron" in given) return { kind: "cron", expression: given.cron };
  const [, amount = "", unit = ""] = everyForm.exec(given.every) ?? [];
  return { kind: "every", amount, unit: unit.toUpperCase() };
}

function toTask(given: TaskJson, catalog: string, database: string): TaskRequest {
  const { name, comment, after, variables, options } = given;
  return { name, action: toAction(given, catalog, database), comment, after, variables, options };
}

function toAction(given: TaskJson, catalog: string, database: string): ActionRequest {
  if (given.execute !== undefined) return { kind: "execute", text: given.execute };
  const table = given.refresh ?? "";
  const partition = given.partition ?? null;
  if (typeof table !== "string") {
    const { database: own = database, name } = table;
    return { kind: "refresh", table: { catalog, database: own, name }, partition };
  }
  const names = table.split(".");
  if (names.length > 2) {
    throw new GatewayError("GW-NAME", `"${table}" is not the name of a table`, {
      hint: "Names with dots are written as an object of database and name.",
    });
  }
  const [first = "", second] = names;
  const identifier =
    second === undefined ? { database, name: first } : { database: first, name: second };
  return { kind: "refresh", table: { catalog, ...identifier }, partition };
}

/** What could be sent again to make the same workflow. */
export function fromWorkflowRequest(request: WorkflowRequest): z.input<typeof workflowSchema> {
  const { database, name } = request.identifier;
  const { comment, timeZone, startAt, endAt, variables, options } = request;
  return {
    name,
    database,
    comment,
    schedule: fromSchedule(request.schedule),
    timeZone,
    startAt,
    endAt,
    variables: { ...variables },
    options: { ...options },
    tasks: request.tasks.map((one) => ({
      name: one.name,
      ...fromAction(one.action),
      comment: one.comment,
      after: [...one.after],
      variables: { ...one.variables },
      options: { ...one.options },
    })),
  };
}

function fromSchedule(given: ScheduleRequest): z.input<typeof schedule> {
  switch (given.kind) {
    case "manual":
      return null;
    case "cron":
      return { cron: given.expression };
    case "every":
      return { every: `${given.amount} ${given.unit}` };
    default:
      return unreachable(given);
  }
}

function fromAction(action: ActionRequest) {
  if (action.kind === "execute") return { execute: action.text };
  const { database, name } = action.table;
  const plain = !`${database}${name}`.includes(".");
  const partition = action.partition === null ? null : { ...action.partition };
  return { refresh: plain ? `${database}.${name}` : { database, name }, partition };
}
