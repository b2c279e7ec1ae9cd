// ALTER WORKFLOW: ENABLE and DISABLE are its switch, everything else is an edit, which a workflow
// that is enabled refuses.

import type { AlterWorkflow } from "../../parser/ast/alter-workflow.ts";
import type { Executor } from "./executor.ts";
import { okResult } from "./fixed-results.ts";
import { resolveObject } from "./resolve-name.ts";
import { altered } from "./table-altered.ts";
import { changePositions } from "./workflow-positions.ts";
import { workflowChangeOf } from "./workflow-request-of.ts";

export const alterWorkflow: Executor<AlterWorkflow> = async (statement, context, { workflows }) => {
  const { change } = statement;
  const identifier = resolveObject(statement.name, context.session);
  switch (change.kind) {
    case "enable":
      await workflows.enable(identifier);
      return okResult;
    case "disable":
      await workflows.disable(identifier);
      return okResult;
    default: {
      const wanted = workflowChangeOf(change, context.session);
      const positions = changePositions(statement, context.text);
      return altered(await workflows.alter(identifier, wanted, positions), context);
    }
  }
};
