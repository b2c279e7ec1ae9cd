// EXPLAIN: of ours, the plan that would run; of a statement of PostgreSQL's, its plan. Always one
// row, column `result`.

import { unreachable } from "../../common/assert.ts";
import { toIso } from "../../common/time.ts";
import type { Explain } from "../../parser/ast/explain.ts";
import type { Passthrough } from "../../parser/ast/passthrough.ts";
import type { PlannedInterval } from "../../backfill/backfills.ts";
import { alterQueryRequest } from "./alter-materialized-table-as.ts";
import { tableBackfillRequest } from "./alter-materialized-table-backfill.ts";
import { refreshRequest } from "./alter-materialized-table-refresh.ts";
import { createRequest } from "./create-request.ts";
import type { Executor, StatementServices } from "./executor.ts";
import { textResult } from "./fixed-results.ts";
import { withQueryPositions } from "./query-positions.ts";
import { resolveObject } from "./resolve-name.ts";
import type { StatementContext, StatementResult } from "./statement-context.ts";

export const explain: Executor<Explain> = async (statement, context, services) =>
  textResult(await explainText(statement, context, services));

async function explainText(
  statement: Explain,
  context: StatementContext,
  services: StatementServices,
): Promise<string> {
  const { target } = statement;
  const { tables, database, backfills } = services;
  switch (target.kind) {
    case "create-materialized-table":
      return withQueryPositions(target.query, async () =>
        tables.explainCreate(await createRequest(target, context, database)),
      );
    case "alter-materialized-table-as":
      return withQueryPositions(target.query, async () =>
        tables.explainAlterQuery(await alterQueryRequest(target, context, database)),
      );
    case "alter-materialized-table-refresh":
      return tables.explainRefresh(refreshRequest(target, context));
    case "materialized-table":
      return tables.explainRefresh({
        identifier: resolveObject(target.name, context.session),
        partition: null,
        cascade: false,
        options: {},
      });
    case "alter-materialized-table-backfill":
      return explainPlan(await backfills.dryRun(tableBackfillRequest(target, context)));
    case "passthrough":
      return postgresPlan(statement, target, context, services);
    default:
      return unreachable(target);
  }
}

/** Intervals that are printed one by one. */
const intervalsShown = 100;

/** How many intervals a backfill would run and skip, then one line each. */
function explainPlan(plan: readonly PlannedInterval[]): string {
  const skipped = plan.filter(({ reason }) => reason !== null).length;
  const head = `Backfill of ${plan.length} intervals, ${skipped} of them skipped`;
  const lines = plan.slice(0, intervalsShown).map((one) => {
    const reason = one.reason === null ? "" : ` (${one.reason})`;
    return `  ${one.ordinal}: ${one.partition ?? intervalText(one)}${reason}`;
  });
  const more = plan.length > intervalsShown ? [`  … ${plan.length - intervalsShown} more`] : [];
  return [head, ...lines, ...more].join("\n");
}

function intervalText({ intervalStart, intervalEnd }: PlannedInterval): string {
  if (intervalStart === null || intervalEnd === null) return "the whole table";
  return `[${toIso(intervalStart)}, ${toIso(intervalEnd)})`;
}

async function postgresPlan(
  { details, postgresOptions }: Explain,
  target: Passthrough,
  context: StatementContext,
  { runPassthrough }: StatementServices,
): Promise<string> {
  const json = details.includes("JSON_EXECUTION_PLAN") ? "(FORMAT JSON)" : "";
  const head = `EXPLAIN ${postgresOptions ?? json} `;
  const sql = head + target.text;
  const plan = await withQueryPositions(
    target,
    () => runPassthrough({ sql, offset: 0 }, context),
    [...head].length,
  );
  return (await firstColumn(plan)).join("\n");
}

/** All values of the first column; the result is closed afterwards. */
async function firstColumn(result: StatementResult): Promise<string[]> {
  if (result.kind === "fixed") return result.rows.map(([value]) => String(value));
  const values: string[] = [];
  try {
    for (;;) {
      const { rows, done } = await result.rows.take(1000, 1 << 20);
      for (const [value] of rows) values.push(value ?? "");
      if (done) return values;
      if (rows.length === 0) await result.rows.changed();
    }
  } finally {
    await result.rows.close();
  }
}
