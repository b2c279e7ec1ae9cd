// SHOW CREATE WORKFLOW … [VERSION n]: one row with the canonical text. Executed, it makes the same
// workflow; shown again, it is the same text.

import type { ShowCreateWorkflow } from "../../parser/ast/show-create-workflow.ts";
import { render } from "../../parser/render.ts";
import type { Executor } from "./executor.ts";
import { textResult } from "./fixed-results.ts";
import { resolveObject } from "./resolve-name.ts";
import { createStatementOf } from "./workflow-statement-of.ts";

export const showCreateWorkflow: Executor<ShowCreateWorkflow> = async (
  { name, version },
  { session },
  { workflows },
) => {
  const { request } = await workflows.get(resolveObject(name, session), version);
  return textResult(render(createStatementOf(request)));
};
