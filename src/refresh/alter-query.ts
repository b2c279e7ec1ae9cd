// ALTER MATERIALIZED TABLE … AS: another query, columns appended at the end. Key, partitioning,
// options, freshness and comment stay.

import type { MaterializedTable } from "../catalog/materialized-table.ts";
import { GatewayError } from "../common/gateway-error.ts";
import type { QueryDescription } from "../query/describe.ts";
import { changeTable } from "./alter-table.ts";
import { describe, readClock, resolveSources } from "./define-table.ts";
import { deriveSchema } from "./derive-schema.ts";
import { appendedColumns, inTableOrder } from "./evolve-schema.ts";
import { findTable } from "./find-table.ts";
import { refuseCycle } from "./parents.ts";
import { checkPartitionKeys, partitionTimes } from "./partition-times.ts";
import { replaceDefinition } from "./replace-definition.ts";
import { checkStatementOptions, isOn } from "./table-options.ts";
import type { AlterQuery, TableAltered } from "./table-requests.ts";
import type { TableServices } from "./table-services.ts";

export async function alterQuery(
  services: TableServices,
  request: AlterQuery,
): Promise<TableAltered> {
  checkStatementOptions(request.options, "alterQuery");
  const known = await findTable(services, request.identifier, "alter");
  const context = { ...request.context, timeZone: known.timeZone };
  const description = await describe(services, request.identifier, context, request.query);
  const sources = await resolveSources(services.database, description.sources);
  await refuseCycle(services.database, known.id, sources);
  let queued: TableAltered["instanceId"] = null;
  const table = await changeTable(services, request.identifier, "alter", async (tx, before) => {
    const rebuild = isOn(request.options, "rebuild");
    const follows = !rebuild || canFollow(before, description);
    const after = withQuery(before, request.query, description, follows);
    queued = await replaceDefinition(tx, services, {
      before,
      after,
      analysis: description.analysis,
      sources,
      now: await readClock(tx),
      storage: follows ? "keep" : "anew",
      rebuild,
    });
    return after;
  });
  const warnings = description.analysis.notes.map((note) => note.message);
  return { tableId: table.id, instanceId: queued, warnings };
}

/**
 * The table with the new query; `follows`: the stored table stays. Throws MT-EVOLVE-*, MT-SCHEMA-*,
 * MT-PART-*.
 */
export function withQuery(
  table: MaterializedTable,
  originalQuery: string,
  description: QueryDescription,
  follows: boolean,
): MaterializedTable {
  const query = inTableOrder(table.columns, description.columns);
  const columns = follows
    ? [...table.columns, ...appendedColumns(table.columns, query)]
    : keyedColumns(table, description);
  checkPartitionKeys(table.partitionKeys, description.columns);
  const analysed = new Map(description.analysis.columns.map((each) => [each.name, each.time]));
  return {
    ...table,
    originalQuery,
    expandedQuery: description.expandedQuery,
    columns,
    partitionTimes: partitionTimes(table.partitionKeys, columns, table.options, analysed),
    version: table.version + 1,
  };
}

function keyedColumns(table: MaterializedTable, description: QueryDescription) {
  const key =
    table.primaryKey.length === 0
      ? null
      : { name: table.primaryKeyName, columns: table.primaryKey };
  return deriveSchema(description.columns, { kind: "query" }, key, table.strict).columns;
}

/** True if the stored table can take the new query's rows after columns were appended. */
export function canFollow(table: MaterializedTable, description: QueryDescription): boolean {
  try {
    appendedColumns(table.columns, inTableOrder(table.columns, description.columns));
    return true;
  } catch (error) {
    if (error instanceof GatewayError) return false;
    throw error;
  }
}
