// EXPLAIN of the statements that define a table: resolved like the statement itself, and nothing
// written.

import type { MaterializedTable } from "../catalog/materialized-table.ts";
import { asId, type TableId, type WorkflowId } from "../common/ids.ts";
import { canFollow, withQuery } from "./alter-query.ts";
import { defineTable, describe } from "./define-table.ts";
import { explainDefinition, explainPlan as explainSteps } from "./explain-refresh.ts";
import { findTable } from "./find-table.ts";
import { firstLoad } from "./first-load.ts";
import { planRefresh, type RefreshPlan } from "./plan-refresh.ts";
import { checkStatementOptions, isOn } from "./table-options.ts";
import type { AlterQuery, CreateTable } from "./table-requests.ts";
import type { TableServices } from "./table-services.ts";

/** EXPLAIN CREATE MATERIALIZED TABLE. */
export async function explainCreated(
  services: TableServices,
  request: CreateTable,
): Promise<string> {
  const { declaration, analysis, now } = await defineTable(services, request, "createOrAlter");
  const table: MaterializedTable = {
    ...declaration,
    id: asId<TableId>(""),
    workflowId: asId<WorkflowId>(""),
    status: "ACTIVATED",
    version: 1,
    createdAt: now,
  };
  const load = firstLoad(table, analysis, now);
  const plan = load === null ? null : planRefresh(table, analysis, load, () => false);
  return explainDefinition(services.engine, table, { label: "First load", plan });
}

/** EXPLAIN ALTER MATERIALIZED TABLE … AS. */
export async function explainAlteredQuery(
  services: TableServices,
  request: AlterQuery,
): Promise<string> {
  checkStatementOptions(request.options, "alterQuery");
  const known = await findTable(services, request.identifier, "alter");
  const context = { ...request.context, timeZone: known.timeZone };
  const description = await describe(services, request.identifier, context, request.query);
  const rebuild = isOn(request.options, "rebuild");
  const follows = !rebuild || canFollow(known, description);
  const table = withQuery(known, request.query, description, follows);
  const whole = { kind: "manual", partitions: [], force: false } as const;
  const plan = planRefresh(table, description.analysis, whole, () => false);
  return explainDefinition(services.engine, table, {
    label: "A refresh of the whole table",
    plan,
  });
}

/** EXPLAIN ALTER MATERIALIZED TABLE … REFRESH. */
export function explainPlan(
  { engine }: TableServices,
  table: MaterializedTable,
  plan: RefreshPlan | null,
): string {
  return plan === null ? "Nothing to refresh" : explainSteps(engine, table, plan);
}
