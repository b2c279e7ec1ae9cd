// SHOW BACKFILLS [FROM t]: rows of sluice.backfills, newest first; t is a materialized table or a
// workflow.

import type { ObjectIdentifier } from "../../catalog/object-identifier.ts";
import { GatewayError } from "../../common/gateway-error.ts";
import type { Queryable } from "../../common/pg.ts";
import { sql, type Sql } from "../../common/sql.ts";
import { stringType } from "../../protocol/logical-type.ts";
import type { ShowBackfills } from "../../parser/ast/show-backfills.ts";
import type { Executor } from "./executor.ts";
import { bigintType, instantType } from "./fixed-results.ts";
import { selectView, type ViewColumns } from "./read/select-view.ts";
import { resolveObject } from "./resolve-name.ts";
import { defaultLimit } from "./show-refreshes.ts";

const columns: ViewColumns = {
  backfill_id: stringType,
  workflow: stringType,
  database: stringType,
  table_name: stringType,
  range_start: stringType,
  range_end: stringType,
  status: stringType,
  total: bigintType,
  pending: bigintType,
  running: bigintType,
  successful: bigintType,
  failed: bigintType,
  skipped: bigintType,
  started_at: instantType,
  finished_at: instantType,
  eta: instantType,
  options: stringType,
};

export const showBackfills: Executor<ShowBackfills> = async (
  { table },
  { session },
  { database },
) => {
  const conditions: Sql[] = [];
  if (table !== null) {
    const identifier = resolveObject(table, session);
    const { database: schema, name } = identifier;
    conditions.push(sql`database = ${schema} AND (table_name = ${name} OR workflow = ${name})`);
    await requireTarget(database, identifier);
  }
  const view = { name: "backfills", columns, orderBy: "created_at DESC, backfill_id" };
  return selectView(database, view, conditions, defaultLimit);
};

/** Throws WF-NOTFOUND if neither a materialized table nor a workflow has the name. */
async function requireTarget(on: Queryable, { database, name }: ObjectIdentifier): Promise<void> {
  const [row] = await on.query(sql`
    SELECT FROM sluice.workflows
    WHERE database = ${database} AND (table_name = ${name} OR workflow = ${name}) LIMIT 1`);
  if (row !== undefined) return;
  const message = `materialized table or workflow "${database}.${name}" does not exist`;
  throw new GatewayError("WF-NOTFOUND", message);
}
