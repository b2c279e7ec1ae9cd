// How partition keys relate to time: decided when the table is defined, from the formatter, the
// analysis of the query and the user's options, in that order of trust. A table whose keys have no
// time has no cells by schedule. Pure.
//
//   text column   'date-formatter' (checked), else the pattern of the query's to_char, else none
//   date column   grain of the query's date_trunc, else 'grain', else day
//   timestamp     grain of the query's date_trunc, else 'grain', else none
//   any other     none

import type { Column, PartitionGrain, PartitionTime } from "../catalog/materialized-table.ts";
import { flinkType, isTextType } from "../catalog/flink-type.ts";
import { GatewayError } from "../common/gateway-error.ts";
import type { TimeKey } from "../query/query-analysis.ts";
import { grainOfPattern } from "./date-pattern.ts";
import { validation } from "./flink-text.ts";
import type { TableOptions } from "./table-options.ts";

/** A field of `'partition.fields.<column>.<field>'`. */
type PartitionField = "date-formatter" | "grain" | "source";

const grains: readonly PartitionGrain[] = [
  "year",
  "quarter",
  "month",
  "week",
  "day",
  "hour",
  "minute",
  "second",
];

/** Checks PARTITIONED BY against the query's columns. Throws MT-PART-*. */
export function checkPartitionKeys(
  keys: readonly string[],
  columns: readonly { readonly name: string }[],
): void {
  for (const [index, key] of keys.entries()) {
    if (!columns.some((column) => column.name === key)) {
      const names = columns.map((column) => column.name);
      throw new GatewayError(
        "MT-PART-NOTINQUERY",
        `partition column "${key}" is not a column of the query`,
        {
          detail: `Its columns are ${names.map((name) => `"${name}"`).join(", ")}.`,
          flink: validation(
            `Partition column '${key}' not defined in the query's schema. ` +
              `Available columns: [${names.map((name) => `'${name}'`).join(", ")}].`,
          ),
        },
      );
    }
    if (keys.indexOf(key) !== index) {
      throw new GatewayError("MT-PART-DUPLICATE", `partition column "${key}" is named twice`);
    }
  }
}

/**
 * The time keys, in the order of the partition keys. `analysed`: by column, null where the query
 * tells nothing.
 */
export function partitionTimes(
  keys: readonly string[],
  columns: readonly Column[],
  options: TableOptions,
  analysed: ReadonlyMap<string, TimeKey | null>,
): readonly PartitionTime[] {
  const fields = partitionFields(options, keys, columns);
  return keys.flatMap((name) => {
    const column = columns.find((candidate) => candidate.name === name);
    if (column === undefined) return [];
    const time = timeOf(column, fields.get(name) ?? {}, analysed.get(name) ?? null);
    return time === null ? [] : [time];
  });
}

type Fields = Partial<Record<PartitionField, string>>;

/** The partition.fields options by column. Throws MT-PART-FMT-* and MT-PART-GRAIN. */
function partitionFields(
  options: TableOptions,
  keys: readonly string[],
  columns: readonly Column[],
): ReadonlyMap<string, Fields> {
  const found = new Map<string, Fields>();
  for (const [option, value] of Object.entries(options)) {
    const match = /^partition\.fields\.(.+)\.(date-formatter|grain|source)$/.exec(option);
    const name = match?.[1];
    if (name === undefined) continue;
    if (!keys.includes(name)) throw notPartitionColumn(name, option, keys);
    const field = match?.[2] as PartitionField;
    if (field === "date-formatter") checkFormatter(option, value, columns, name);
    if (field === "grain") readGrain(name, value);
    found.set(name, { ...found.get(name), [field]: value });
  }
  return found;
}

function notPartitionColumn(name: string, option: string, keys: readonly string[]): GatewayError {
  const known = keys.length === 0 ? "''" : keys.map((key) => `'${key}'`).join(", ");
  return new GatewayError(
    "MT-PART-FMT-NOTPART",
    `column "${name}" of option '${option}' is no partition column`,
    {
      flink: validation(
        `Column '${name}' referenced by materialized table option '${option}' isn't a partition ` +
          `column. Available partition columns: [${known}].`,
      ),
    },
  );
}

function checkFormatter(
  option: string,
  pattern: string,
  columns: readonly Column[],
  name: string,
): void {
  const column = columns.find((candidate) => candidate.name === name);
  if (column !== undefined && !isTextType(column.type)) {
    throw new GatewayError(
      "MT-PART-FMT-NOTSTRING",
      `a date formatter is for a text column, but "${name}" is of type ${column.type}`,
      {
        hint: "Date and timestamp columns need none.",
        flink: validation(
          `Materialized table option '${option}' only supports referring to char, varchar and ` +
            `string type partition column. Column \`${name}\` type is ` +
            `${flinkType(column.type, column.nullable)}.`,
        ),
      },
    );
  }
  grainOfPattern(name, pattern);
}

function readGrain(name: string, value: string): PartitionGrain {
  const grain = grains.find((candidate) => candidate === value.toLowerCase());
  if (grain !== undefined) return grain;
  throw new GatewayError(
    "MT-PART-GRAIN",
    `grain "${value}" of partition column "${name}" does not exist`,
    { detail: `Expected one of ${grains.join(", ")}.` },
  );
}

function timeOf(column: Column, fields: Fields, analysed: TimeKey | null): PartitionTime | null {
  const name = column.name;
  const asked = fields.grain === undefined ? null : readGrain(name, fields.grain);
  if (isTextType(column.type)) {
    const pattern = fields["date-formatter"] ?? usablePattern(name, analysed?.pattern ?? null);
    if (pattern === null) return null;
    return { column: name, pattern, grain: grainOfPattern(name, pattern) };
  }
  if (column.type === "date") {
    const grain = analysed?.grain ?? asked ?? "day";
    if (grains.indexOf(grain) > grains.indexOf("day")) {
      throw new GatewayError("MT-PART-GRAIN", `column "${name}" of type date has no ${grain}s`);
    }
    return { column: name, pattern: null, grain };
  }
  if (!column.type.startsWith("timestamp")) return null;
  const grain = analysed?.grain ?? asked;
  return grain === null ? null : { column: name, pattern: null, grain };
}

/**
 * A pattern that the query has is a find, not an order: one that labels cannot be made of is passed
 * over.
 */
function usablePattern(column: string, pattern: string | null): string | null {
  if (pattern === null) return null;
  try {
    grainOfPattern(column, pattern);
    return pattern;
  } catch (error) {
    if (error instanceof GatewayError) return null;
    throw error;
  }
}
