// Sluice's scheduler behind Flink's interface. The workflow of a table is a workflow of one REFRESH
// task, as CREATE WORKFLOW would make it: visible in the views, run by whichever gateway or program
// of the database is alive. Each method is one transaction.

import { GatewayError } from "../common/gateway-error.ts";
import type { ObjectIdentifier } from "../catalog/object-identifier.ts";
import type { Queryable } from "../common/pg.ts";
import { sql } from "../common/sql.ts";
import type { TaskRequest, WorkflowRequest } from "../workflows/workflow-request.ts";
import {
  asOurs,
  identify,
  type JoinedServices,
  type ProgramServices,
  together,
} from "./program-services.ts";
import { EmbeddedRefreshHandler, embeddedRefreshHandlerSerializer } from "./refresh-handler.ts";
import type {
  CreateRefreshWorkflow,
  DeleteRefreshWorkflow,
  ModifyRefreshWorkflow,
  RefreshHandlerSerializer,
  WorkflowReference,
  WorkflowScheduler,
} from "./workflow-scheduler.ts";

const nowhere = () => null;
/** Keys of `executionConfig` that mean something to a workflow. */
const workflowOption = /^(?:retries|retry\..+|timeout|queue|overlap|catch-up|notify\..+|tag\..+)$/;
/** The condition of the task; every other `refresh.…` is the table's. */
const conditionKey = "refresh.condition";
const taskName = "refresh";

type Reference = WorkflowReference<EmbeddedRefreshHandler>;

export class EmbeddedWorkflowScheduler implements WorkflowScheduler<EmbeddedRefreshHandler> {
  readonly #services: ProgramServices;

  constructor(services: ProgramServices) {
    this.#services = services;
  }

  /** Rejects with GW-UNAVAILABLE if the database cannot be reached. */
  async open(): Promise<void> {
    await asOurs(() => this.#services.database.query(sql`SELECT 1`));
  }

  async close(): Promise<void> {
    // Connections and loops belong to openSluice; there is nothing of its own to release.
  }

  getRefreshHandlerSerializer(): RefreshHandlerSerializer<EmbeddedRefreshHandler> {
    return embeddedRefreshHandlerSerializer;
  }

  /**
   * Rejects with MT-NOTFOUND, WF-EXISTS, WF-CRON, WF-OPTION-*, MT-OPTION-…; nothing is left then.
   */
  async createRefreshWorkflow(create: CreateRefreshWorkflow): Promise<EmbeddedRefreshHandler> {
    return together(this.#services, async (services) => {
      const { catalogName } = this.#services.catalog;
      const table = identify(create.tableIdentifier, catalogName);
      const request = requestOf(create, table);
      const { identifier } = request;
      await services.workflows.create(request, { orAlter: false, ifNotExists: false }, nowhere);
      await setTableOptions(services, table, create.refreshConfig ?? {});
      if (request.schedule.kind === "manual") {
        await services.workflows.execute(identifier, { at: null, variables: {} }, nowhere);
      } else await services.workflows.enable(identifier);
      return new EmbeddedRefreshHandler({
        workflowId: identifier.name,
        database: identifier.database,
        tableIdentifier: `${table.catalog}.${table.database}.${table.name}`,
        refreshConfig: create.refreshConfig ?? {},
      });
    });
  }

  /** Rejects with WF-NOTFOUND, WF-CRON, MT-OPTION-…. */
  async modifyRefreshWorkflow(
    modify: ModifyRefreshWorkflow<EmbeddedRefreshHandler>,
  ): Promise<void> {
    await together(this.#services, async (services) => {
      const identifier = await this.#identifierOf(services.tx, modify);
      if (identifier === null) throw notFound(modify);
      const { workflows } = services;
      switch (modify.action) {
        case "PAUSE":
          return workflows.disable(identifier);
        case "RESUME": {
          if (modify.dynamicOptions !== undefined) {
            await changeConfig(services, identifier, modify.dynamicOptions);
          }
          return workflows.enable(identifier);
        }
        case "CHANGE_SCHEDULE":
          return changed(services, identifier, async () => {
            const schedule = { kind: "cron", expression: modify.cronExpression } as const;
            await workflows.alter(identifier, { kind: "set-schedule", schedule }, nowhere);
          });
      }
    });
  }

  async deleteRefreshWorkflow(
    remove: DeleteRefreshWorkflow<EmbeddedRefreshHandler>,
  ): Promise<void> {
    await together(this.#services, async ({ tx, workflows }) => {
      const identifier = await this.#identifierOf(tx, remove);
      if (identifier === null) return;
      // An enabled workflow refuses to be dropped.
      await workflows.disable(identifier);
      await workflows.drop(identifier, { ifExists: true });
    });
  }

  /** Runs the workflow now, paused or not; gives the id of the instance. */
  async execute(reference: Reference): Promise<string> {
    return together(this.#services, async ({ tx, workflows }) => {
      const identifier = await this.#identifierOf(tx, reference);
      if (identifier === null) throw notFound(reference);
      const run = { at: null, variables: {} };
      return (await workflows.execute(identifier, run, nowhere)).instanceId;
    });
  }

  /** Null: there is none. Rejects with WF-NOTFOUND for an id that more than one database has. */
  async #identifierOf(on: Queryable, reference: Reference): Promise<ObjectIdentifier | null> {
    const catalog = this.#services.catalog.catalogName;
    const [name, database] =
      "handler" in reference
        ? [reference.handler.workflowId, reference.handler.database]
        : [reference.workflowId, null];
    const rows = await on.query<{ database: string }>(sql`
      SELECT database FROM sluice.workflows
      WHERE workflow = ${name} AND kind = 'user' AND database = coalesce(${database}, database)
      ORDER BY database`);
    const [first, second] = rows;
    if (first === undefined) return null;
    if (second === undefined) return { catalog, database: first.database, name };
    throw new GatewayError("WF-NOTFOUND", `workflow "${name}" is in several databases`, {
      detail: `They are ${rows.map((row) => row.database).join(", ")}.`,
      hint: "Refer to it by its handler.",
    });
  }
}

function notFound(reference: Reference): GatewayError {
  const name = "handler" in reference ? reference.handler.workflowId : reference.workflowId;
  return new GatewayError("WF-NOTFOUND", `workflow "${name}" does not exist`);
}

function requestOf(create: CreateRefreshWorkflow, table: ObjectIdentifier): WorkflowRequest {
  const { cronExpression, executionConfig = {}, refreshConfig = {} } = create;
  const isPeriodic = create.isPeriodic ?? cronExpression !== undefined;
  if (isPeriodic && cronExpression === undefined) {
    throw new GatewayError("WF-CRON", "a periodic workflow needs a cron expression");
  }
  const name = create.workflowId ?? `refresh_${table.name}`;
  return {
    identifier: { catalog: table.catalog, database: table.database, name },
    comment: create.workflowName ?? null,
    schedule: isPeriodic ? { kind: "cron", expression: cronExpression ?? "" } : { kind: "manual" },
    timeZone: create.timeZone ?? "UTC",
    startAt: null,
    endAt: null,
    variables: {},
    options: workflowOptions(executionConfig),
    tasks: [taskOf(table, create.staticPartitions, refreshConfig)],
  };
}

function taskOf(
  table: ObjectIdentifier,
  partitions: CreateRefreshWorkflow["staticPartitions"],
  config: Readonly<Record<string, string>>,
): TaskRequest {
  const partition =
    partitions === undefined || Object.keys(partitions).length === 0 ? null : partitions;
  const condition = config[conditionKey];
  return {
    name: taskName,
    action: { kind: "refresh", table, partition },
    comment: null,
    after: [],
    variables: {},
    options: condition === undefined ? {} : { condition: asQuery(condition) },
  };
}

/** A condition may be written as the expression alone. */
function asQuery(condition: string): string {
  const isQuery = /^\s*(?:select|with|values|table)\b/i.test(condition);
  return isQuery ? condition : `SELECT ${condition}`;
}

function workflowOptions(
  config: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      workflowOption.test(key) ? key : `tag.${key}`,
      value,
    ]),
  );
}

/** Sets `refresh.…` on the table, but for the condition. */
async function setTableOptions(
  { tables }: JoinedServices,
  table: ObjectIdentifier,
  config: Readonly<Record<string, string>>,
): Promise<void> {
  const options = Object.entries(config).filter(([key]) => key !== conditionKey);
  if (options.length > 0) await tables.setOptions(table, Object.fromEntries(options));
}

/** Edits a workflow, which must be paused for that; it is enabled again if it was. */
async function changed(
  { workflows }: JoinedServices,
  identifier: ObjectIdentifier,
  edit: () => Promise<void>,
): Promise<void> {
  const { enabled } = await workflows.get(identifier, null);
  if (enabled) await workflows.disable(identifier);
  await edit();
  if (enabled) await workflows.enable(identifier);
}

/** New values of `refreshConfig`, some or all. */
async function changeConfig(
  services: JoinedServices,
  identifier: ObjectIdentifier,
  config: Readonly<Record<string, string>>,
): Promise<void> {
  const { request } = await services.workflows.get(identifier, null);
  const task = request.tasks[0];
  if (task?.action.kind !== "refresh") return;
  await setTableOptions(services, task.action.table, config);
  const condition = config[conditionKey];
  if (condition === undefined) return;
  const options = { ...task.options, condition: asQuery(condition) };
  await changed(services, identifier, async () => {
    const change = { kind: "modify-task", task: { ...task, options } } as const;
    await services.workflows.alter(identifier, change, nowhere);
  });
}
