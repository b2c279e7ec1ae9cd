// The life of refresh workflows, for programs: create, pause, resume, delete, list. Nothing is kept
// in memory: another program, a gateway and this one see the same.

import { GatewayError } from "../common/gateway-error.ts";
import type { EmbeddedWorkflowScheduler } from "./embedded-workflow-scheduler.ts";
import { asOurs, type ProgramServices } from "./program-services.ts";
import { readWorkflows, type WorkflowInfo } from "./workflow-info.ts";

export interface WorkflowDefinition {
  /** Names the workflow; unique in the database of its table. */
  readonly id: string;
  /** In words. */
  readonly name: string;
  readonly tableIdentifier: string;
  /** Needed if it is periodic. */
  readonly cronExpression?: string;
  readonly periodic: boolean;
  readonly timeZone?: string;
  readonly staticPartitions?: Readonly<Record<string, string>>;
  readonly refreshConfig?: Readonly<Record<string, string>>;
  readonly executionConfig?: Readonly<Record<string, string>>;
}

/** All methods reject with SluiceError. */
export class WorkflowLifecycleManager {
  readonly #services: ProgramServices;
  readonly #scheduler: EmbeddedWorkflowScheduler;

  constructor(services: ProgramServices, scheduler: EmbeddedWorkflowScheduler) {
    this.#services = services;
    this.#scheduler = scheduler;
  }

  /** Its schedule runs at once; a one-time workflow runs at once. Rejects with WF-EXISTS. */
  async createWorkflow(definition: WorkflowDefinition): Promise<WorkflowInfo> {
    const { id, name, periodic, ...rest } = definition;
    const create = { ...rest, workflowId: id, workflowName: name, isPeriodic: periodic };
    await this.#scheduler.createRefreshWorkflow(create);
    return this.getWorkflow(id);
  }

  /** Idempotent. Rejects with WF-NOTFOUND. */
  async pauseWorkflow(workflowId: string): Promise<WorkflowInfo> {
    await this.#scheduler.modifyRefreshWorkflow({ workflowId, action: "PAUSE" });
    return this.getWorkflow(workflowId);
  }

  /** Idempotent. Rejects with WF-NOTFOUND. */
  async resumeWorkflow(workflowId: string): Promise<WorkflowInfo> {
    await this.#scheduler.modifyRefreshWorkflow({ workflowId, action: "RESUME" });
    return this.getWorkflow(workflowId);
  }

  /** Succeeds for a workflow that does not exist. What runs is canceled; history stays. */
  async deleteWorkflow(workflowId: string): Promise<void> {
    await this.#scheduler.deleteRefreshWorkflow({ workflowId });
  }

  /** Rejects with WF-NOTFOUND. */
  async getWorkflow(workflowId: string): Promise<WorkflowInfo> {
    const [info] = await asOurs(() => readWorkflows(this.#services.database, workflowId));
    if (info !== undefined) return info;
    throw new GatewayError("WF-NOTFOUND", `workflow "${workflowId}" does not exist`);
  }

  /** Those that have runs before them or under way. */
  async listActiveWorkflows(): Promise<readonly WorkflowInfo[]> {
    return (await this.listWorkflows()).filter((info) => info.status === "ACTIVE");
  }

  async listWorkflows(): Promise<readonly WorkflowInfo[]> {
    return asOurs(() => readWorkflows(this.#services.database, null));
  }
}
