// DROP WORKFLOW [IF EXISTS]: cancels what runs of it; its history stays until retention.

import type { DropWorkflow } from "../../parser/ast/drop-workflow.ts";
import type { Executor } from "./executor.ts";
import { okResult } from "./fixed-results.ts";
import { resolveObject } from "./resolve-name.ts";

export const dropWorkflow: Executor<DropWorkflow> = async (
  { name, ifExists },
  { session },
  { workflows },
) => {
  await workflows.drop(resolveObject(name, session), { ifExists });
  return okResult;
};
