// Every kind of statement and who executes it. The type makes a missing executor a build error:
// whoever adds a kind to the grammar is led here.

import type { Statement, StatementKind } from "../../parser/ast/statement.ts";
import { alterBackfill } from "./alter-backfill.ts";
import { alterCatalog } from "./alter-catalog.ts";
import { alterDatabase } from "./alter-database.ts";
import { alterMaterializedTableAdd } from "./alter-materialized-table-add.ts";
import { alterMaterializedTableAs } from "./alter-materialized-table-as.ts";
import { alterMaterializedTableBackfill } from "./alter-materialized-table-backfill.ts";
import { alterMaterializedTableComment } from "./alter-materialized-table-comment.ts";
import { alterMaterializedTableDistribution } from "./alter-materialized-table-distribution.ts";
import { alterMaterializedTableDrop } from "./alter-materialized-table-drop.ts";
import { alterMaterializedTableModify } from "./alter-materialized-table-modify.ts";
import { alterMaterializedTableRefresh } from "./alter-materialized-table-refresh.ts";
import { alterMaterializedTableRename } from "./alter-materialized-table-rename.ts";
import { alterMaterializedTableResetOptions } from "./alter-materialized-table-reset-options.ts";
import { alterMaterializedTableResume } from "./alter-materialized-table-resume.ts";
import { alterMaterializedTableSetFreshness } from "./alter-materialized-table-set-freshness.ts";
import { alterMaterializedTableSetOptions } from "./alter-materialized-table-set-options.ts";
// biome-ignore format: the name and the path do not fit on one line
import {
  alterMaterializedTableSetRefreshMode,
} from "./alter-materialized-table-set-refresh-mode.ts";
import { alterMaterializedTableSuspend } from "./alter-materialized-table-suspend.ts";
import { alterQueue } from "./alter-queue.ts";
import { alterWorkflow } from "./alter-workflow.ts";
import { alterWorkflowInstance } from "./alter-workflow-instance.ts";
import { backfillWorkflow } from "./backfill-workflow.ts";
import { createCatalog } from "./create-catalog.ts";
import { createDatabase } from "./create-database.ts";
import { createMaterializedTable } from "./create-materialized-table.ts";
import { createQueue } from "./create-queue.ts";
import { createWorkflow } from "./create-workflow.ts";
import { describeBackfill } from "./describe-backfill.ts";
import { describeCatalog } from "./describe-catalog.ts";
import { describeDatabase } from "./describe-database.ts";
import { describeFunction } from "./describe-function.ts";
import { describeJob } from "./describe-job.ts";
import { describeTable } from "./describe-table.ts";
import { describeWorkflow } from "./describe-workflow.ts";
import { dropCatalog } from "./drop-catalog.ts";
import { dropDatabase } from "./drop-database.ts";
import { dropMaterializedTable } from "./drop-materialized-table.ts";
import { dropQueue } from "./drop-queue.ts";
import { dropWorkflow } from "./drop-workflow.ts";
import { executeWorkflow } from "./execute-workflow.ts";
import type { Executor } from "./executor.ts";
import { explain } from "./explain.ts";
import { listSettings } from "./list-settings.ts";
import { reset } from "./reset.ts";
import { setOption } from "./set.ts";
import { showBackfills } from "./show-backfills.ts";
import { showCatalogs } from "./show-catalogs.ts";
import { showColumns } from "./show-columns.ts";
import { showCreate } from "./show-create.ts";
import { showCreateWorkflow } from "./show-create-workflow.ts";
import { showCurrentCatalog } from "./show-current-catalog.ts";
import { showCurrentDatabase } from "./show-current-database.ts";
import { showDatabases } from "./show-databases.ts";
import { showFunctions } from "./show-functions.ts";
import { showJars } from "./show-jars.ts";
import { showJobs } from "./show-jobs.ts";
import { showMaterializedTables } from "./show-materialized-tables.ts";
import { showModules } from "./show-modules.ts";
import { showPartitions } from "./show-partitions.ts";
import { showProcedures } from "./show-procedures.ts";
import { showQueues } from "./show-queues.ts";
import { showRefreshes } from "./show-refreshes.ts";
import { showTables } from "./show-tables.ts";
import { showTaskInstances } from "./show-task-instances.ts";
import { showViews } from "./show-views.ts";
import { showWorkflowInstances } from "./show-workflow-instances.ts";
import { showWorkflows } from "./show-workflows.ts";
import { stopJob } from "./stop-job.ts";
import { unsupported } from "./unsupported.ts";
import { useCatalog } from "./use-catalog.ts";
import { useDatabase } from "./use-database.ts";

/** One executor for each kind. */
export const executors: {
  readonly [Kind in StatementKind]: Executor<Extract<Statement, { readonly kind: Kind }>>;
} = {
  "alter-backfill": alterBackfill,
  "alter-catalog": alterCatalog,
  "alter-database": alterDatabase,
  "alter-materialized-table-add": alterMaterializedTableAdd,
  "alter-materialized-table-as": alterMaterializedTableAs,
  "alter-materialized-table-backfill": alterMaterializedTableBackfill,
  "alter-materialized-table-comment": alterMaterializedTableComment,
  "alter-materialized-table-distribution": alterMaterializedTableDistribution,
  "alter-materialized-table-drop": alterMaterializedTableDrop,
  "alter-materialized-table-modify": alterMaterializedTableModify,
  "alter-materialized-table-refresh": alterMaterializedTableRefresh,
  "alter-materialized-table-rename": alterMaterializedTableRename,
  "alter-materialized-table-reset-options": alterMaterializedTableResetOptions,
  "alter-materialized-table-resume": alterMaterializedTableResume,
  "alter-materialized-table-set-freshness": alterMaterializedTableSetFreshness,
  "alter-materialized-table-set-options": alterMaterializedTableSetOptions,
  "alter-materialized-table-set-refresh-mode": alterMaterializedTableSetRefreshMode,
  "alter-materialized-table-suspend": alterMaterializedTableSuspend,
  "alter-queue": alterQueue,
  "alter-workflow": alterWorkflow,
  "alter-workflow-instance": alterWorkflowInstance,
  "backfill-workflow": backfillWorkflow,
  "create-catalog": createCatalog,
  "create-database": createDatabase,
  "create-materialized-table": createMaterializedTable,
  "create-queue": createQueue,
  "create-workflow": createWorkflow,
  "describe-backfill": describeBackfill,
  "describe-catalog": describeCatalog,
  "describe-database": describeDatabase,
  "describe-function": describeFunction,
  "describe-job": describeJob,
  "describe-table": describeTable,
  "describe-workflow": describeWorkflow,
  "drop-catalog": dropCatalog,
  "drop-database": dropDatabase,
  "drop-materialized-table": dropMaterializedTable,
  "drop-queue": dropQueue,
  "drop-workflow": dropWorkflow,
  "execute-workflow": executeWorkflow,
  explain,
  "list-settings": listSettings,
  reset,
  set: setOption,
  "show-backfills": showBackfills,
  "show-catalogs": showCatalogs,
  "show-columns": showColumns,
  "show-create": showCreate,
  "show-create-workflow": showCreateWorkflow,
  "show-current-catalog": showCurrentCatalog,
  "show-current-database": showCurrentDatabase,
  "show-databases": showDatabases,
  "show-functions": showFunctions,
  "show-jars": showJars,
  "show-jobs": showJobs,
  "show-materialized-tables": showMaterializedTables,
  "show-modules": showModules,
  "show-partitions": showPartitions,
  "show-procedures": showProcedures,
  "show-queues": showQueues,
  "show-refreshes": showRefreshes,
  "show-tables": showTables,
  "show-task-instances": showTaskInstances,
  "show-views": showViews,
  "show-workflow-instances": showWorkflowInstances,
  "show-workflows": showWorkflows,
  "stop-job": stopJob,
  unsupported,
  "use-catalog": useCatalog,
  "use-database": useDatabase,
};
