// ALTER WORKFLOW INSTANCE: what users do to a run, by its id.

import { unreachable } from "../../common/assert.ts";
import { asId, type InstanceId } from "../../common/ids.ts";
import type { AlterWorkflowInstance } from "../../parser/ast/alter-workflow-instance.ts";
import type { Executor } from "./executor.ts";
import { okResult } from "./fixed-results.ts";

export const alterWorkflowInstance: Executor<AlterWorkflowInstance> = async (
  { instance, change },
  _,
  { instances },
) => {
  const id = asId<InstanceId>(instance);
  switch (change.kind) {
    case "cancel":
      await instances.cancel(id);
      return okResult;
    case "rerun":
      await instances.rerun(id, { kind: "all" });
      return okResult;
    case "rerun-failed":
      await instances.rerun(id, { kind: "failed" });
      return okResult;
    case "rerun-task": {
      const { downstream } = change;
      await instances.rerun(id, { kind: "task", task: change.task.name, downstream });
      return okResult;
    }
    case "mark-successful":
      await instances.markSuccessful(id, change.task.name);
      return okResult;
    case "skip":
      await instances.skip(id, change.task.name);
      return okResult;
    default:
      return unreachable(change);
  }
};
