// ALTER MATERIALIZED TABLE … REFRESH: checked here, queued in one transaction, and from the claim
// on the same road as a scheduled run. Nothing is computed by the statement itself.

import type { MaterializedTable } from "../catalog/materialized-table.ts";
import type { PartitionSpec } from "../catalog/partition.ts";
import { GatewayError } from "../common/gateway-error.ts";
import type { InstanceId } from "../common/ids.ts";
import type { Tx } from "../common/pg.ts";
import { sql } from "../common/sql.ts";
import type { Instant } from "../common/time.ts";
import { type QueryAnalysis, whyNotLocal } from "../query/query-analysis.ts";
import { scheduleOf as firesOf } from "../scheduler/schedule.ts";
import { storageMissing } from "./alter-table.ts";
import { cellRuleOf } from "./cell-rule.ts";
import { readClock } from "./define-table.ts";
import { findTable } from "./find-table.ts";
import { frozenBy, isFrozenSpec } from "./frozen.ts";
import { resolveSpec } from "./partition-spec.ts";
import { cellsOfInterval, parseScheduleTime } from "./partition-variables.ts";
import { planRefresh, type RefreshPlan } from "./plan-refresh.ts";
import type { RefreshRequest } from "./refresh-request.ts";
import { scheduleOf } from "./schedule-of.ts";
import { loadAnalysis } from "./stored-analysis.ts";
import { submitRun } from "./submit-run.ts";
import { checkStatementOptions, isOn } from "./table-options.ts";
import type { RefreshAtTime, RefreshTable } from "./table-requests.ts";
import type { TableServices } from "./table-services.ts";

/** A REFRESH that has passed its checks. */
interface CheckedRefresh {
  readonly table: MaterializedTable;
  readonly request: RefreshRequest;
  readonly analysis: QueryAnalysis;
  readonly now: Instant;
}

/**
 * Queues the run of the table alone; what a cascade adds is the service of backfills' to queue.
 * Throws MT-SPEC-*, MT-PARTITION-NOT-LOCAL, MT-STORAGE-MISSING.
 */
export async function requestRefresh(
  services: TableServices,
  asked: RefreshTable,
): Promise<{ readonly instanceId: InstanceId }> {
  const known = await findTable(services, asked.identifier, "refresh");
  return services.database.transaction((tx) => submitRefresh(tx, services, known, asked));
}

/** The same in the caller's transaction, for a table that was found; gives what it computes too. */
export async function submitRefresh(
  tx: Tx,
  services: TableServices,
  known: MaterializedTable,
  asked: RefreshTable,
): Promise<{ readonly instanceId: InstanceId; readonly request: RefreshRequest }> {
  const { table, request, now } = await checkRefresh(tx, services, known, asked);
  const { workflowId } = table;
  const run = { workflowId, trigger: "MANUAL", request, now } as const;
  return { instanceId: await submitRun(tx, services.scheduler, run), request };
}

/** The plan that the run would have. */
export async function planOfRefresh(
  services: TableServices,
  asked: RefreshTable,
): Promise<{ readonly table: MaterializedTable; readonly plan: RefreshPlan | null }> {
  const known = await findTable(services, asked.identifier, "refresh");
  return services.database.transaction(async (tx) => {
    const { table, request, analysis, now } = await checkRefresh(tx, services, known, asked);
    return { table, plan: planRefresh(table, analysis, request, frozenBy(table, now)) };
  });
}

async function checkRefresh(
  tx: Tx,
  services: TableServices,
  table: MaterializedTable,
  asked: RefreshTable,
): Promise<CheckedRefresh> {
  checkStatementOptions(asked.options, "refresh");
  if ((await services.catalog.relationOf(tx, table.id)) === null) {
    throw storageMissing(table.identifier);
  }
  await tx.query(sql`SELECT pg_catalog.set_config('TimeZone', ${table.timeZone}, true)`);
  const now = await readClock(tx);
  const analysis = await loadAnalysis(tx, table.id);
  const force = isOn(asked.options, "force");
  const spec = asked.partition === null ? null : await resolveSpec(tx, table, asked.partition);
  if (spec !== null) checkLocal(table, analysis, spec);
  if (!force && spec !== null && isFrozenSpec(table, spec, now)) throw frozen(table);
  if (!force && spec === null) await refuseFrozenCells(tx, table);
  const partitions = spec === null ? [] : [spec];
  return { table, request: { kind: "manual", partitions, force }, analysis, now };
}

function checkLocal(table: MaterializedTable, analysis: QueryAnalysis, spec: PartitionSpec): void {
  const reason = whyNotLocal(analysis, Object.keys(spec));
  if (reason === null) return;
  throw new GatewayError(
    "MT-PARTITION-NOT-LOCAL",
    `materialized table "${table.identifier.name}" can only be refreshed whole`,
    {
      detail: `The rows of one partition depend on others: ${reason.message} [${reason.code}].`,
      hint: "REFRESH without PARTITION refreshes it.",
    },
  );
}

async function refuseFrozenCells(tx: Tx, table: MaterializedTable): Promise<void> {
  const rows = await tx.query(sql`
    SELECT FROM sluice_private.ledger WHERE table_id = ${table.id} AND state = 'FROZEN' LIMIT 1`);
  if (rows.length > 0) throw frozen(table);
}

function frozen(table: MaterializedTable): GatewayError {
  return new GatewayError(
    "MT-SPEC-FROZEN",
    `materialized table "${table.identifier.name}" has frozen partitions in what would ` +
      "be refreshed",
    {
      detail: `Partitions older than ${table.options["freeze.after"]} are not computed again.`,
      hint: "REFRESH … WITH ('force' = 'true') computes them all the same.",
    },
  );
}

/**
 * Flink's refresh endpoint with isPeriodic: the partitions of a scheduled time, as a run asked for
 * by hand.
 */
export async function requestRefreshAt(
  services: TableServices,
  asked: RefreshAtTime,
): Promise<{ readonly instanceId: InstanceId }> {
  const table = await findTable(services, asked.identifier, "refresh");
  const column = table.partitionTimes[0]?.column ?? "";
  const { identifier } = table;
  const at = parseScheduleTime(asked.scheduleTime, asked.timeZone, identifier, column);
  const instanceId = await services.database.transaction(async (tx) => {
    const rule = cellRuleOf(table, await loadAnalysis(tx, table.id));
    const spec = scheduleOf(table.freshness, table.timeZone, table.createdAt);
    const interval = firesOf(spec, table.timeZone).intervalEndingAt(at);
    const cells = rule === null ? [] : cellsOfInterval({ ...rule, lookback: 0 }, interval);
    const partitions = cells.map((cell) => cell.spec);
    const request: RefreshRequest = { kind: "manual", partitions, force: false };
    const now = await readClock(tx);
    const { workflowId } = table;
    return submitRun(tx, services.scheduler, { workflowId, trigger: "MANUAL", request, now });
  });
  return { instanceId };
}
