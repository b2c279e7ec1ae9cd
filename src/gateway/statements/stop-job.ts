// STOP JOB '<id>': ends the run; SQL that is running is cancelled and the table stays as it was.
// Answers once the wish is committed, as Flink does. There are no savepoints.

import { GatewayError } from "../../common/gateway-error.ts";
import type { InstanceId } from "../../common/ids.ts";
import { asId } from "../../common/ids.ts";
import type { StopJob } from "../../parser/ast/stop-job.ts";
import { unknownJob } from "./describe-job.ts";
import type { Executor } from "./executor.ts";
import { okResult } from "./fixed-results.ts";
import { notSupported } from "./unsupported.ts";

export const stopJob: Executor<StopJob> = async (statement, _, { scheduler, database }) => {
  if (statement.savepoint || statement.drain) {
    const words = statement.savepoint ? "STOP JOB … WITH SAVEPOINT" : "STOP JOB … WITH DRAIN";
    throw notSupported(words, "A refresh is one transaction: there is no state to save.", null);
  }
  const id = asId<InstanceId>(statement.job);
  if (await database.transaction((tx) => scheduler.cancel(tx, id))) return okResult;
  const state = await scheduler.find(id);
  if (state === null) throw unknownJob(statement.job);
  throw new GatewayError("WF-JOB-ENDED", `job "${statement.job}" has ended`, {
    detail: `Its status is ${state.status}.`,
  });
};
