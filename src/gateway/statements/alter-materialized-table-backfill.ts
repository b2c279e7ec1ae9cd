// ALTER MATERIALIZED TABLE … BACKFILL FROM … TO …: the table's past computed again, interval by
// interval.

import type { BackfillRequest } from "../../backfill/backfills.ts";
import { GatewayError } from "../../common/gateway-error.ts";
// biome-ignore format: the name and the path do not fit on one line
import type {
  AlterMaterializedTableBackfill,
} from "../../parser/ast/alter-materialized-table-backfill.ts";
import type { PartitionLiteral } from "../../parser/ast/literal.ts";
import { optionRecord } from "../../parser/ast/option.ts";
import type { Executor } from "./executor.ts";
import { resolveObject } from "./resolve-name.ts";
import { runBackfill } from "./run-backfill.ts";
import type { StatementContext } from "./statement-context.ts";

export const alterMaterializedTableBackfill: Executor<AlterMaterializedTableBackfill> = async (
  statement,
  context,
  services,
) => runBackfill(tableBackfillRequest(statement, context), context, services);

/** The statement as the service takes it; shared with EXPLAIN. */
export function tableBackfillRequest(
  statement: AlterMaterializedTableBackfill,
  context: StatementContext,
): BackfillRequest {
  return {
    target: { kind: "table", identifier: resolveObject(statement.name, context.session) },
    from: endOf(statement.from),
    to: endOf(statement.to),
    options: optionRecord(statement.options),
  };
}

function endOf({ value, position }: PartitionLiteral): string {
  if (value !== null) return value;
  throw new GatewayError("BF-RANGE", "NULL is not the end of a range", {
    hint: "Give a value of the partition key or a timestamp.",
    position,
  });
}
