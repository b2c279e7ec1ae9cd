// CREATE MATERIALIZED TABLE as the service takes it: shared by CREATE and EXPLAIN CREATE.

import type { Database } from "../../common/pg.ts";
import type { CreateMaterializedTable } from "../../parser/ast/create-materialized-table.ts";
import { optionRecord } from "../../parser/ast/option.ts";
import type { CreateTable } from "../../refresh/table-requests.ts";
import { declaredSchema } from "./declared-schema.ts";
import { definitionContext } from "./definition-context.ts";
import { resolveObject } from "./resolve-name.ts";
import type { StatementContext } from "./statement-context.ts";
import { intervalOf, startModeOf } from "./table-literals.ts";
import { notSupported } from "./unsupported.ts";

/** Translates the statement; throws what the grammar allows and PostgreSQL has no meaning for. */
export async function createRequest(
  statement: CreateMaterializedTable,
  context: StatementContext,
  database: Database,
): Promise<CreateTable> {
  if (statement.distribution !== null) throw distributionError("DISTRIBUTED");
  const { columns, primaryKey } = declaredSchema(statement.schema);
  return {
    identifier: resolveObject(statement.name, context.session),
    context: await definitionContext(context, database),
    ifNotExists: statement.ifNotExists,
    columns,
    primaryKey,
    comment: statement.comment,
    partitionKeys: statement.partitionKeys.map(({ name }) => name),
    options: optionRecord(statement.options),
    startMode: statement.startMode === null ? null : startModeOf(statement.startMode),
    freshness: statement.freshness === null ? null : intervalOf(statement.freshness),
    mode: statement.refreshMode ?? "AUTOMATIC",
    query: statement.query.text,
  };
}

/** GW-NOT-SUPPORTED for DISTRIBUTED and the ALTER forms of it. */
export function distributionError(words: string) {
  return notSupported(words, "A table of PostgreSQL has no buckets.", null);
}
