// SHOW WORKFLOWS [FROM database] [[NOT] LIKE …]: rows of sluice.workflows, those of materialized
// tables included.

import { sql } from "../../common/sql.ts";
import { stringType } from "../../protocol/logical-type.ts";
import type { ShowWorkflows } from "../../parser/ast/show-workflows.ts";
import type { Executor } from "./executor.ts";
import { bigintType, booleanType, instantType } from "./fixed-results.ts";
import { filterLike } from "./like.ts";
import { requireDatabase } from "./read/find-databases.ts";
import { selectView, type ViewColumns } from "./read/select-view.ts";
import { resolveDatabase } from "./resolve-name.ts";

const columns: ViewColumns = {
  workflow: stringType,
  kind: stringType,
  database: stringType,
  table_name: stringType,
  enabled: booleanType,
  version: bigintType,
  schedule: stringType,
  time_zone: stringType,
  starts_at: instantType,
  ends_at: instantType,
  next_execution: instantType,
  last_execution: instantType,
  pending: bigintType,
  running: bigintType,
  successful: bigintType,
  failed: bigintType,
  tags: stringType,
  created_at: instantType,
};

export const showWorkflows: Executor<ShowWorkflows> = async (
  statement,
  { session },
  { database },
) => {
  const schema = resolveDatabase(statement.database, session);
  await requireDatabase(database, session.catalog, schema);
  const found = await database.query<{ name: string }>(sql`
    SELECT name FROM sluice_private.workflows WHERE database = ${schema}`);
  const names = filterLike(
    found.map(({ name }) => name),
    statement.filter,
  );
  const view = { name: "workflows", columns, orderBy: 'workflow COLLATE "C"' };
  const condition = sql`database = ${schema} AND workflow = ANY (${names}::text[])`;
  return selectView(database, view, [condition], Math.max(names.length, 1));
};
