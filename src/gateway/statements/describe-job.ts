// DESCRIBE JOB '<id>': one row of SHOW JOBS.

import { GatewayError } from "../../common/gateway-error.ts";
import type { DescribeJob } from "../../parser/ast/describe-job.ts";
import type { Executor } from "./executor.ts";
import { findJob } from "./read/find-jobs.ts";
import { jobsResult } from "./show-jobs.ts";

export const describeJob: Executor<DescribeJob> = async ({ job }, { session }, { database }) => {
  const found = await findJob(database, session.catalog, job);
  if (found === null) throw unknownJob(job);
  return jobsResult([found]);
};

/** WF-JOB-UNKNOWN. */
export function unknownJob(id: string): GatewayError {
  return new GatewayError("WF-JOB-UNKNOWN", `job "${id}" does not exist`, {
    hint: "SHOW JOBS lists the open jobs and the newest ended ones.",
  });
}
