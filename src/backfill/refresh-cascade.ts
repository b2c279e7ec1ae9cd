// REFRESH … CASCADE: the refresh itself, queued as any other, is the one interval of a backfill,
// below which the tables that read it are backfilled level by level. All in one transaction.

import { renderPartition } from "../catalog/partition.ts";
import type { InstanceId } from "../common/ids.ts";
import { cellKeysOf } from "../refresh/cell-rule.ts";
import { intervalOfSpec } from "../refresh/cells.ts";
import { findTable } from "../refresh/find-table.ts";
import { submitRefresh } from "../refresh/request-refresh.ts";
import { isOn } from "../refresh/table-options.ts";
import type { RefreshTable } from "../refresh/table-requests.ts";
import { readClock } from "../workflows/stored-workflow.ts";
import { readOptions } from "./backfill-options.ts";
import type { BackfillServices } from "./backfills.ts";
import { planCascade } from "./cascade.ts";
import { newBackfill } from "./create-backfill.ts";

/** Throws MT-*. Beside a backfill that runs it is as welcome as a REFRESH. */
export async function refreshCascade(
  services: BackfillServices,
  asked: RefreshTable,
): Promise<{ readonly instanceId: InstanceId; readonly backfillId: string }> {
  const table = await findTable(services, asked.identifier, "refresh");
  return services.database.transaction(async (tx) => {
    const alone = { ...asked, cascade: false };
    const { instanceId, request } = await submitRefresh(tx, services, table, alone);
    const [spec] = request.kind === "manual" ? request.partitions : [];
    const keys = cellKeysOf(table);
    const period = keys === null || spec === undefined ? null : intervalOfSpec(keys, spec);
    const label = spec === undefined ? "" : renderPartition(spec, table.partitionKeys);
    const options = readOptions({});
    const written = { range: { from: label, to: label }, options: {} };
    const { workflowId } = table;
    const plan = { workflowId, table, period, intervals: [] };
    const backfillId = await services.runs.create(tx, {
      ...newBackfill(plan, options, written),
      exclusive: false,
      intervals: [{ interval: period, partition: label, reason: null, instanceId }],
    });
    const how = { force: isOn(asked.options, "force"), now: await readClock(tx) };
    for (const step of await planCascade(tx, services.catalog, { table, period }, how)) {
      await services.runs.create(tx, {
        ...newBackfill(step.plan, { ...options, force: how.force }, written),
        exclusive: false,
        parent: { id: backfillId, level: step.level },
      });
    }
    return { instanceId, backfillId };
  });
}
