// CREATE [OR ALTER] WORKFLOW: a new workflow is disabled, ALTER WORKFLOW … ENABLE lets it run.

import type { CreateWorkflow } from "../../parser/ast/create-workflow.ts";
import type { Executor } from "./executor.ts";
import { altered } from "./table-altered.ts";
import { createPositions } from "./workflow-positions.ts";
import { workflowRequestOf } from "./workflow-request-of.ts";

export const createWorkflow: Executor<CreateWorkflow> = async (
  statement,
  context,
  { workflows },
) => {
  const { orAlter, ifNotExists } = statement;
  const saved = await workflows.create(
    workflowRequestOf(statement, context),
    { orAlter, ifNotExists },
    createPositions(statement, context.text),
  );
  return altered(saved, context);
};
