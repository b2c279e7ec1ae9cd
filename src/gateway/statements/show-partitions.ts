// SHOW PARTITIONS t [PARTITION (…)]: the ledger of a materialized table, Flink's column first, then
// ours. For a partitioned table of PostgreSQL's it lists the child tables.

import { parsePartition } from "../../catalog/partition.ts";
import { plainName, type ObjectIdentifier } from "../../catalog/object-identifier.ts";
import { GatewayError } from "../../common/gateway-error.ts";
import type { ShowPartitions } from "../../parser/ast/show-partitions.ts";
import type { PartitionRow } from "../../refresh/table-requests.ts";
import { describeRelation } from "./describe-table.ts";
import type { Executor } from "./executor.ts";
import { bigintType, column, instantType, listResult, tableResult } from "./fixed-results.ts";
import { findChildTables } from "./read/find-relations.ts";
import { resolveObject } from "./resolve-name.ts";

export const showPartitions: Executor<ShowPartitions> = async (statement, context, services) => {
  const identifier = resolveObject(statement.table, context.session);
  const { table } = await describeRelation(identifier, services);
  if (table === null) {
    const children = await findChildTables(services.database, identifier.database, identifier.name);
    if (children.length === 0) throw notPartitioned(identifier);
    return listResult("partition name", children);
  }
  if (table.partitionKeys.length === 0) throw notPartitioned(identifier);
  const asked = (statement.partition ?? []).map(
    ({ key, literal }) => [key, literal.value] as const,
  );
  const unknown = asked.find(([key]) => !table.partitionKeys.includes(key));
  if (unknown !== undefined) throw unknownKey(unknown[0], table.partitionKeys);
  const rows = await services.tables.partitions(identifier);
  return ledgerResult(rows.filter((row) => agrees(row, asked)));
};

function agrees(row: PartitionRow, asked: readonly (readonly [string, string | null])[]): boolean {
  const spec = parsePartition(row.partition);
  return asked.every(([key, value]) => spec[key] === value);
}

function ledgerResult(rows: readonly PartitionRow[]) {
  const columns = [
    column("partition name"),
    column("state"),
    column("data timestamp", instantType),
    column("rows", bigintType),
    column("last run"),
    column("reason"),
  ];
  return tableResult(
    columns,
    rows.map((row) => [
      row.partition,
      row.state,
      row.dataTimestamp,
      row.rowCount,
      row.lastRunId,
      row.reason,
    ]),
  );
}

function notPartitioned(identifier: ObjectIdentifier): GatewayError {
  const { catalog, database, name } = identifier;
  return new GatewayError(
    "MT-NOT-PARTITIONED",
    `table "${plainName(identifier)}" is not partitioned`,
    {
      flink: {
        class: "org.apache.flink.table.catalog.exceptions.TableNotPartitionedException",
        text: `Table ${database}.${name} in catalog ${catalog} is not partitioned.`,
      },
    },
  );
}

function unknownKey(key: string, keys: readonly string[]): GatewayError {
  return new GatewayError("MT-SPEC-UNKNOWN", `"${key}" is not a partition column`, {
    detail: `The partition columns are ${keys.join(", ")}.`,
  });
}
