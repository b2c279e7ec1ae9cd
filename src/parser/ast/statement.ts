// The union of everything the gateway executes itself. Adding a kind breaks the build exactly where
// work is needed.

import type { AlterBackfill } from "./alter-backfill.ts";
import type { AlterCatalog } from "./alter-catalog.ts";
import type { AlterDatabase } from "./alter-database.ts";
import type { AlterMaterializedTableAdd } from "./alter-materialized-table-add.ts";
import type { AlterMaterializedTableAs } from "./alter-materialized-table-as.ts";
import type { AlterMaterializedTableBackfill } from "./alter-materialized-table-backfill.ts";
import type { AlterMaterializedTableComment } from "./alter-materialized-table-comment.ts";
// biome-ignore format: the name and the path do not fit on one line
import type {
  AlterMaterializedTableDistribution,
} from "./alter-materialized-table-distribution.ts";
import type { AlterMaterializedTableDrop } from "./alter-materialized-table-drop.ts";
import type { AlterMaterializedTableModify } from "./alter-materialized-table-modify.ts";
import type { AlterMaterializedTableRefresh } from "./alter-materialized-table-refresh.ts";
import type { AlterMaterializedTableRename } from "./alter-materialized-table-rename.ts";
// biome-ignore format: the name and the path do not fit on one line
import type {
  AlterMaterializedTableResetOptions,
} from "./alter-materialized-table-reset-options.ts";
import type { AlterMaterializedTableResume } from "./alter-materialized-table-resume.ts";
// biome-ignore format: the name and the path do not fit on one line
import type {
  AlterMaterializedTableSetFreshness,
} from "./alter-materialized-table-set-freshness.ts";
import type { AlterMaterializedTableSetOptions } from "./alter-materialized-table-set-options.ts";
// biome-ignore format: the name and the path do not fit on one line
import type {
  AlterMaterializedTableSetRefreshMode,
} from "./alter-materialized-table-set-refresh-mode.ts";
import type { AlterMaterializedTableSuspend } from "./alter-materialized-table-suspend.ts";
import type { AlterQueue } from "./alter-queue.ts";
import type { AlterWorkflow } from "./alter-workflow.ts";
import type { AlterWorkflowInstance } from "./alter-workflow-instance.ts";
import type { BackfillWorkflow } from "./backfill-workflow.ts";
import type { CreateCatalog } from "./create-catalog.ts";
import type { CreateDatabase } from "./create-database.ts";
import type { CreateMaterializedTable } from "./create-materialized-table.ts";
import type { CreateQueue } from "./create-queue.ts";
import type { CreateWorkflow } from "./create-workflow.ts";
import type { DescribeBackfill } from "./describe-backfill.ts";
import type { DescribeCatalog } from "./describe-catalog.ts";
import type { DescribeDatabase } from "./describe-database.ts";
import type { DescribeFunction } from "./describe-function.ts";
import type { DescribeJob } from "./describe-job.ts";
import type { DescribeTable } from "./describe-table.ts";
import type { DescribeWorkflow } from "./describe-workflow.ts";
import type { DropCatalog } from "./drop-catalog.ts";
import type { DropDatabase } from "./drop-database.ts";
import type { DropMaterializedTable } from "./drop-materialized-table.ts";
import type { DropQueue } from "./drop-queue.ts";
import type { DropWorkflow } from "./drop-workflow.ts";
import type { ExecuteWorkflow } from "./execute-workflow.ts";
import type { Explain } from "./explain.ts";
import type { ListSettings } from "./list-settings.ts";
import type { Reset } from "./reset.ts";
import type { Set } from "./set.ts";
import type { ShowBackfills } from "./show-backfills.ts";
import type { ShowCatalogs } from "./show-catalogs.ts";
import type { ShowColumns } from "./show-columns.ts";
import type { ShowCreate } from "./show-create.ts";
import type { ShowCreateWorkflow } from "./show-create-workflow.ts";
import type { ShowCurrentCatalog } from "./show-current-catalog.ts";
import type { ShowCurrentDatabase } from "./show-current-database.ts";
import type { ShowDatabases } from "./show-databases.ts";
import type { ShowFunctions } from "./show-functions.ts";
import type { ShowJars } from "./show-jars.ts";
import type { ShowJobs } from "./show-jobs.ts";
import type { ShowMaterializedTables } from "./show-materialized-tables.ts";
import type { ShowModules } from "./show-modules.ts";
import type { ShowPartitions } from "./show-partitions.ts";
import type { ShowProcedures } from "./show-procedures.ts";
import type { ShowQueues } from "./show-queues.ts";
import type { ShowRefreshes } from "./show-refreshes.ts";
import type { ShowTables } from "./show-tables.ts";
import type { ShowTaskInstances } from "./show-task-instances.ts";
import type { ShowViews } from "./show-views.ts";
import type { ShowWorkflowInstances } from "./show-workflow-instances.ts";
import type { ShowWorkflows } from "./show-workflows.ts";
import type { StopJob } from "./stop-job.ts";
import type { Unsupported } from "./unsupported.ts";
import type { UseCatalog } from "./use-catalog.ts";
import type { UseDatabase } from "./use-database.ts";
import type { Passthrough } from "./passthrough.ts";

/** A statement of ours. */
export type Statement =
  | AlterBackfill
  | AlterCatalog
  | AlterDatabase
  | AlterMaterializedTableAdd
  | AlterMaterializedTableAs
  | AlterMaterializedTableBackfill
  | AlterMaterializedTableComment
  | AlterMaterializedTableDistribution
  | AlterMaterializedTableDrop
  | AlterMaterializedTableModify
  | AlterMaterializedTableRefresh
  | AlterMaterializedTableRename
  | AlterMaterializedTableResetOptions
  | AlterMaterializedTableResume
  | AlterMaterializedTableSetFreshness
  | AlterMaterializedTableSetOptions
  | AlterMaterializedTableSetRefreshMode
  | AlterMaterializedTableSuspend
  | AlterQueue
  | AlterWorkflow
  | AlterWorkflowInstance
  | BackfillWorkflow
  | CreateCatalog
  | CreateDatabase
  | CreateMaterializedTable
  | CreateQueue
  | CreateWorkflow
  | DescribeBackfill
  | DescribeCatalog
  | DescribeDatabase
  | DescribeFunction
  | DescribeJob
  | DescribeTable
  | DescribeWorkflow
  | DropCatalog
  | DropDatabase
  | DropMaterializedTable
  | DropQueue
  | DropWorkflow
  | ExecuteWorkflow
  | Explain
  | ListSettings
  | Reset
  | Set
  | ShowBackfills
  | ShowCatalogs
  | ShowColumns
  | ShowCreate
  | ShowCreateWorkflow
  | ShowCurrentCatalog
  | ShowCurrentDatabase
  | ShowDatabases
  | ShowFunctions
  | ShowJars
  | ShowJobs
  | ShowMaterializedTables
  | ShowModules
  | ShowPartitions
  | ShowProcedures
  | ShowQueues
  | ShowRefreshes
  | ShowTables
  | ShowTaskInstances
  | ShowViews
  | ShowWorkflowInstances
  | ShowWorkflows
  | StopJob
  | Unsupported
  | UseCatalog
  | UseDatabase;

export type StatementKind = Statement["kind"];

/** What a text is: ours, or PostgreSQL's. */
export type ParsedStatement = Statement | Passthrough;
