// What a task of a table keeps others from: its table, and the cells it will compute. Pure:
// computed when the instance is made, from the rule that the workflow's task carries.

import type { PartitionSpec } from "../catalog/partition.ts";
import { unreachable } from "../common/assert.ts";
import { cellsMeetingRule, cellsOfSlot } from "../refresh/partition-variables.ts";
import type { RefreshRequest } from "../refresh/refresh-request.ts";
import type { RefreshAction } from "../refresh/table-workflow.ts";
import type { ClaimOf } from "../scheduler/scheduler.ts";
import { requestOf } from "./request-of.ts";
import { claimedSpec, isOfWorkflow, workflowRequest } from "./workflow-refresh.ts";

/**
 * More cells than this are claimed as the whole table: a claim is compared with every running one.
 */
const claimedCells = 2_000;

export const claimOf: ClaimOf = (action, run) => {
  if (action["type"] !== "refresh") return null;
  const refresh = action as unknown as RefreshAction;
  const scopes = scopesOf(refresh, requestFor(refresh, run));
  const whole = scopes === null || scopes.length === 0 || scopes.length > claimedCells;
  return { resource: refresh.tableId, scopes: whole ? null : scopes };
};

/** Null: nothing is known but the table. */
function requestFor(refresh: RefreshAction, run: Parameters<ClaimOf>[1]): RefreshRequest {
  if (!isOfWorkflow(refresh)) return requestOf(run);
  const { partition } = refresh;
  const spec = claimedSpec(refresh, run.variables);
  if (partition !== null && spec === null) return { kind: "initial", partitions: null };
  return workflowRequest(run, spec);
}

/** Null: the whole table. */
function scopesOf(
  { cells }: RefreshAction,
  request: RefreshRequest,
): readonly PartitionSpec[] | null {
  switch (request.kind) {
    case "initial":
    case "manual":
    case "repair":
      return request.partitions;
    case "scheduled":
      if (cells === null) return null;
      return cellsOfSlot(cells, request.interval)?.map((cell) => cell.spec) ?? null;
    case "backfill":
      if (request.partitions !== null) return request.partitions;
      if (cells === null) return null;
      return cellsMeetingRule(cells, request.interval).map((cell) => cell.spec);
    default:
      return unreachable(request);
  }
}
