// SHOW TASK INSTANCES FROM INSTANCE '<id>': rows of sluice.task_instances.

import { sql } from "../../common/sql.ts";
import { stringType } from "../../protocol/logical-type.ts";
import type { ShowTaskInstances } from "../../parser/ast/show-task-instances.ts";
import { unknownJob } from "./describe-job.ts";
import type { Executor } from "./executor.ts";
import { bigintType, instantType } from "./fixed-results.ts";
import { findJob } from "./read/find-jobs.ts";
import { selectView, type ViewColumns } from "./read/select-view.ts";
import { defaultLimit } from "./show-refreshes.ts";

const columns: ViewColumns = {
  task_instance_id: stringType,
  instance_id: stringType,
  task: stringType,
  status: stringType,
  detail: stringType,
  attempt: bigintType,
  attempts: bigintType,
  queue: stringType,
  due_at: instantType,
  claimed_at: instantType,
  started_at: instantType,
  finished_at: instantType,
  gateway: stringType,
  run_id: stringType,
  error_code: stringType,
  error: stringType,
};

export const showTaskInstances: Executor<ShowTaskInstances> = async (
  { instance },
  { session },
  { database },
) => {
  if ((await findJob(database, session.catalog, instance)) === null) throw unknownJob(instance);
  const view = { name: "task_instances", columns, orderBy: "task, task_instance_id" };
  return selectView(database, view, [sql`instance_id = ${instance}`], defaultLimit);
};
