// EXECUTE WORKFLOW: queues a run, enabled or not, and answers its id; with 'table.dml-sync' it
// waits for the end and fails with the run's error.

import type { ExecuteWorkflow } from "../../parser/ast/execute-workflow.ts";
import { optionRecord } from "../../parser/ast/option.ts";
import { awaitRun } from "./await-run.ts";
import type { Executor } from "./executor.ts";
import { column, tableResult } from "./fixed-results.ts";
import { resolveObject } from "./resolve-name.ts";
import { pairPositions } from "./workflow-positions.ts";

export const executeWorkflow: Executor<ExecuteWorkflow> = async (statement, context, services) => {
  const { name, at, variables } = statement;
  const { instanceId } = await services.workflows.execute(
    resolveObject(name, context.session),
    { at: at?.text ?? null, variables: optionRecord(variables) },
    pairPositions({ variables, more: { name: name.position, at: at?.position } }, context.text),
  );
  await awaitRun(instanceId, context, services, "workflow");
  return tableResult([column("instance id")], [[instanceId]]);
};
