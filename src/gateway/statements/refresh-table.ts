// POST …/materialized-tables/:identifier/refresh: the twin of ALTER … REFRESH that schedulers
// outside call. Periodic: the partitions that a scheduled time is about; manual: the partitions
// that are given. It works for suspended tables too.

import type { PartitionSpec } from "../../catalog/partition.ts";
import type { InstanceId } from "../../common/ids.ts";
import type { RefreshTable, RefreshTableRequest } from "../rest/ports.ts";
import { refreshResult } from "./alter-materialized-table-refresh.ts";
import { awaitRun } from "./await-run.ts";
import type { StatementServices } from "./executor.ts";
import { parseIdentifier } from "./parse-identifier.ts";
import { resolveObject } from "./resolve-name.ts";
import type { StatementContext } from "./statement-context.ts";

/** Binds the services; the result is what the gateway calls. */
export function makeRefreshTable(services: StatementServices): RefreshTable {
  return async (request, context) => {
    warnOfOptions(request, context);
    const instance = await queueRun(request, context, services);
    await awaitRun(instance, context, services);
    return refreshResult(instance);
  };
}

async function queueRun(
  request: RefreshTableRequest,
  context: StatementContext,
  { tables }: StatementServices,
): Promise<InstanceId> {
  const identifier = resolveObject(parseIdentifier(request.identifier), context.session);
  const { scheduleTime } = request;
  const timeZone = context.property("table.local-time-zone") ?? "UTC";
  const { instanceId } = request.isPeriodic
    ? await tables.refreshAt({ identifier, scheduleTime, timeZone })
    : await tables.refresh({
        identifier,
        partition: givenPartition(request),
        cascade: false,
        options: {},
      });
  return instanceId;
}

function givenPartition({ staticPartitions }: RefreshTableRequest): PartitionSpec | null {
  return staticPartitions.size === 0 ? null : Object.fromEntries(staticPartitions);
}

/** Flink adds them as hints for the sink; here there is nothing that they could change. */
function warnOfOptions({ dynamicOptions }: RefreshTableRequest, context: StatementContext): void {
  if (dynamicOptions.size === 0) return;
  context.notice({
    severity: "WARNING",
    message: `dynamic options have no effect: ${[...dynamicOptions.keys()].join(", ")}`,
    sqlstate: "01000",
    detail: undefined,
    hint: "ALTER MATERIALIZED TABLE … SET changes the options of a table.",
  });
}
