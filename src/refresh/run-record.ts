// One row for each passage through the door, appended when it ends and never changed.

import type { MaterializedTable } from "../catalog/materialized-table.ts";
import { renderPartition } from "../catalog/partition.ts";
import type { RunId, TableId } from "../common/ids.ts";
import { databaseClock, type Tx } from "../common/pg.ts";
import { sql } from "../common/sql.ts";
import { type Instant, toIso } from "../common/time.ts";
import type { RefreshMeasures } from "../engine/engine.ts";
import type { RefreshScope } from "../engine/refresh-step.ts";
import type { ClaimedTask } from "../scheduler/task-runner.ts";

export interface RunRecord {
  readonly runId: RunId;
  readonly task: ClaimedTask;
  readonly tableId: TableId;
  /** Null if the table was gone. */
  readonly table: MaterializedTable | null;
  /** Null if the run ended before it had a plan. */
  readonly scope: RefreshScope | null;
  readonly startedAt: Instant;
  readonly status: "SUCCESSFUL" | "FAILED" | "CANCELED" | "SKIPPED";
  readonly measures: RefreshMeasures | null;
  readonly errorCode: string | null;
  readonly error: string | null;
  readonly reason: string | null;
}

/** Appends the row; finished_at is the database's clock. */
export async function recordRun(tx: Tx, run: RunRecord): Promise<void> {
  const { task, table, measures, scope } = run;
  const partitions =
    scope === null || table === null || scope.kind === "whole"
      ? null
      : scope.specs.map((spec) => renderPartition(spec, table.partitionKeys));
  const extent = task.interval.start < task.interval.end || task.trigger === "SCHEDULE";
  await tx.execute(sql`
    INSERT INTO sluice_private.refresh_runs
      (run_id, table_id, database, name, instance_id, task_instance_id, trigger, interval_start,
       interval_end, partitions, attempt, table_version, due_at, claimed_at, started_at,
       finished_at, data_timestamp, status, tactic, plan_branch, rows_inserted, rows_updated,
       rows_deleted, error_code, error, reason)
    VALUES (${run.runId}, ${run.tableId}, ${table?.identifier.database ?? ""},
       ${table?.identifier.name ?? ""}, ${task.instanceId}, ${task.taskInstanceId},
       ${task.trigger}, ${extent ? toIso(task.interval.start) : null}::timestamptz,
       ${extent ? toIso(task.interval.end) : null}::timestamptz, ${partitions}::text[],
       ${task.attempt}, ${table?.version ?? null}, ${toIso(task.dueAt)}::timestamptz,
       ${toIso(task.claimedAt)}::timestamptz, ${toIso(run.startedAt)}::timestamptz,
       ${databaseClock}, ${measures === null ? null : toIso(measures.dataTimestamp)}::timestamptz,
       ${run.status}, ${measures?.tactic ?? null}, ${measures?.branch ?? null},
       ${measures?.inserted ?? 0}, ${measures?.updated ?? 0}, ${measures?.deleted ?? 0},
       ${run.errorCode}, ${run.error}, ${run.reason})`);
}
