// BACKFILL WORKFLOW … FROM … TO …: a workflow for a range of the past, one instance an interval.

import type { BackfillWorkflow } from "../../parser/ast/backfill-workflow.ts";
import { optionRecord } from "../../parser/ast/option.ts";
import type { Executor } from "./executor.ts";
import { resolveObject } from "./resolve-name.ts";
import { runBackfill } from "./run-backfill.ts";

export const backfillWorkflow: Executor<BackfillWorkflow> = (statement, context, services) => {
  const request = {
    target: {
      kind: "workflow",
      identifier: resolveObject(statement.name, context.session),
      variables: optionRecord(statement.variables),
    },
    from: statement.from.text,
    to: statement.to.text,
    options: optionRecord(statement.options),
  } as const;
  return runBackfill(request, context, services);
};
