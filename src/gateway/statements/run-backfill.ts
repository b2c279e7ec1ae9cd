// What both BACKFILL statements do with their request: answer the id of the backfill, or with
// 'dry-run' = 'true' the list of what it would run.

import type { BackfillRequest, PlannedInterval } from "../../backfill/backfills.ts";
import { awaitBackfill } from "./await-backfill.ts";
import type { StatementServices } from "./executor.ts";
import { bigintType, column, instantType, tableResult } from "./fixed-results.ts";
import type { StatementContext } from "./statement-context.ts";
import type { FixedResult } from "./statement-result.ts";

/** Creates the backfill or plans it; with 'table.dml-sync' it waits for the end. */
export async function runBackfill(
  request: BackfillRequest,
  context: StatementContext,
  services: StatementServices,
): Promise<FixedResult> {
  if (isDryRun(request.options["dry-run"])) {
    const plan = await services.backfills.dryRun(request);
    return planResult(plan, request.target.kind);
  }
  const { backfillId } = await services.backfills.create(request);
  await awaitBackfill(backfillId, context, services);
  return tableResult([column("backfill id")], [[backfillId]]);
}

/** Of workflows the variables that each run will have stand in a last column, as JSON. */
/** A value that is neither yes nor no is refused by the service. */
function isDryRun(value: string | undefined): boolean {
  return /^\s*(?:true|on)\s*$/i.test(value ?? "");
}

function planResult(
  plan: readonly PlannedInterval[],
  kind: BackfillRequest["target"]["kind"],
): FixedResult {
  const ofWorkflow = kind === "workflow";
  return tableResult(
    [
      column("ordinal", bigintType),
      column("interval_start", instantType),
      column("interval_end", instantType),
      column("partition"),
      column("reason"),
      column("estimated_rows", bigintType),
      column("estimated_ms", bigintType),
      ...(ofWorkflow ? [column("variables")] : []),
    ],
    plan.map((one) => [
      one.ordinal,
      one.intervalStart,
      one.intervalEnd,
      one.partition,
      one.reason,
      one.estimatedRows,
      one.estimatedMs,
      ...(ofWorkflow ? [JSON.stringify(one.variables)] : []),
    ]),
  );
}
