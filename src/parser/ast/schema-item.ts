// What stands in the column list of a materialized table, and in ADD and MODIFY.

import type { SourceText } from "./source-text.ts";
import type { Identifier } from "./name.ts";

/** The type of a column. */
export interface DataType {
  /** As the user wrote it, without NULL or NOT NULL behind it. */
  readonly written: string;
  /** What PostgreSQL calls it, fit for a cast or a CREATE TABLE. */
  readonly postgres: string;
  /** False: NOT NULL was written. True: NULL was. Null: neither. */
  readonly nullable: boolean | null;
  readonly position: number;
}

export type Enforcement = "ENFORCED" | "NOT ENFORCED";

/** PRIMARY KEY or UNIQUE behind a column. */
export interface ColumnConstraint {
  readonly name: string | null;
  readonly type: "PRIMARY KEY" | "UNIQUE";
  readonly enforcement: Enforcement | null;
  readonly position: number;
}

/** A name alone: the list renames nothing, it orders. */
export interface NamedColumn {
  readonly kind: "named-column";
  /** Several parts name a field of a row, `row.field`. */
  readonly path: readonly string[];
  readonly position: number;
}
export interface PhysicalColumn {
  readonly kind: "physical-column";
  readonly path: readonly string[];
  readonly type: DataType;
  readonly constraint: ColumnConstraint | null;
  readonly comment: string | null;
  readonly position: number;
}
export interface ComputedColumn {
  readonly kind: "computed-column";
  readonly path: readonly string[];
  readonly expression: SourceText;
  readonly comment: string | null;
  readonly position: number;
}
export interface MetadataColumn {
  readonly kind: "metadata-column";
  readonly path: readonly string[];
  readonly type: DataType;
  readonly from: string | null;
  readonly virtual: boolean;
  readonly comment: string | null;
  readonly position: number;
}
export interface TableConstraint {
  readonly kind: "table-constraint";
  readonly name: string | null;
  readonly type: "PRIMARY KEY" | "UNIQUE";
  readonly columns: readonly Identifier[];
  readonly enforcement: Enforcement | null;
  readonly position: number;
}
export interface Watermark {
  readonly kind: "watermark";
  readonly path: readonly string[];
  readonly expression: SourceText;
  readonly position: number;
}

export type ColumnItem = PhysicalColumn | ComputedColumn | MetadataColumn;
/**
 * A list holds either named columns (with constraints, if you like) or the typed kinds, never both.
 */
export type SchemaItem = NamedColumn | ColumnItem | TableConstraint | Watermark;

/** An item of ADD or MODIFY; only columns have a place. */
export interface AlterItem {
  readonly item: ColumnItem | TableConstraint | Watermark;
  readonly place: ColumnPlace | null;
}
export type ColumnPlace =
  | { readonly kind: "first" }
  | { readonly kind: "after"; readonly path: readonly string[]; readonly position: number };

/** DISTRIBUTED BY … INTO n BUCKETS. */
export interface Distribution {
  readonly method: "HASH" | "RANGE" | null;
  readonly columns: readonly Identifier[];
  readonly buckets: number | null;
  readonly position: number;
}
