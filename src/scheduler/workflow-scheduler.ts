// Flink's WorkflowScheduler SPI as a facade over the real scheduler, with Flink's names,
// idempotence and sentences. A workflow made here is a one-task user workflow named
// `quartz_job_<identifier>`. The handle of a table that Sluice keeps itself names that table's own
// pipeline: suspend and resume are then those of the table, delete is refused.

import { GatewayError, type FlinkText } from "../common/gateway-error.ts";
import type { ErrorCode } from "../common/error-codes.ts";
import type { WorkflowId } from "../common/ids.ts";
import type { Tx } from "../common/pg.ts";
import { parseCron } from "./cron-expression.ts";
import type { Scheduler, WorkflowDefinition } from "./scheduler.ts";

export const workflowGroup = "default_group";
const namePrefix = "quartz_job_";

/** Where Flink keeps a refresh workflow; null: the client left it out. */
export interface RefreshHandle {
  readonly workflowName: string | null;
  readonly workflowGroup: string | null;
}

export interface CreatePeriodicRefresh {
  readonly materializedTableIdentifier: string | null;
  readonly cronExpression: string | null;
  readonly initConfig: ReadonlyMap<string, string>;
  readonly executionConfig: ReadonlyMap<string, string>;
  readonly restEndpointUrl: string | null;
}

/** The pipeline of a table of ours, whose handle somebody uses. */
export interface OwnPipeline {
  suspend(): Promise<void>;
  resume(dynamicOptions: ReadonlyMap<string, string>): Promise<void>;
}

export interface WorkflowSchedulerPorts {
  readonly scheduler: Scheduler;
  readonly transaction: <T>(body: (tx: Tx) => Promise<T>) => Promise<T>;
  /** The user workflow of that name and its definition, locked; null if there is none. */
  readonly findWorkflow: (
    tx: Tx,
    name: string,
  ) => Promise<{ readonly id: WorkflowId; readonly definition: WorkflowDefinition } | null>;
  /** What is run for a request, with `dynamicOptions` for the table; `name` is the workflow's. */
  readonly definitionOf: (request: CreatePeriodicRefresh, name: string) => WorkflowDefinition;
  /** The same workflow with other dynamic options. */
  readonly withOptions: (
    definition: WorkflowDefinition,
    dynamicOptions: ReadonlyMap<string, string>,
  ) => WorkflowDefinition;
  /** The pipeline of the table `identifier` names, if it is one that Sluice keeps. */
  readonly ownPipeline: (identifier: string) => Promise<OwnPipeline | null>;
}

export class WorkflowScheduler {
  readonly #ports: WorkflowSchedulerPorts;

  constructor(ports: WorkflowSchedulerPorts) {
    this.#ports = ports;
  }

  /** Rejects with WF-EXISTS or WF-CRON; checks nothing else, as Flink does not. */
  async create(
    request: CreatePeriodicRefresh,
  ): Promise<{ workflowName: string; workflowGroup: string }> {
    const identifier = request.materializedTableIdentifier ?? "null";
    checkQuartz(request.cronExpression);
    const name = `${namePrefix}${identifier}`;
    const taken = () =>
      failure(
        "WF-EXISTS",
        `Materialized table ${identifier} quartz schedule job already exist,` +
          ` job info: ${workflowGroup}.${name}.`,
      );
    if ((await this.#ports.ownPipeline(identifier)) !== null) throw taken();
    const { scheduler, transaction, findWorkflow, definitionOf } = this.#ports;
    await transaction(async (tx) => {
      if ((await findWorkflow(tx, name)) !== null) throw taken();
      const id = await scheduler.createWorkflow(tx, definitionOf(request, name));
      await scheduler.enable(tx, id);
    });
    return { workflowName: name, workflowGroup };
  }

  /** Rejects with WF-MISSING-SUSPEND; idempotent for a workflow that exists. */
  async suspend(handle: RefreshHandle): Promise<void> {
    const { scheduler, transaction, findWorkflow } = this.#ports;
    const own = await this.#ownPipeline(handle);
    if (own !== null) return own.suspend();
    await transaction(async (tx) => {
      const found = await findWorkflow(tx, nameOf(handle));
      if (found === null) throw missing("suspend", handle);
      await scheduler.disable(tx, found.id);
    });
  }

  /** Rejects with WF-MISSING-RESUME; non-empty options replace the workflow's. */
  async resume(handle: RefreshHandle, dynamicOptions: ReadonlyMap<string, string>): Promise<void> {
    const { scheduler, transaction, findWorkflow, withOptions } = this.#ports;
    const own = await this.#ownPipeline(handle);
    if (own !== null) return own.resume(dynamicOptions);
    await transaction(async (tx) => {
      const found = await findWorkflow(tx, nameOf(handle));
      if (found === null) throw missing("resume", handle);
      if (dynamicOptions.size > 0) {
        await scheduler.alterWorkflow(tx, found.id, withOptions(found.definition, dynamicOptions));
      }
      await scheduler.enable(tx, found.id);
    });
  }

  /** Succeeds for an unknown workflow; rejects with WF-TABLE-OWNED for a table's own. */
  async remove(handle: RefreshHandle): Promise<void> {
    const { scheduler, transaction, findWorkflow } = this.#ports;
    if ((await this.#ownPipeline(handle)) !== null) {
      throw new GatewayError(
        "WF-TABLE-OWNED",
        `workflow "${nameOf(handle)}" belongs to a materialized table`,
        { hint: "Drop or suspend the materialized table." },
      );
    }
    await transaction(async (tx) => {
      const found = await findWorkflow(tx, nameOf(handle));
      if (found !== null) await scheduler.dropWorkflow(tx, found.id);
    });
  }

  #ownPipeline(handle: RefreshHandle): Promise<OwnPipeline | null> {
    const name = nameOf(handle);
    const ours = handle.workflowGroup === workflowGroup && name.startsWith(namePrefix);
    return ours ? this.#ports.ownPipeline(name.slice(namePrefix.length)) : Promise.resolve(null);
  }
}

/** Any text but an identifier of ours is a workflow that does not exist. */
function nameOf({ workflowName, workflowGroup: group }: RefreshHandle): string {
  if (workflowName === null) {
    throw failure("WF-NOTFOUND", "Name cannot be null.", "java.lang.IllegalArgumentException");
  }
  return group === null || group === workflowGroup ? workflowName : `${group}.${workflowName}`;
}

function missing(verb: "suspend" | "resume", handle: RefreshHandle): GatewayError {
  const job = `${handle.workflowGroup ?? workflowGroup}.${handle.workflowName ?? "null"}`;
  return failure(
    verb === "suspend" ? "WF-MISSING-SUSPEND" : "WF-MISSING-RESUME",
    `Failed to ${verb} a non-existent quartz schedule job: ${job}.`,
  );
}

/** Quartz only: six or seven fields. */
function checkQuartz(expression: string | null): void {
  if (expression === null) {
    const text = "cronExpression cannot be null";
    throw failure("WF-CRON", text, "java.lang.IllegalArgumentException");
  }
  const fields = expression.split(/\s+/).filter((field) => field !== "").length;
  try {
    parseCron(expression);
  } catch (error) {
    throw invalidCron(expression, error);
  }
  if (fields < 6) throw invalidCron(expression, undefined);
}

function invalidCron(expression: string, cause: unknown): GatewayError {
  const parts = cause instanceof GatewayError ? cause : undefined;
  return new GatewayError(
    "WF-CRON",
    parts?.message ?? "Flink's schedules have six or seven fields",
    {
      hint: parts?.hint,
      flink: {
        class: "java.lang.RuntimeException",
        text: `CronExpression '${expression}' is invalid.`,
      },
      cause,
    },
  );
}

function failure(
  code: ErrorCode,
  text: string,
  javaClass = "org.apache.flink.table.gateway.workflow.scheduler.SchedulerException",
): GatewayError {
  const flink: FlinkText = { class: javaClass, text };
  const message = text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, "");
  return new GatewayError(code, message, { flink });
}
