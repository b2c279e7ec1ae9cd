// SHOW BACKFILLS [FROM t]: rows of sluice.backfills, newest first; t is a materialized table or a
// workflow.

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
    const { database: schema, name } = resolveObject(table, session);
    conditions.push(sql`database = ${schema} AND (table_name = ${name} OR workflow = ${name})`);
  }
  const view = { name: "backfills", columns, orderBy: "created_at DESC, backfill_id" };
  return selectView(database, view, conditions, defaultLimit);
};
