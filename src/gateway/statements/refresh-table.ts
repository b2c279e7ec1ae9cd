// POST …/materialized-tables/:identifier/refresh: the twin of ALTER … REFRESH that schedulers
// outside call. Periodic: the partitions that the slot ending at the scheduler's time is about
// (under flink-strict Flink's single one); manual: the partitions that are given. It works for
// suspended tables too.

import type { MaterializedTable } from "../../catalog/materialized-table.ts";
import type { PartitionSpec } from "../../catalog/partition.ts";
import type { InstanceId } from "../../common/ids.ts";
import { databaseClock } from "../../common/pg.ts";
import { sql } from "../../common/sql.ts";
import { present } from "../../common/assert.ts";
import type { Instant } from "../../common/time.ts";
import { cellKeysOf } from "../../refresh/cell-rule.ts";
import { cellsOfInterval, parseScheduleTime } from "../../refresh/partition-variables.ts";
import { scheduleOf as scheduleOfFreshness } from "../../refresh/schedule-of.ts";
import { submitRun } from "../../refresh/submit-run.ts";
import { scheduleOf } from "../../scheduler/schedule.ts";
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
    const identifier = resolveObject(parseIdentifier(request.identifier), context.session);
    warnOfOptions(request, context);
    const instance = request.isPeriodic
      ? await periodicRun(await services.tables.get(identifier, "refresh"), request, services)
      : (
          await services.tables.refresh({
            identifier,
            partition: givenPartition(request),
            cascade: false,
            options: {},
          })
        ).instanceId;
    await awaitRun(instance, context, services);
    return refreshResult(instance);
  };
}

function givenPartition({ staticPartitions }: RefreshTableRequest): PartitionSpec | null {
  return staticPartitions.size === 0 ? null : Object.fromEntries(staticPartitions);
}

function periodicRun(
  table: MaterializedTable,
  request: RefreshTableRequest,
  { database, scheduler }: StatementServices,
): Promise<InstanceId> {
  const partitions = partitionsOfSlot(table, request.scheduleTime);
  return database.transaction(async (tx) => {
    const [row] = await tx.query<{ now: Instant }>(sql`SELECT ${databaseClock} AS now`);
    return submitRun(tx, scheduler, {
      workflowId: table.workflowId,
      trigger: "MANUAL",
      request: { kind: "manual", partitions, force: false },
      now: present(row, "the clock answers one row").now,
    });
  });
}

/** None means the whole table: its partitions have no time. */
function partitionsOfSlot(table: MaterializedTable, time: string | null): PartitionSpec[] {
  const column = table.partitionTimes[0]?.column ?? "";
  const at = parseScheduleTime(time, table.timeZone, table.identifier, column);
  const keys = cellKeysOf(table);
  if (keys === null) return [];
  const spec = scheduleOfFreshness(table.freshness, table.timeZone, table.createdAt);
  const rule = {
    keys,
    lookback: 0,
    strictFreshness: table.strict ? table.freshness : null,
    from: null,
  };
  const interval = scheduleOf(spec, table.timeZone).intervalEndingAt(at);
  return cellsOfInterval(rule, interval).map((cell) => cell.spec);
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
