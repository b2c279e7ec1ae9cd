// Columns, partition keys and evolution of a declaration, as pure functions.

import { describe, expect, test } from "vitest";
import type { Column } from "../../../src/catalog/materialized-table.ts";
import { flinkType } from "../../../src/catalog/flink-type.ts";
import { GatewayError } from "../../../src/common/gateway-error.ts";
import type { TimeKey } from "../../../src/query/query-analysis.ts";
import {
  type ColumnList,
  deriveSchema,
  type QueryColumn,
} from "../../../src/refresh/derive-schema.ts";
import { appendedColumns } from "../../../src/refresh/evolve-schema.ts";
import { checkPartitionKeys, partitionTimes } from "../../../src/refresh/partition-times.ts";

/** Code and Flink's sentence (or ours) of the error that `body` throws. */
function failure(body: () => unknown): string {
  try {
    body();
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return `${error.code}: ${error.flink?.text ?? error.message}`;
  }
  return "no error";
}

const shop: QueryColumn = { name: "shop", type: "text", typeOid: 25, nullable: true };
const cnt: QueryColumn = { name: "cnt", type: "bigint", typeOid: 20, nullable: false };
const query = [shop, cnt];

describe("columns", () => {
  const shown = (columns: readonly Column[]) =>
    columns.map((column) => `${column.name} ${flinkType(column.type, column.nullable)}`).join(", ");
  const typed = (name: string, type: string, notNull = false, assignable = true) => ({
    name,
    type,
    typeOid: 0,
    notNull,
    assignable,
    comment: null,
  });

  test.each<[string, ColumnList, string[], boolean, string]>([
    ["no list", { kind: "query" }, [], false, "shop STRING, cnt BIGINT NOT NULL"],
    [
      "names put in order",
      { kind: "names", names: ["cnt", "shop"] },
      [],
      false,
      "cnt BIGINT NOT NULL, shop STRING",
    ],
    [
      "types by name, the query's order stays",
      { kind: "typed", columns: [typed("cnt", "numeric(10,2)")] },
      [],
      false,
      "shop STRING, cnt DECIMAL(10, 2)",
    ],
    [
      "a key makes NOT NULL",
      { kind: "query" },
      ["shop"],
      false,
      "shop STRING NOT NULL, cnt BIGINT NOT NULL",
    ],
    [
      "strict: a typed key column",
      { kind: "typed", columns: [typed("shop", "text")] },
      ["shop"],
      true,
      "shop STRING NOT NULL, cnt BIGINT NOT NULL",
    ],
  ])("%s", (...[, list, key, strict, expected]) => {
    const schema = deriveSchema(
      query,
      list,
      key.length ? { name: null, columns: key } : null,
      strict,
    );
    expect(shown(schema.columns)).toBe(expected);
    expect(schema.primaryKeyName).toBe(key.length ? `PK_${key.join("_")}` : null);
  });

  test.each<[ColumnList, string[], string]>([
    [
      { kind: "names", names: ["shop"] },
      [],
      "MT-SCHEMA-COUNT: The number of columns in the column list must match the number " +
        "of columns in the source schema.",
    ],
    [
      { kind: "names", names: ["a", "b"] },
      [],
      "MT-SCHEMA-UNKNOWN-NAME: Column 'a' not found in the source schema.",
    ],
    [
      { kind: "names", names: ["shop", "shop"] },
      [],
      'MT-SCHEMA-DUPLICATE: column "shop" is listed twice',
    ],
    [
      { kind: "typed", columns: [typed("shop", "text"), typed("extra", "integer")] },
      [],
      "MT-SCHEMA-UNUSED-COLUMN: Invalid as physical column 'extra' is defined in the " +
        "DDL, but is not used in a query column.",
    ],
    [
      { kind: "typed", columns: [typed("cnt", "date", false, false)] },
      [],
      "MT-SCHEMA-TYPE: Incompatible types for sink column 'cnt' at position 1. The " +
        "source column has type 'BIGINT NOT NULL', while the target column has type 'DATE'.",
    ],
    [
      { kind: "typed", columns: [typed("cnt", "text"), typed("cnt", "text")] },
      [],
      'MT-SCHEMA-DUPLICATE: column "cnt" is listed twice',
    ],
    [
      { kind: "query" },
      ["nope"],
      "MT-SCHEMA-PK-MISSING: Primary key column 'nope' is not defined in the schema",
    ],
    [
      { kind: "query" },
      ["shop"],
      "MT-SCHEMA-PK-NULLABLE: Invalid primary key 'PK_shop'. Column 'shop' is nullable.",
    ],
    [
      { kind: "query" },
      ["cnt", "cnt"],
      "MT-SCHEMA-DUPLICATE: the primary key names a column twice",
    ],
  ])("strict %o, key %o", (list, key, expected) => {
    const declared = key.length ? { name: null, columns: key } : null;
    expect(failure(() => deriveSchema(query, list, declared, true))).toBe(expected);
  });
});

describe("partition keys", () => {
  const column = (name: string, type: string): Column => ({
    name,
    type,
    typeOid: 0,
    nullable: true,
    comment: null,
  });
  const columns = [
    column("ds", "text"),
    column("day", "date"),
    column("at", "timestamp with time zone"),
    column("cnt", "bigint"),
  ];
  const times = (
    keys: string[],
    options: Record<string, string>,
    analysed: Record<string, TimeKey> = {},
  ) =>
    partitionTimes(keys, columns, options, new Map(Object.entries(analysed)))
      .map((time) => `${time.column} ${time.grain} ${time.pattern}`)
      .join(", ");

  test.each<[string[], Record<string, string>, Record<string, TimeKey>, string]>([
    [["ds"], { "partition.fields.ds.date-formatter": "yyyy-MM-dd" }, {}, "ds day yyyy-MM-dd"],
    [["ds"], {}, {}, ""],
    [["ds"], {}, { ds: { grain: "month", pattern: "yyyy-MM" } }, "ds month yyyy-MM"],
    [["ds"], {}, { ds: { grain: "day", pattern: "EEE" } }, ""],
    [["day"], {}, {}, "day day null"],
    [["day"], {}, { day: { grain: "month", pattern: null } }, "day month null"],
    [["day"], { "partition.fields.day.grain": "week" }, {}, "day week null"],
    [["at"], {}, {}, ""],
    [["at"], { "partition.fields.at.grain": "hour" }, {}, "at hour null"],
    [["cnt"], {}, {}, ""],
    [["cnt", "day"], {}, {}, "day day null"],
  ])("%o %o %o", (keys, options, analysed, expected) => {
    expect(times(keys, options, analysed)).toBe(expected);
  });

  test.each<[string[], Record<string, string>, string]>([
    [
      ["ds"],
      { "partition.fields.cnt.date-formatter": "yyyy" },
      "MT-PART-FMT-NOTPART: Column 'cnt' referenced by materialized table option " +
        "'partition.fields.cnt.date-formatter' isn't a partition column. Available " +
        "partition columns: ['ds'].",
    ],
    [
      [],
      { "partition.fields.ds.date-formatter": "yyyy" },
      "MT-PART-FMT-NOTPART: Column 'ds' referenced by materialized table option " +
        "'partition.fields.ds.date-formatter' isn't a partition column. Available " +
        "partition columns: [''].",
    ],
    [
      ["cnt"],
      { "partition.fields.cnt.date-formatter": "yyyy" },
      "MT-PART-FMT-NOTSTRING: Materialized table option " +
        "'partition.fields.cnt.date-formatter' only supports referring to char, varchar " +
        "and string type partition column. Column `cnt` type is BIGINT.",
    ],
    [
      ["ds"],
      { "partition.fields.ds.date-formatter": "YYYY-MM-DD" },
      'MT-PART-FMT-PATTERN: date formatter "YYYY-MM-DD" of partition column "ds" cannot be used',
    ],
    [
      ["day"],
      { "partition.fields.day.grain": "hour" },
      'MT-PART-GRAIN: column "day" of type date has no hours',
    ],
    [
      ["day"],
      { "partition.fields.day.grain": "fortnight" },
      'MT-PART-GRAIN: grain "fortnight" of partition column "day" does not exist',
    ],
  ])("%o %o", (keys, options, expected) => {
    expect(failure(() => times(keys, options))).toBe(expected);
  });

  test.each([
    [
      ["day"],
      "MT-PART-NOTINQUERY: Partition column 'day' not defined in the query's schema. " +
        "Available columns: ['shop', 'cnt'].",
    ],
    [["shop", "shop"], 'MT-PART-DUPLICATE: partition column "shop" is named twice'],
  ])("PARTITIONED BY %o", (keys, expected) => {
    expect(failure(() => checkPartitionKeys(keys, query))).toBe(expected);
  });
});

describe("evolution", () => {
  const table: Column[] = query.map((column) => ({ ...column, comment: null }));
  const total: QueryColumn = { name: "total", type: "integer", typeOid: 23, nullable: false };

  test("columns are appended, nullable", () => {
    expect(appendedColumns(table, [...query, total])).toEqual([
      { ...total, nullable: true, comment: null },
    ]);
    expect(appendedColumns(table, query)).toEqual([]);
  });

  const append =
    "When modifying the query of a materialized table, currently only support appending " +
    "columns at the end of original schema, dropping, renaming, and reordering columns " +
    "are not supported.";
  test.each([
    [
      [shop],
      "MT-EVOLVE-DROP: Failed to modify query because drop column is unsupported. When " +
        "modifying a query, you can only append new columns at the end of original schema. " +
        "The original schema has 2 columns, but the newly derived schema from the query " +
        "has 1 columns.",
    ],
    [
      [cnt, shop],
      `MT-EVOLVE-MISMATCH: ${append}\nColumn mismatch at position 1: Original column is ` +
        `[\`shop\` STRING], but new column is [\`cnt\` BIGINT NOT ` +
        `NULL].\n${append}\nColumn mismatch at position 2: Original column is [\`cnt\` ` +
        `BIGINT NOT NULL], but new column is [\`shop\` STRING].`,
    ],
  ])("%o is refused", (columns, expected) => {
    expect(failure(() => appendedColumns(table, columns))).toBe(expected);
  });
});
