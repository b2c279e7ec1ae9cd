// The package's entry for programs: `import { openSluice } from "sluice"`. What is exported here is
// kept stable; everything else in the package is not.

export { GatewayError as SluiceError } from "../common/gateway-error.ts";
export type { ErrorCode } from "../common/error-codes.ts";
export type { Log } from "../common/log.ts";
export { EmbeddedWorkflowScheduler } from "./embedded-workflow-scheduler.ts";
export {
  MaterializedTableManager,
  type OperationHandle,
  type RefreshOptions,
} from "./materialized-table-manager.ts";
export { type EmbeddedSluice, type OpenOptions, openSluice } from "./open-sluice.ts";
export { EmbeddedRefreshHandler } from "./refresh-handler.ts";
export {
  type MaterializedTableRefreshStatus,
  type RefreshStatus,
  refreshStatuses,
} from "./refresh-status.ts";
export {
  EmbeddedWorkflowSchedulerFactory,
  type SchedulerFactoryContext,
  type WorkflowSchedulerFactory,
} from "./scheduler-factories.ts";
export {
  type WorkflowInfo,
  type WorkflowStatus,
  workflowStatuses,
  withStatus,
} from "./workflow-info.ts";
export { type WorkflowDefinition, WorkflowLifecycleManager } from "./workflow-lifecycle-manager.ts";
export { type MonitorOptions, type StatusReport, WorkflowMonitor } from "./workflow-monitor.ts";
export type {
  CreateRefreshWorkflow,
  DeleteRefreshWorkflow,
  ModifyRefreshWorkflow,
  RefreshHandler,
  RefreshHandlerSerializer,
  WorkflowAction,
  WorkflowReference,
  WorkflowScheduler,
} from "./workflow-scheduler.ts";
