// ALTER of what surrounds the query: freshness, mode, options, name, comment, SUSPEND and RESUME.
// Each is one transaction over definition and workflow. Only what touches the stored table locks
// it: a refresh that runs is waited for, readers never are.

import type { MaterializedTable } from "../catalog/materialized-table.ts";
import { flinkName, type ObjectIdentifier } from "../catalog/object-identifier.ts";
import type { RequestedMode } from "../catalog/refresh-mode.ts";
import { GatewayError } from "../common/gateway-error.ts";
import { asId, type InstanceId } from "../common/ids.ts";
import { hasSqlState, type Tx } from "../common/pg.ts";
import { sql } from "../common/sql.ts";
import { checkCondition } from "./define-table.ts";
import { findTable, notFound, type TableVerb } from "./find-table.ts";
import { execution } from "./flink-text.ts";
import { partitionTimes } from "./partition-times.ts";
import { resolveFreshness } from "./resolve-freshness.ts";
import { resolveMode } from "./resolve-mode.ts";
import { loadAnalysis } from "./stored-analysis.ts";
import {
  checkStatementOptions,
  checkTableOptions,
  isOn,
  type TableOptions,
} from "./table-options.ts";
import type { IntervalLiteral, TableAltered } from "./table-requests.ts";
import type { TableServices } from "./table-services.ts";
import { tableWorkflow } from "./table-workflow.ts";

/** Changes the definition under its row lock; `body` gives the new one. */
export async function changeTable(
  services: TableServices,
  identifier: ObjectIdentifier,
  verb: TableVerb,
  body: (tx: Tx, table: MaterializedTable) => Promise<MaterializedTable>,
): Promise<MaterializedTable> {
  const { id } = await findTable(services, identifier, verb);
  return services.database.transaction(async (tx) => {
    const table = await services.catalog.lockById(tx, id);
    if (table === null) throw notFound(identifier, verb);
    const changed = await body(tx, table);
    await services.catalog.update(tx, changed);
    return changed;
  });
}

/** Gives the workflow the schedule and policies of the definition as it is now. */
export async function rescheduleTable(
  tx: Tx,
  { scheduler }: Pick<TableServices, "scheduler">,
  table: MaterializedTable,
): Promise<void> {
  const analysis = await loadAnalysis(tx, table.id);
  await scheduler.alterWorkflow(tx, table.workflowId, tableWorkflow(table, analysis));
}

export async function setFreshness(
  services: TableServices,
  identifier: ObjectIdentifier,
  literal: IntervalLiteral,
): Promise<TableAltered> {
  return altered(
    await changeTable(services, identifier, "alter", async (tx, table) => {
      const freshness = resolveFreshness(literal, table.strict);
      const mode = resolveMode(table.requestedMode, freshness, services.settings, table.strict);
      const changed = { ...table, ...mode };
      await rescheduleTable(tx, services, changed);
      return changed;
    }),
  );
}

export async function setRefreshMode(
  services: TableServices,
  identifier: ObjectIdentifier,
  mode: RequestedMode,
): Promise<TableAltered> {
  return altered(
    await changeTable(services, identifier, "alter", async (tx, table) => {
      const resolved = resolveMode(mode, table.definedFreshness, services.settings, table.strict);
      const changed = { ...table, ...resolved };
      await rescheduleTable(tx, services, changed);
      return changed;
    }),
  );
}

export async function setOptions(
  services: TableServices,
  identifier: ObjectIdentifier,
  options: TableOptions,
): Promise<TableAltered> {
  if (Object.keys(options).length === 0) {
    throw new GatewayError("MT-SET-EMPTY", "SET needs at least one option");
  }
  const checked = checkTableOptions(options, null);
  const table = await changeTable(services, identifier, "alter", (tx, before) =>
    withOptions(tx, services, before, { ...before.options, ...checked.stored }),
  );
  return altered(table, checked.warnings);
}

export async function resetOptions(
  services: TableServices,
  identifier: ObjectIdentifier,
  keys: readonly string[],
): Promise<TableAltered> {
  if (keys.length === 0) throw new GatewayError("MT-RESET-EMPTY", "RESET needs at least one key");
  if (keys.includes("connector")) {
    throw new GatewayError("MT-RESET-CONNECTOR", "option 'connector' cannot be reset");
  }
  return altered(
    await changeTable(services, identifier, "alter", (tx, table) => {
      const kept = Object.entries(table.options).filter(([key]) => !keys.includes(key));
      return withOptions(tx, services, table, Object.fromEntries(kept));
    }),
  );
}

/** Options that the stored table was made by; another value would need another table. */
const fixedOptions = ["pk.enforced", "flink-strict", "storage.partitioned"];

/**
 * The table with these options instead; its workflow follows. Throws MT-OPTION-VALUE for a fixed
 * one.
 */
export async function withOptions(
  tx: Tx,
  services: TableServices,
  table: MaterializedTable,
  options: TableOptions,
): Promise<MaterializedTable> {
  const moved = fixedOptions.find((key) => table.options[key] !== options[key]);
  if (moved !== undefined) {
    throw new GatewayError("MT-OPTION-VALUE", `option '${moved}' is fixed when a table is created`);
  }
  if (options["refresh.condition"] !== table.options["refresh.condition"]) {
    await checkCondition(services, table.identifier, options, table.timeZone);
  }
  const analysis = await loadAnalysis(tx, table.id);
  const analysed = new Map(analysis.columns.map((column) => [column.name, column.time]));
  const times = partitionTimes(table.partitionKeys, table.columns, options, analysed);
  const changed = { ...table, options, partitionTimes: times };
  await services.scheduler.alterWorkflow(tx, table.workflowId, tableWorkflow(changed, analysis));
  return changed;
}

export async function renameTable(
  services: TableServices,
  identifier: ObjectIdentifier,
  name: string,
): Promise<TableAltered> {
  const target = { ...identifier, name };
  const table = await changeTable(services, identifier, "alter", async (tx, before) => {
    const taken = await services.catalog.kindOf(tx, target);
    if (taken !== null) throw new GatewayError("MT-EXISTS", `${taken} "${name}" exists already`);
    await refuseReaders(tx, services, before);
    await lockStored(tx, services, before);
    await services.storage.rename(tx, identifier.database, identifier.name, name);
    const changed = { ...before, identifier: target, version: before.version + 1 };
    await rescheduleTable(tx, services, changed);
    return changed;
  });
  return altered(table);
}

/** The queries of other materialized tables name it; views of PostgreSQL follow by themselves. */
async function refuseReaders(
  tx: Tx,
  { catalog }: TableServices,
  table: MaterializedTable,
): Promise<void> {
  const readers = await catalog.dependents(tx, table.id);
  const reader = readers.find((dependent) => dependent.tableId !== null);
  if (reader === undefined) return;
  throw new GatewayError(
    "MT-DEPENDENTS",
    `materialized table "${table.identifier.name}" cannot be renamed, for others read it`,
    {
      detail: `Materialized table "${reader.database}.${reader.name}" names it in its query.`,
      hint: "Give those another query first, or drop them.",
    },
  );
}

export async function commentTable(
  services: TableServices,
  identifier: ObjectIdentifier,
  comment: string | null,
): Promise<TableAltered> {
  const table = await changeTable(services, identifier, "alter", async (tx, before) => {
    await lockStored(tx, services, before);
    const changes = { addColumns: [], dropColumns: [], retypeColumns: [], columnComments: [] };
    const { database, name } = identifier;
    await services.storage.alter(tx, database, name, { ...changes, comment });
    return { ...before, comment };
  });
  return altered(table);
}

/** Waits for refreshes of the table, not for readers. Throws MT-BUSY, MT-STORAGE-MISSING. */
export async function lockStored(
  tx: Tx,
  { storage, settings }: TableServices,
  { identifier }: MaterializedTable,
): Promise<void> {
  try {
    await storage.lock(tx, identifier.database, identifier.name, settings.lockTimeout);
  } catch (cause) {
    if (hasSqlState(cause, "42P01")) throw storageMissing(identifier, cause);
    if (!hasSqlState(cause, "55P03")) throw cause;
    throw new GatewayError(
      "MT-BUSY",
      `materialized table "${identifier.name}" is being refreshed or changed`,
      { hint: "Try again when the refresh has ended, or stop it with STOP JOB.", cause },
    );
  }
}

export function storageMissing(identifier: ObjectIdentifier, cause?: unknown): GatewayError {
  return new GatewayError(
    "MT-STORAGE-MISSING",
    `the stored table of "${identifier.name}" was dropped from outside`,
    { hint: "CREATE OR ALTER MATERIALIZED TABLE makes it anew.", cause },
  );
}

export async function suspendTable(
  services: TableServices,
  identifier: ObjectIdentifier,
  options: TableOptions,
): Promise<void> {
  checkStatementOptions(options, "suspend");
  await changeTable(services, identifier, "suspend", async (tx, table) => {
    if (table.status === "SUSPENDED") throw alreadyIn(identifier, "suspended");
    await services.scheduler.disable(tx, table.workflowId);
    if (isOn(options, "cancel")) {
      for (const id of await openInstances(tx, table)) await services.scheduler.cancel(tx, id);
    }
    return { ...table, status: "SUSPENDED" };
  });
}

export async function resumeTable(
  services: TableServices,
  identifier: ObjectIdentifier,
  options: TableOptions,
): Promise<TableAltered> {
  const checked = checkTableOptions(options, null);
  const table = await changeTable(services, identifier, "resume", async (tx, before) => {
    if (before.status === "ACTIVATED") throw alreadyIn(identifier, "resumed");
    if ((await services.catalog.relationOf(tx, before.id)) === null) {
      throw storageMissing(identifier);
    }
    const merged = { ...before.options, ...checked.stored };
    const changed =
      Object.keys(checked.stored).length === 0
        ? before
        : await withOptions(tx, services, before, merged);
    await services.scheduler.enable(tx, before.workflowId);
    return { ...changed, status: "ACTIVATED" };
  });
  return altered(table, checked.warnings);
}

/** Instances of the table's workflow that have not ended. */
export async function openInstances(
  tx: Tx,
  { workflowId }: Pick<MaterializedTable, "workflowId">,
): Promise<readonly InstanceId[]> {
  const rows = await tx.query<{ id: string }>(sql`
    SELECT instance_id AS id FROM sluice_private.instances WHERE workflow_id = ${workflowId}`);
  return rows.map((row) => asId<InstanceId>(row.id));
}

function alreadyIn(identifier: ObjectIdentifier, state: "suspended" | "resumed"): GatewayError {
  const code = state === "suspended" ? "MT-STATE-SUSPENDED" : "MT-STATE-ACTIVE";
  const words = state === "suspended" ? "is suspended already" : "is active already";
  return new GatewayError(code, `materialized table "${identifier.name}" ${words}`, {
    flink: execution(
      `Materialized table ${flinkName(identifier)} refresh workflow has been ${state}.`,
    ),
  });
}

function altered(table: MaterializedTable, warnings: readonly string[] = []): TableAltered {
  return { tableId: table.id, instanceId: null, warnings };
}
