// What the REST routes of materialized tables and of Flink's embedded scheduler call. Given by
// main.ts.

import type { StatementContext, StatementResult } from "../statements/statement-context.ts";

/** POST materialized-tables/:identifier/refresh, checked for its form only. */
export interface RefreshTableRequest {
  /**
   * As it stood in the path, decoded: `` `catalog`.`database`.`table` `` or unquoted or
   * unqualified.
   */
  readonly identifier: string;
  readonly isPeriodic: boolean;
  /** `yyyy-MM-dd HH:mm:ss` if well formed; null if absent. */
  readonly scheduleTime: string | null;
  readonly dynamicOptions: ReadonlyMap<string, string>;
  readonly staticPartitions: ReadonlyMap<string, string>;
}

/**
 * Executes a refresh as an operation: columns `job id` and `cluster info`. Rejects with
 * GatewayError.
 */
export type RefreshTable = (
  request: RefreshTableRequest,
  context: StatementContext,
) => Promise<StatementResult>;

/** Names a workflow as Flink's clients do. */
export interface WorkflowName {
  readonly workflowName: string | null;
  readonly workflowGroup: string | null;
}

export interface CreateWorkflowRequest {
  readonly materializedTableIdentifier: string | null;
  readonly cronExpression: string | null;
  readonly initConfig: ReadonlyMap<string, string>;
  readonly executionConfig: ReadonlyMap<string, string>;
  readonly restEndpointUrl: string | null;
}

/**
 * Flink's embedded scheduler. Errors are GatewayErrors; `flink.text` is the message that the
 * protocol shows (spec §1.7).
 */
export interface EmbeddedScheduler {
  create(request: CreateWorkflowRequest): Promise<{ workflowName: string; workflowGroup: string }>;
  /** Idempotent for a workflow that exists. */
  suspend(name: WorkflowName): Promise<void>;
  /** Non-empty `dynamicOptions` replace those of the workflow. Idempotent. */
  resume(name: WorkflowName, dynamicOptions: ReadonlyMap<string, string>): Promise<void>;
  /** Succeeds for an unknown workflow. */
  remove(name: WorkflowName): Promise<void>;
}
