// SHOW REFRESHES [FROM t] [WITH STATUS '…'] [LIMIT n]: rows of sluice.refresh_runs, newest first.

import { sql, type Sql } from "../../common/sql.ts";
import { stringType } from "../../protocol/logical-type.ts";
import type { ShowRefreshes } from "../../parser/ast/show-refreshes.ts";
import type { Executor } from "./executor.ts";
import { bigintType, instantType } from "./fixed-results.ts";
import { selectView, type ViewColumns } from "./read/select-view.ts";
import { resolveObject } from "./resolve-name.ts";

/** Rows shown where the statement has no LIMIT. */
export const defaultLimit = 1000;

const columns: ViewColumns = {
  run_id: stringType,
  database: stringType,
  name: stringType,
  instance_id: stringType,
  trigger: stringType,
  interval_start: instantType,
  interval_end: instantType,
  partitions: stringType,
  attempt: bigintType,
  due_at: instantType,
  started_at: instantType,
  finished_at: instantType,
  status: stringType,
  tactic: stringType,
  plan_branch: stringType,
  rows_inserted: bigintType,
  rows_updated: bigintType,
  rows_deleted: bigintType,
  error_code: stringType,
  error: stringType,
  reason: stringType,
};

export const showRefreshes: Executor<ShowRefreshes> = async (statement, { session }, services) => {
  const conditions: Sql[] = [];
  if (statement.table !== null) {
    const identifier = resolveObject(statement.table, session);
    // By identity: runs before a RENAME are the table's too.
    const table = await services.tables.get(identifier, "alter");
    conditions.push(sql`table_id = ${table.id}`);
  }
  if (statement.status !== null) conditions.push(sql`status = ${statement.status.toUpperCase()}`);
  const view = { name: "refresh_runs", columns, orderBy: "finished_at DESC, run_id" };
  return selectView(services.database, view, conditions, statement.limit ?? defaultLimit);
};
