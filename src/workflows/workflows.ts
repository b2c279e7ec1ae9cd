// The service of users' workflows: everything a statement or a REST request can do to one, by name.
// It resolves and checks, then leaves rows in one transaction; the scheduler does the rest. Throws
// GatewayError for whatever the user can put right; a refused request changes nothing.

import type { ObjectIdentifier } from "../catalog/object-identifier.ts";
import type { InstanceId, WorkflowId } from "../common/ids.ts";
import { type DownstreamTable, downstreamOf } from "./downstream.ts";
import { executeWorkflow, type RunRequest } from "./execute-workflow.ts";
import { previewTask, type TaskPreview } from "./preview-task.ts";
import { loadRequest } from "./load-request.ts";
import { alterWorkflow, createWorkflow } from "./save-workflow.ts";
import { disableWorkflow, dropWorkflow, enableWorkflow } from "./switch-workflow.ts";
import type { PositionOf, WorkflowChange, WorkflowRequest } from "./workflow-request.ts";
import type { WorkflowServices } from "./workflow-services.ts";

export interface WorkflowSaved {
  readonly workflowId: WorkflowId;
  /** False if it existed (IF NOT EXISTS) or nothing differs (OR ALTER). */
  readonly changed: boolean;
  readonly version: number;
  /** Sentences for the user. */
  readonly warnings: readonly string[];
}

export interface StoredRequest {
  readonly workflowId: WorkflowId;
  readonly version: number;
  readonly enabled: boolean;
  /** As it could be sent again to make the same workflow. */
  readonly request: WorkflowRequest;
}

export interface Workflows {
  /** Version 1, disabled. Throws WF-EXISTS, WF-TABLE-OWNED, WF-… by what is wrong. */
  create(
    request: WorkflowRequest,
    how: { readonly orAlter: boolean; readonly ifNotExists: boolean },
    positionOf: PositionOf,
  ): Promise<WorkflowSaved>;
  /** Throws WF-ENABLED for an enabled workflow, WF-NOTFOUND, WF-TABLE-OWNED. */
  alter(
    identifier: ObjectIdentifier,
    change: WorkflowChange,
    positionOf: PositionOf,
  ): Promise<WorkflowSaved>;
  enable(identifier: ObjectIdentifier): Promise<void>;
  disable(identifier: ObjectIdentifier): Promise<void>;
  /** Gives false if there was none and `ifExists` holds. */
  drop(identifier: ObjectIdentifier, how: { readonly ifExists: boolean }): Promise<boolean>;
  /** `at`: `yyyy-MM-dd HH:mm:ss[.fff]` in the workflow's zone; null: now. */
  execute(
    identifier: ObjectIdentifier,
    run: RunRequest,
    positionOf: PositionOf,
  ): Promise<{ readonly instanceId: InstanceId }>;
  /** `version` null: the current one. Throws WF-NOTFOUND. */
  get(identifier: ObjectIdentifier, version: number | null): Promise<StoredRequest>;
  /** What a task would do at a scheduled time: the text, or the partitions it would refresh. */
  preview(identifier: ObjectIdentifier, task: string, at: string | null): Promise<TaskPreview>;
  /** Tables below a REFRESH task by lineage, eligible or not and why (S1-56). */
  downstream(identifier: ObjectIdentifier, task: string): Promise<readonly DownstreamTable[]>;
}

/** Binds the functions of this folder to the services they work with. */
export function createWorkflows(services: WorkflowServices): Workflows {
  return {
    create: (request, how, positionOf) => createWorkflow(services, request, how, positionOf),
    alter: (identifier, change, positionOf) =>
      alterWorkflow(services, identifier, change, positionOf),
    enable: (identifier) => enableWorkflow(services, identifier),
    disable: (identifier) => disableWorkflow(services, identifier),
    drop: (identifier, how) => dropWorkflow(services, identifier, how),
    execute: (identifier, run, positionOf) =>
      executeWorkflow(services, identifier, run, positionOf),
    get: (identifier, version) => loadRequest(services, identifier, version),
    preview: (identifier, task, at) => previewTask(services, identifier, task, at),
    async downstream(identifier, task) {
      const { request } = await loadRequest(services, identifier, null);
      return downstreamOf(services.database, services, request, task);
    },
  };
}
