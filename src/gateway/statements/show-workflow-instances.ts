// SHOW WORKFLOW INSTANCES [FROM w] [WITH STATUS '…'] [LIMIT n]: rows of sluice.workflow_instances,
// newest first.

import type { Queryable } from "../../common/pg.ts";
import { GatewayError } from "../../common/gateway-error.ts";
import { sql, type Sql } from "../../common/sql.ts";
import { stringType } from "../../protocol/logical-type.ts";
import type { ShowWorkflowInstances } from "../../parser/ast/show-workflow-instances.ts";
import type { Executor } from "./executor.ts";
import { bigintType, instantType } from "./fixed-results.ts";
import { selectView, type ViewColumns } from "./read/select-view.ts";
import { resolveObject } from "./resolve-name.ts";
import { defaultLimit } from "./show-refreshes.ts";

const columns: ViewColumns = {
  instance_id: stringType,
  database: stringType,
  workflow: stringType,
  version: bigintType,
  trigger: stringType,
  interval_start: instantType,
  interval_end: instantType,
  scheduled_at: instantType,
  status: stringType,
  detail: stringType,
  started_at: instantType,
  finished_at: instantType,
  duration: stringType,
  backfill_id: stringType,
  variables: stringType,
  gateway: stringType,
};

export const showWorkflowInstances: Executor<ShowWorkflowInstances> = async (
  statement,
  { session },
  { database },
) => {
  const conditions: Sql[] = [];
  let unknown: string | null = null;
  if (statement.workflow !== null) {
    const { database: schema, name } = resolveObject(statement.workflow, session);
    const id = await findWorkflowId(database, schema, name);
    // By its id the index of the history is found; one that was dropped is known by its name alone.
    if (id === null) {
      unknown = `${schema}.${name}`;
      conditions.push(sql`database = ${schema} AND workflow = ${name}`);
    } else conditions.push(sql`workflow_id = ${id}`);
  }
  if (statement.status !== null) conditions.push(sql`status = ${statement.status.toUpperCase()}`);
  const view = {
    name: "workflow_instances",
    columns,
    orderBy: "scheduled_at DESC, instance_id",
    asText: ["duration"],
  };
  const result = await selectView(database, view, conditions, statement.limit ?? defaultLimit);
  if (unknown === null || result.rows.length > 0) return result;
  throw new GatewayError("WF-NOTFOUND", `workflow "${unknown}" does not exist`, {
    hint: "SHOW WORKFLOWS lists them.",
  });
};

async function findWorkflowId(on: Queryable, schema: string, name: string): Promise<string | null> {
  const [row] = await on.query<{ id: string }>(sql`
    SELECT workflow_id AS id FROM sluice.workflows
    WHERE database = ${schema} AND workflow = ${name}`);
  return row?.id ?? null;
}
