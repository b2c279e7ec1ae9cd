// The PARTITION (…) of a statement, checked and in the words of the ledger: keys are partition
// columns, values are cast by the server to the column's type and printed back, so that '2026-1-31'
// and DATE '2026-01-31' are one cell.

import { isTextType } from "../catalog/flink-type.ts";
import type { MaterializedTable } from "../catalog/materialized-table.ts";
import type { PartitionSpec } from "../catalog/partition.ts";
import { GatewayError } from "../common/gateway-error.ts";
import { hasSqlState, type Queryable } from "../common/pg.ts";
import { sql, trusted } from "../common/sql.ts";
import { validation } from "./flink-text.ts";

/** What of a table a spec is checked against. */
type SpecTable = Pick<MaterializedTable, "partitionKeys" | "columns" | "strict">;

/**
 * Throws MT-SPEC-UNKNOWN, MT-SPEC-NONSTRING (strict), MT-SPEC-VALUE. `on`: a transaction in the
 * table's zone.
 */
export async function resolveSpec(
  on: Queryable,
  table: SpecTable,
  spec: PartitionSpec,
): Promise<PartitionSpec> {
  checkKeys(table, Object.keys(spec));
  const resolved: Record<string, string | null> = {};
  for (const key of table.partitionKeys) {
    if (!(key in spec)) continue;
    resolved[key] = await castValue(on, table, key, spec[key] ?? null);
  }
  return resolved;
}

function checkKeys(table: SpecTable, keys: readonly string[]): void {
  const unknown = keys.filter((key) => !table.partitionKeys.includes(key));
  if (unknown.length > 0) {
    throw new GatewayError("MT-SPEC-UNKNOWN", `"${unknown.join('", "')}" is no partition column`, {
      detail:
        table.partitionKeys.length === 0
          ? "The table is not partitioned."
          : `The partition columns are ${table.partitionKeys.join(", ")}.`,
      flink: validation(
        `The partition spec contains unknown partition keys:\n\n${unknown.join("\n")}\n\n` +
          `All known partition keys are:\n\n${table.partitionKeys.join("\n")}`,
      ),
    });
  }
  const others = table.strict ? keys.filter((key) => !isTextType(typeOf(table, key))) : [];
  if (others.length === 0) return;
  throw new GatewayError(
    "MT-SPEC-NONSTRING",
    `partition column "${others.join('", "')}" is not of a text type`,
    {
      hint: "Without flink-strict partition columns can have any type.",
      flink: validation(
        "Currently, refreshing materialized table only supports referring to char, varchar and " +
          "string type partition keys. All specified partition keys in partition specs with " +
          `unsupported types are:\n\n${others.join("\n")}`,
      ),
    },
  );
}

async function castValue(
  on: Queryable,
  table: SpecTable,
  key: string,
  value: string | null,
): Promise<string | null> {
  const type = typeOf(table, key);
  if (value === null || isTextType(type)) return value;
  // Words like 'yesterday' would mean another day each day.
  const isTime = /^(date|time)/.test(type);
  if (isTime && !/^\s*([+-]?\d|-?infinity)/i.test(value)) throw noValue(value, key, type);
  try {
    // The type's text is the server's own format_type.
    const rows = await on.query<{ value: string }>(
      sql`SELECT CAST(CAST(${value}::text AS ${trusted(type)}) AS text) AS value`,
    );
    return rows[0]?.value ?? null;
  } catch (cause) {
    if (!hasSqlState(cause, "22")) throw cause;
    throw noValue(value, key, type, cause);
  }
}

function noValue(value: string, key: string, type: string, cause?: unknown): GatewayError {
  return new GatewayError(
    "MT-SPEC-VALUE",
    `"${value}" is no value of partition column "${key}" of type ${type}`,
    { cause },
  );
}

function typeOf(table: SpecTable, key: string): string {
  return table.columns.find((column) => column.name === key)?.type ?? "text";
}
