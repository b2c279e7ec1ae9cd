// SHOW WORKFLOWS: understood, not carried out yet.

import type { ShowWorkflows } from "../../parser/ast/show-workflows.ts";
import type { Executor } from "./executor.ts";
import { notYetError } from "./not-yet.ts";

export const showWorkflows: Executor<ShowWorkflows> = async () => {
  throw notYetError(
    "SHOW WORKFLOWS",
    "Backfills and workflows of your own come in a later version.",
  );
};
