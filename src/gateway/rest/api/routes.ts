// The routes of /api/v1, one file each.

import { addAlterQueue } from "./alter-queue.ts";
import type { AddRoute } from "./api-services.ts";
import { addCancelBackfill } from "./cancel-backfill.ts";
import { addCancelInstance } from "./cancel-instance.ts";
import { addCreateBackfill } from "./create-backfill.ts";
import { addCreateQueue } from "./create-queue.ts";
import { addCreateWorkflow } from "./create-workflow.ts";
import { addDisableWorkflow } from "./disable-workflow.ts";
import { addDropQueue } from "./drop-queue.ts";
import { addDropWorkflow } from "./drop-workflow.ts";
import { addDryRunBackfill } from "./dry-run-backfill.ts";
import { addEnableWorkflow } from "./enable-workflow.ts";
import { addEvents } from "./events.ts";
import { addExecuteWorkflow } from "./execute-workflow.ts";
import { addGetBackfill } from "./get-backfill.ts";
import { addGetCommand } from "./get-command.ts";
import { addGetInstance } from "./get-instance.ts";
import { addGetLineage } from "./get-lineage.ts";
import { addGetNotification } from "./get-notification.ts";
import { addGetProgress } from "./get-progress.ts";
import { addGetQueue } from "./get-queue.ts";
import { addGetReport } from "./get-report.ts";
import { addGetRun } from "./get-run.ts";
import { addGetTable } from "./get-table.ts";
import { addGetTaskInstance } from "./get-task-instance.ts";
import { addGetTaskLog } from "./get-task-log.ts";
import { addGetWorkflow } from "./get-workflow.ts";
import { addGetWorkflowVersion } from "./get-workflow-version.ts";
import { addListBackfillIntervals } from "./list-backfill-intervals.ts";
import { addListBackfills } from "./list-backfills.ts";
import { addListCommands } from "./list-commands.ts";
import { addListGateways } from "./list-gateways.ts";
import { addListInstances } from "./list-instances.ts";
import { addListNotifications } from "./list-notifications.ts";
import { addListPartitions } from "./list-partitions.ts";
import { addListQueues } from "./list-queues.ts";
import { addListRuns } from "./list-runs.ts";
import { addListTablePartitions } from "./list-table-partitions.ts";
import { addListTables } from "./list-tables.ts";
import { addListTags } from "./list-tags.ts";
import { addListTaskDownstream } from "./list-task-downstream.ts";
import { addListTaskInstances } from "./list-task-instances.ts";
import { addListWorkflowVersions } from "./list-workflow-versions.ts";
import { addListWorkflows } from "./list-workflows.ts";
import { addMarkTask } from "./mark-task.ts";
import { addPauseBackfill } from "./pause-backfill.ts";
import { addPreviewTask } from "./preview-task.ts";
import { addRefreshTable } from "./refresh-table.ts";
import { addReplaceWorkflow } from "./replace-workflow.ts";
import { addRerunInstance } from "./rerun-instance.ts";
import { addResumeBackfill } from "./resume-backfill.ts";
import { addResumeTable } from "./resume-table.ts";
import { addRetryBackfill } from "./retry-backfill.ts";
import { addSkipTask } from "./skip-task.ts";
import { addSuspendTable } from "./suspend-table.ts";

/** In the order of the document. */
export const apiRoutes: readonly AddRoute[] = [
  addListTables,
  addGetTable,
  addRefreshTable,
  addSuspendTable,
  addResumeTable,
  addListTablePartitions,
  addListPartitions,
  addListRuns,
  addGetRun,
  addListWorkflows,
  addCreateWorkflow,
  addGetWorkflow,
  addReplaceWorkflow,
  addDropWorkflow,
  addEnableWorkflow,
  addDisableWorkflow,
  addExecuteWorkflow,
  addListWorkflowVersions,
  addGetWorkflowVersion,
  addPreviewTask,
  addListTaskDownstream,
  addListTags,
  addListInstances,
  addGetInstance,
  addCancelInstance,
  addRerunInstance,
  addMarkTask,
  addSkipTask,
  addListTaskInstances,
  addGetTaskInstance,
  addGetTaskLog,
  addListBackfills,
  addCreateBackfill,
  addDryRunBackfill,
  addGetBackfill,
  addListBackfillIntervals,
  addPauseBackfill,
  addResumeBackfill,
  addCancelBackfill,
  addRetryBackfill,
  addListQueues,
  addCreateQueue,
  addGetQueue,
  addAlterQueue,
  addDropQueue,
  addGetLineage,
  addListCommands,
  addGetCommand,
  addGetReport,
  addGetProgress,
  addEvents,
  addListNotifications,
  addGetNotification,
  addListGateways,
];
