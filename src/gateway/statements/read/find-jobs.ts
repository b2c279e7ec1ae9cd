// Jobs as Flink's statements see them: instances of workflows, open ones and those in history.

import { flinkName } from "../../../catalog/object-identifier.ts";
import type { Queryable } from "../../../common/pg.ts";
import { sql, type Sql, trusted } from "../../../common/sql.ts";
import { unreachable } from "../../../common/assert.ts";
import type { Instant } from "../../../common/time.ts";
import type { InstanceStatus } from "../../../scheduler/scheduler.ts";
import type { Trigger } from "../../../scheduler/task-runner.ts";

export interface Job {
  readonly id: string;
  readonly name: string;
  readonly status: JobStatus;
  readonly startTime: Instant | null;
}

export type JobStatus = "CREATED" | "RUNNING" | "FINISHED" | "FAILED" | "CANCELED";

/** How many ended jobs SHOW JOBS lists. */
export const endedJobsShown = 1000;

interface JobRow {
  readonly id: string;
  readonly database: string;
  readonly workflow: string;
  readonly trigger: Trigger;
  readonly status: InstanceStatus;
  readonly start_time: Instant | null;
}

/** All open jobs and the newest ended ones, newest first. */
export async function findJobs(on: Queryable, catalog: string): Promise<Job[]> {
  const rows = await on.query<JobRow>(sql`
    (${jobs} WHERE status IN ('PENDING', 'RUNNING'))
    UNION ALL
    (${jobs} WHERE status NOT IN ('PENDING', 'RUNNING')
     ORDER BY scheduled_at DESC, instance_id LIMIT ${endedJobsShown})
    ORDER BY start_time DESC, id`);
  return rows.map((row) => jobOf(row, catalog));
}

/** One job; null if the id is unknown. */
export async function findJob(on: Queryable, catalog: string, id: string): Promise<Job | null> {
  const [row] = await on.query<JobRow>(sql`${jobs} WHERE instance_id = ${id}`);
  return row === undefined ? null : jobOf(row, catalog);
}

const jobs: Sql = trusted(`
  SELECT instance_id AS id, database, workflow, trigger, status,
         coalesce(started_at, scheduled_at) AS start_time
  FROM sluice.workflow_instances`);

const ownWorkflow = "table:";

function jobOf(row: JobRow, catalog: string): Job {
  const { database, workflow, trigger } = row;
  const isTable = workflow.startsWith(ownWorkflow);
  const table = flinkName({ catalog, database, name: workflow.slice(ownWorkflow.length) });
  const kind = trigger === "SCHEDULE" || trigger === "CATCH_UP" ? "periodic" : "one_time";
  return {
    id: row.id,
    name: isTable ? `Materialized_table_${table}_${kind}_refresh_job` : `${database}.${workflow}`,
    status: jobStatus(row.status),
    startTime: row.start_time,
  };
}

function jobStatus(status: InstanceStatus): JobStatus {
  switch (status) {
    case "PENDING":
      return "CREATED";
    case "RUNNING":
      return "RUNNING";
    case "SUCCESSFUL":
    case "SKIPPED":
      return "FINISHED";
    case "FAILED":
      return "FAILED";
    case "CANCELED":
      return "CANCELED";
    default:
      return unreachable(status);
  }
}
