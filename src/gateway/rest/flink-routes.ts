// Every route of Flink's protocol.

import type { FlinkRoute } from "./flink-route.ts";
import { cancelOperation } from "./flink/cancel-operation.ts";
import { closeOperation } from "./flink/close-operation.ts";
import { closeSession } from "./flink/close-session.ts";
import { completeStatement } from "./flink/complete-statement.ts";
import { configureSession } from "./flink/configure-session.ts";
import { createWorkflow } from "./flink/create-workflow.ts";
import { deleteWorkflow } from "./flink/delete-workflow.ts";
import { deployScript } from "./flink/deploy-script.ts";
import { executeStatement } from "./flink/execute-statement.ts";
import { fetchResults } from "./flink/fetch-results.ts";
import { getApiVersions } from "./flink/get-api-versions.ts";
import { getInfo } from "./flink/get-info.ts";
import { getOperationStatus } from "./flink/get-operation-status.ts";
import { getSession } from "./flink/get-session.ts";
import { heartbeat } from "./flink/heartbeat.ts";
import { openSession } from "./flink/open-session.ts";
import { refreshTable } from "./flink/refresh-table.ts";
import { resumeWorkflow } from "./flink/resume-workflow.ts";
import { suspendWorkflow } from "./flink/suspend-workflow.ts";

export const flinkRoutes: readonly FlinkRoute[] = [
  getInfo,
  getApiVersions,
  openSession,
  getSession,
  closeSession,
  heartbeat,
  configureSession,
  executeStatement,
  getOperationStatus,
  cancelOperation,
  closeOperation,
  fetchResults,
  completeStatement,
  refreshTable,
  createWorkflow,
  suspendWorkflow,
  resumeWorkflow,
  deleteWorkflow,
  deployScript,
];
