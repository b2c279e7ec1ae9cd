// Flink's embedded scheduler over the real one: how the names and requests of its clients become
// user workflows, and which of them mean the pipeline of a table that Sluice keeps itself.

import type { ObjectIdentifier } from "../../catalog/object-identifier.ts";
import { GatewayError } from "../../common/gateway-error.ts";
import type { WorkflowId } from "../../common/ids.ts";
import type { Tx } from "../../common/pg.ts";
import { milliseconds } from "../../common/time.ts";
import type { WorkflowDefinition } from "../../scheduler/scheduler.ts";
import {
  type CreatePeriodicRefresh,
  type OwnPipeline,
  WorkflowScheduler,
} from "../../scheduler/workflow-scheduler.ts";
import type { StatementServices } from "./executor.ts";
import { parseIdentifier } from "./parse-identifier.ts";

/**
 * User workflows of these endpoints live in one schema: their names hold the table's whole name.
 */
const database = "public";

export interface EmbeddedSchedulerServices extends StatementServices {
  /** A user workflow by database and name, locked; null if there is none. */
  readonly findWorkflow: (
    tx: Tx,
    database: string,
    name: string,
  ) => Promise<{ readonly id: WorkflowId; readonly definition: WorkflowDefinition } | null>;
}

/** Binds the services; the result serves the routes `/workflow/embedded-scheduler/*`. */
export function makeEmbeddedScheduler(services: EmbeddedSchedulerServices): WorkflowScheduler {
  const identify = (text: string) => identifierOf(text, services.catalog.catalogName);
  return new WorkflowScheduler({
    scheduler: services.scheduler,
    transaction: (body) => services.database.transaction(body),
    findWorkflow: (tx, name) => services.findWorkflow(tx, database, name),
    definitionOf: (request, name) =>
      definitionOf(request, name, identify(request.materializedTableIdentifier ?? "null")),
    withOptions: (definition, dynamicOptions) => ({
      ...definition,
      tasks: definition.tasks.map((task) => ({
        ...task,
        action: { ...task.action, dynamicOptions: Object.fromEntries(dynamicOptions) },
      })),
    }),
    ownPipeline: (text) => ownPipeline(services, identify(text)),
  });
}

/** What is no name is kept as one that nothing has: Flink does not look at it here either. */
function identifierOf(text: string, catalog: string): ObjectIdentifier {
  try {
    const [name = "", schema = database, of = catalog] = parseIdentifier(text).parts.toReversed();
    return { catalog: of, database: schema, name };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { catalog, database, name: text };
  }
}

function definitionOf(
  request: CreatePeriodicRefresh,
  name: string,
  identifier: ObjectIdentifier,
): WorkflowDefinition {
  const zone = "table.local-time-zone";
  return {
    kind: "user",
    database,
    name,
    comment: null,
    schedule: { kind: "cron", expression: request.cronExpression ?? "" },
    timeZone: request.executionConfig.get(zone) ?? request.initConfig.get(zone) ?? "UTC",
    startAt: null,
    endAt: null,
    overlap: "queue",
    catchup: "last",
    variables: {},
    options: {},
    tasks: [
      {
        name: "refresh",
        comment: null,
        upstream: [],
        action: { type: "refresh-by-name", identifier, dynamicOptions: {} },
        variables: {},
        options: {},
        condition: null,
        queue: "default-queue",
        retry: { retries: 0, delay: milliseconds(0), backoff: 1 },
        timeout: null,
      },
    ],
  };
}

async function ownPipeline(
  { catalog, database: on, tables }: StatementServices,
  identifier: ObjectIdentifier,
): Promise<OwnPipeline | null> {
  const table = await catalog.find(on, identifier);
  if (table === null) return null;
  return {
    async suspend() {
      if (table.status !== "SUSPENDED") await tables.suspend(identifier, {});
    },
    async resume(dynamicOptions) {
      const options = Object.fromEntries(dynamicOptions);
      if (table.status === "SUSPENDED") await tables.resume(identifier, options);
      else if (dynamicOptions.size > 0) await tables.setOptions(identifier, options);
    },
  };
}
