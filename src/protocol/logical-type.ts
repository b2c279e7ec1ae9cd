// The JSON form of Flink's logical types (spec §2.4): the closed set that Sluice sends.

/**
 * A type as it stands in `columns[].logicalType`; every key must be there, or Java clients fail.
 */
export type LogicalType =
  | {
      readonly type:
        | "BOOLEAN"
        | "TINYINT"
        | "SMALLINT"
        | "INTEGER"
        | "BIGINT"
        | "FLOAT"
        | "DOUBLE"
        | "DATE";
      readonly nullable: boolean;
    }
  | {
      readonly type: "CHAR" | "VARCHAR" | "BINARY" | "VARBINARY";
      readonly nullable: boolean;
      readonly length: number;
    }
  | {
      readonly type: "DECIMAL";
      readonly nullable: boolean;
      readonly precision: number;
      readonly scale: number;
    }
  | {
      readonly type:
        | "TIME_WITHOUT_TIME_ZONE"
        | "TIMESTAMP_WITHOUT_TIME_ZONE"
        | "TIMESTAMP_WITH_LOCAL_TIME_ZONE";
      readonly nullable: boolean;
      readonly precision: number;
    }
  | { readonly type: "ARRAY"; readonly nullable: boolean; readonly elementType: LogicalType }
  | {
      readonly type: "MAP";
      readonly nullable: boolean;
      readonly keyType: LogicalType;
      readonly valueType: LogicalType;
    }
  | {
      readonly type: "ROW";
      readonly nullable: boolean;
      readonly fields: readonly { readonly name: string; readonly fieldType: LogicalType }[];
    };

/** STRING: VARCHAR without a limit, nullable. */
export const stringType: LogicalType = { type: "VARCHAR", nullable: true, length: 2147483647 };
