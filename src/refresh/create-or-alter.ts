// CREATE OR ALTER: declarative. What is missing is created; what is there is made to agree with the
// statement, all of it (comment, freshness and options too), or the statement is refused; what
// agrees already is left alone.

import type { MaterializedTable } from "../catalog/materialized-table.ts";
import { plainName, type ObjectIdentifier } from "../catalog/object-identifier.ts";
import type { ObjectKind } from "../catalog/catalog.ts";
import { GatewayError } from "../common/gateway-error.ts";
import { changeTable } from "./alter-table.ts";
import { createDefined } from "./create-table.ts";
import { type DefinedTable, defineTable } from "./define-table.ts";
import { appendedColumns, inTableOrder } from "./evolve-schema.ts";
import { validation } from "./flink-text.ts";
import { refuseCycle } from "./parents.ts";
import { replaceDefinition } from "./replace-definition.ts";
import { isOn } from "./table-options.ts";
import type { CreateTable, TableCreated } from "./table-requests.ts";
import type { TableServices } from "./table-services.ts";

export async function createOrAlterTable(
  services: TableServices,
  request: CreateTable,
): Promise<TableCreated> {
  const { catalog, database } = services;
  const existing = await catalog.find(database, request.identifier);
  if (existing === null) {
    const kind = await catalog.kindOf(database, request.identifier);
    if (kind !== null) throw notConvertible(request.identifier, kind);
    return createDefined(services, await defineTable(services, request, "create"));
  }
  const kept = { ...request, context: { ...request.context, timeZone: existing.timeZone } };
  const defined = await defineTable(services, kept, "createOrAlter");
  await refuseCycle(database, existing.id, defined.sources);
  return alterDefined(services, request, defined);
}

async function alterDefined(
  services: TableServices,
  request: CreateTable,
  defined: DefinedTable,
): Promise<TableCreated> {
  const { analysis, sources, now, warnings } = defined;
  let instanceId: TableCreated["instanceId"] = null;
  let outcome: TableCreated["outcome"] = "unchanged";
  const rebuild = isOn(defined.statement, "rebuild");
  const table = await changeTable(services, request.identifier, "alter", async (tx, before) => {
    const missing = (await services.catalog.relationOf(tx, before.id)) === null;
    const target = declared(before, request, defined);
    const anew = missing || (rebuild && needsAnew(before, target));
    const wanted = anew ? target : followed(before, target, request, defined);
    if (!anew && !rebuild && sameDefinition(before, wanted)) return before;
    outcome = "altered";
    const after = { ...wanted, version: before.version + 1 };
    const change = { before, after, analysis, sources, now, rebuild };
    instanceId = await replaceDefinition(tx, services, {
      ...change,
      storage: anew ? "anew" : "keep",
    });
    if (!missing || before.status === "ACTIVATED") return after;
    await services.scheduler.enable(tx, after.workflowId);
    return { ...after, status: "ACTIVATED" };
  });
  const waits = defined.statement["initial"] === "block";
  return { tableId: table.id, outcome, instanceId, waits, warnings };
}

/**
 * The table as the statement declares it; what the statement leaves out of mode and start stays.
 */
function declared(
  before: MaterializedTable,
  request: CreateTable,
  { declaration }: DefinedTable,
): MaterializedTable {
  if (request.mode !== "AUTOMATIC" && declaration.refreshMode !== before.refreshMode) {
    throw new GatewayError("MT-EVOLVE-MODE", "the refresh mode cannot be changed here", {
      hint: "ALTER MATERIALIZED TABLE … SET REFRESH_MODE changes it.",
      flink: validation("Changing of REFRESH MODE is unsupported"),
    });
  }
  const keepsMode = request.mode === "AUTOMATIC";
  return {
    ...before,
    ...declaration,
    requestedMode: keepsMode ? before.requestedMode : declaration.requestedMode,
    ...(request.freshness === null
      ? { freshness: before.freshness, definedFreshness: before.definedFreshness }
      : {}),
    startMode: request.startMode === null ? before.startMode : declaration.startMode,
    strict: before.strict,
    status: before.status,
  };
}

function needsAnew(before: MaterializedTable, target: MaterializedTable): boolean {
  return (
    !sameList(before.partitionKeys, target.partitionKeys) ||
    !sameList(before.primaryKey, target.primaryKey) ||
    !target.columns
      .slice(0, before.columns.length)
      .every((column, index) => sameColumn(column, before.columns[index])) ||
    target.columns.length < before.columns.length
  );
}

/**
 * The stored table stays: partitioning and key must, columns are appended. Throws MT-PART-CHANGE,
 * MT-EVOLVE-*.
 */
function followed(
  before: MaterializedTable,
  target: MaterializedTable,
  request: CreateTable,
  { declaration }: DefinedTable,
): MaterializedTable {
  if (!sameList(before.partitionKeys, target.partitionKeys)) {
    throw new GatewayError("MT-PART-CHANGE", "PARTITIONED BY differs from that of the table", {
      hint: "WITH ('rebuild' = 'true') makes the table anew.",
    });
  }
  if (request.primaryKey !== null && !sameList(before.primaryKey, target.primaryKey)) {
    throw new GatewayError("MT-EVOLVE-KEY", "the primary key differs from that of the table", {
      hint: "WITH ('rebuild' = 'true') makes the table anew.",
    });
  }
  const declaredColumns = inTableOrder(before.columns, declaration.columns);
  const added = appendedColumns(before.columns, declaredColumns);
  const typed = request.columns.kind === "typed" ? request.columns.columns : [];
  const kept = before.columns.map((column) => {
    const own = typed.find((candidate) => candidate.name === column.name);
    return own === undefined ? column : { ...column, comment: own.comment };
  });
  const { primaryKey, primaryKeyName } = before;
  return { ...target, columns: [...kept, ...added], primaryKey, primaryKeyName };
}

/** True if nothing that is stored would change. */
function sameDefinition(before: MaterializedTable, after: MaterializedTable): boolean {
  const comparable = ({
    version: _version,
    startMode,
    modeReason: _reason,
    ...rest
  }: MaterializedTable) => ({
    ...rest,
    startMode: startMode.kind === "FROM_BEGINNING" ? startMode.kind : startMode.text,
  });
  return canonical(comparable(before)) === canonical(comparable(after));
}

/** JSON with sorted keys: options may come in another order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

function sameColumn(
  a: { readonly name: string; readonly type: string },
  b: { readonly name: string; readonly type: string } | undefined,
): boolean {
  return b !== undefined && a.name === b.name && a.type === b.type;
}

function notConvertible(identifier: ObjectIdentifier, kind: ObjectKind): GatewayError {
  return new GatewayError(
    "MT-CONVERT-DISABLED",
    `${kind} "${identifier.name}" is not a materialized table`,
    {
      flink: validation(
        `Table ${plainName(identifier)} is not a materialized table. Only materialized table ` +
          "support create or alter operation.",
      ),
    },
  );
}
