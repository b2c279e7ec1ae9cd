// SHOW JOBS: the instances of workflows, newest first; the first three columns are positional API
// for dbt and JDBC.

import type { ShowJobs } from "../../parser/ast/show-jobs.ts";
import type { Executor } from "./executor.ts";
import { column, instantType, tableResult } from "./fixed-results.ts";
import { findJobs, type Job } from "./read/find-jobs.ts";
import type { FixedResult } from "./statement-result.ts";

export const showJobs: Executor<ShowJobs> = async (_, { session }, { database }) =>
  jobsResult(await findJobs(database, session.catalog));

/** The result of SHOW JOBS and DESCRIBE JOB. */
export function jobsResult(jobs: readonly Job[]): FixedResult {
  return tableResult(
    [column("job id"), column("job name"), column("status"), column("start time", instantType)],
    jobs.map(({ id, name, status, startTime }) => [id, name, status, startTime]),
  );
}
