// ALTER MATERIALIZED TABLE … REFRESH [PARTITION (…)]: queues a run and answers its id; with
// 'table.dml-sync' it waits for the end and fails with the run's error. CASCADE queues backfills of
// the tables below, which nobody waits for.

import type { InstanceId } from "../../common/ids.ts";
// biome-ignore format: the name and the path do not fit on one line
import type {
  AlterMaterializedTableRefresh,
} from "../../parser/ast/alter-materialized-table-refresh.ts";
import { optionRecord } from "../../parser/ast/option.ts";
import type { RefreshTable } from "../../refresh/table-requests.ts";
import { awaitRun } from "./await-run.ts";
import type { Executor } from "./executor.ts";
import { column, stringMapType, tableResult } from "./fixed-results.ts";
import { resolveObject } from "./resolve-name.ts";
import type { StatementContext } from "./statement-context.ts";
import type { FixedResult } from "./statement-result.ts";
import { partitionOf } from "./table-literals.ts";

export const alterMaterializedTableRefresh: Executor<AlterMaterializedTableRefresh> = async (
  statement,
  context,
  services,
) => {
  const request = refreshRequest(statement, context);
  const { instanceId } = await (request.cascade
    ? services.backfills.refreshCascade(request)
    : services.tables.refresh(request));
  await awaitRun(instanceId, context, services);
  return refreshResult(instanceId);
};

/** The statement as the service takes it; shared with EXPLAIN. */
export function refreshRequest(
  statement: AlterMaterializedTableRefresh,
  context: StatementContext,
): RefreshTable {
  return {
    identifier: resolveObject(statement.name, context.session),
    partition: partitionOf(statement.partition),
    cascade: statement.cascade,
    options: optionRecord(statement.options),
  };
}

/** The row that names the run. The page itself carries no job id, as in Flink. */
export function refreshResult(instanceId: InstanceId): FixedResult {
  const cluster = { "execution.target": "sluice", "workflow.instance": instanceId };
  return tableResult(
    [column("job id"), column("cluster info", stringMapType)],
    [[instanceId, cluster]],
  );
}
