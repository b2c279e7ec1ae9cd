// ALTER MATERIALIZED TABLE … [WITH ('rebuild' = …)] AS query.

import type { Database } from "../../common/pg.ts";
import type { AlterMaterializedTableAs } from "../../parser/ast/alter-materialized-table-as.ts";
import { optionRecord } from "../../parser/ast/option.ts";
import type { AlterQuery } from "../../refresh/table-requests.ts";
import { awaitRun } from "./await-run.ts";
import { definitionContext } from "./definition-context.ts";
import type { Executor } from "./executor.ts";
import { withQueryPositions } from "./query-positions.ts";
import { resolveObject } from "./resolve-name.ts";
import type { StatementContext } from "./statement-context.ts";
import { altered } from "./table-altered.ts";
import { notSupported } from "./unsupported.ts";

export const alterMaterializedTableAs: Executor<AlterMaterializedTableAs> = async (
  statement,
  context,
  services,
) => {
  const request = await alterQueryRequest(statement, context, services.database);
  const outcome = await withQueryPositions(statement.query, () =>
    services.tables.alterQuery(request),
  );
  const result = altered(outcome, context);
  await awaitRun(outcome.instanceId, context, services);
  return result;
};

/** The statement as the service takes it; shared with EXPLAIN. */
export async function alterQueryRequest(
  statement: AlterMaterializedTableAs,
  context: StatementContext,
  database: Database,
): Promise<AlterQuery> {
  if (statement.startMode !== null) {
    throw notSupported(
      "START_MODE of ALTER … AS",
      "A changed query marks every partition stale; where the ledger begins stays as it is.",
      "CREATE OR ALTER MATERIALIZED TABLE takes a START_MODE.",
    );
  }
  return {
    identifier: resolveObject(statement.name, context.session),
    context: await definitionContext(context, database),
    options: optionRecord(statement.options),
    query: statement.query.text,
  };
}
