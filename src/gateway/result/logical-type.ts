// PostgreSQL's types as Flink's logical types (spec §2.8), and how their text is to be rendered.
// Everything is nullable: PostgreSQL does not say more of a query's columns. Types that no Java
// client can take (interval, timetz, unbounded text-like types) are STRING. A numeric without a
// precision that Flink can hold is DECIMAL(38, 18).

import type { LogicalType } from "../../protocol/logical-type.ts";
import { stringType } from "../../protocol/logical-type.ts";
import type { PgType } from "./query-result.ts";

/** Both sides of a column's type. */
export interface ColumnType {
  readonly logical: LogicalType;
  readonly pg: PgType;
}

/** What pg_type says of a type that is not built in; found by type-catalog.ts. */
export type TypeShape =
  | { readonly kind: "array"; readonly element: number; readonly delimiter: string }
  | { readonly kind: "domain"; readonly base: number; readonly typmod: number }
  | {
      readonly kind: "composite";
      readonly fields: readonly {
        readonly name: string;
        readonly oid: number;
        readonly typmod: number;
      }[];
    }
  | { readonly kind: "other" };

/** Answers the shape of a type that is not built in; null if it is not known. */
export type ShapeOf = (oid: number) => TypeShape | null;

const textColumn: ColumnType = { logical: stringType, pg: { kind: "text" } };

/** Types that have no modifier. */
const plain: Readonly<Record<number, ColumnType>> = {
  16: { logical: { type: "BOOLEAN", nullable: true }, pg: { kind: "boolean" } },
  20: { logical: { type: "BIGINT", nullable: true }, pg: { kind: "integer" } },
  21: { logical: { type: "SMALLINT", nullable: true }, pg: { kind: "integer" } },
  23: { logical: { type: "INTEGER", nullable: true }, pg: { kind: "integer" } },
  26: { logical: { type: "BIGINT", nullable: true }, pg: { kind: "integer" } },
  700: { logical: { type: "FLOAT", nullable: true }, pg: { kind: "float", bits: 32 } },
  701: { logical: { type: "DOUBLE", nullable: true }, pg: { kind: "float", bits: 64 } },
  1082: { logical: { type: "DATE", nullable: true }, pg: { kind: "date" } },
  17: {
    logical: { type: "VARBINARY", nullable: true, length: 2147483647 },
    pg: { kind: "bytes" },
  },
};

/** Built-in array types and their elements; box alone has another delimiter and is text. */
const arrays: Readonly<Record<number, number>> = {
  1000: 16,
  1001: 17,
  1002: 18,
  1003: 19,
  1005: 21,
  1007: 23,
  1009: 25,
  1014: 1042,
  1015: 1043,
  1016: 20,
  1021: 700,
  1022: 701,
  1028: 26,
  1041: 869,
  1115: 1114,
  1182: 1082,
  1183: 1083,
  1185: 1184,
  1187: 1186,
  1231: 1700,
  1270: 1266,
  199: 114,
  2951: 2950,
  3807: 3802,
};

const firstNormalOid = 16384;

/** The type of a column; `shapeOf` is asked for types that are not built in only. */
export function columnType(oid: number, typmod: number, shapeOf: ShapeOf): ColumnType {
  const known = plain[oid];
  if (known !== undefined) return known;
  const element = arrays[oid];
  if (element !== undefined) return arrayOf(columnType(element, typmod, shapeOf), ",");
  switch (oid) {
    case 1042:
      return typmod < 5 ? textColumn : sized("CHAR", typmod - 4);
    case 1043:
      return typmod < 5 ? textColumn : sized("VARCHAR", typmod - 4);
    case 1700:
      return numericType(typmod);
    case 1083:
      return timeType(typmod);
    case 1114:
      return timestampType(typmod, false);
    case 1184:
      return timestampType(typmod, true);
    default:
      return oid < firstNormalOid ? textColumn : shapedType(oid, typmod, shapeOf);
  }
}

/** True if `shapeOf` would be asked for the type. */
export function needsShape(oid: number): boolean {
  return oid >= firstNormalOid;
}

function shapedType(oid: number, typmod: number, shapeOf: ShapeOf): ColumnType {
  const shape = shapeOf(oid);
  switch (shape?.kind) {
    case "array":
      return arrayOf(columnType(shape.element, typmod, shapeOf), shape.delimiter);
    case "domain":
      return columnType(shape.base, shape.typmod, shapeOf);
    case "composite":
      return rowOf(shape.fields, shapeOf);
    default:
      return textColumn;
  }
}

function sized(type: "CHAR" | "VARCHAR", length: number): ColumnType {
  return { logical: { type, nullable: true, length }, pg: { kind: "text" } };
}

function arrayOf(element: ColumnType, delimiter: string): ColumnType {
  return {
    logical: { type: "ARRAY", nullable: true, elementType: element.logical },
    pg: { kind: "array", element: element.pg, delimiter },
  };
}

function rowOf(
  fields: Extract<TypeShape, { kind: "composite" }>["fields"],
  shapeOf: ShapeOf,
): ColumnType {
  const types = fields.map((field) => ({
    name: field.name,
    type: columnType(field.oid, field.typmod, shapeOf),
  }));
  return {
    logical: {
      type: "ROW",
      nullable: true,
      fields: types.map(({ name, type }) => ({ name, fieldType: type.logical })),
    },
    pg: { kind: "composite", fields: types.map(({ name, type }) => ({ name, type: type.pg })) },
  };
}

/**
 * typmod of numeric: precision in the high half, scale in the low 11 bits (signed since PostgreSQL
 * 15).
 */
function numericType(typmod: number): ColumnType {
  const modifier = typmod - 4;
  const precision = (modifier >> 16) & 0xffff;
  const scale = ((modifier & 0x7ff) ^ 1024) - 1024;
  const fits = typmod >= 4 && precision <= 38 && scale >= 0 && scale <= precision;
  return {
    logical: {
      type: "DECIMAL",
      nullable: true,
      precision: fits ? precision : 38,
      scale: fits ? scale : 18,
    },
    pg: { kind: "numeric", scale: fits ? scale : null },
  };
}

function timeType(typmod: number): ColumnType {
  const precision = typmod < 0 ? 6 : typmod;
  return {
    logical: { type: "TIME_WITHOUT_TIME_ZONE", nullable: true, precision },
    pg: { kind: "time", precision },
  };
}

function timestampType(typmod: number, zoned: boolean): ColumnType {
  const precision = typmod < 0 ? 6 : typmod;
  return {
    logical: {
      type: zoned ? "TIMESTAMP_WITH_LOCAL_TIME_ZONE" : "TIMESTAMP_WITHOUT_TIME_ZONE",
      nullable: true,
      precision,
    },
    pg: { kind: "timestamp", precision, zoned },
  };
}
