// What is known about a query after looking at its canonical text: data only, so that plans can be
// made, stored and printed from it. Made by analyse.ts; everything here errs on the safe side: what
// could not be proven is absent, nullable or "not local".

import type { PartitionGrain } from "../catalog/materialized-table.ts";
import type { ColumnLineage } from "./column-lineage.ts";

export const sourceKinds = [
  "table",
  "partitioned",
  "view",
  "matview",
  "foreign",
  "sequence",
] as const;
export type SourceKind = (typeof sourceKinds)[number];

/** A relation the query reads, by itself or through views. */
export interface QuerySource {
  readonly schema: string;
  readonly name: string;
  readonly oid: number;
  readonly kind: SourceKind;
  /** True if the query's own text does not name it: a view's definition does. */
  readonly throughView: boolean;
}

/** Why rows of one partition depend on rows of others, so that it cannot be recomputed alone. */
export const localityCodes = [
  "LIMIT",
  "WINDOW",
  "DISTINCT_ON",
  "SCALAR_AGG",
  "AGG_KEY",
  "GROUPING_SETS",
  "RECURSIVE",
  "CTE",
  "SUBQUERY",
  "NONDETERMINISTIC",
  "LINEAGE",
] as const;
export type LocalityCode = (typeof localityCodes)[number];

/**
 * A reason not to be key-local; `message` is a phrase in lower case, for the detail of an error and
 * for EXPLAIN.
 */
export interface LocalityReason {
  readonly code: LocalityCode;
  readonly message: string;
}

/** The types of columns that can be restricted by range, without precision. */
export type TemporalType = "date" | "timestamp" | "timestamptz";

/** How a base column becomes the value of an output column, applied from left to right. */
export type Transformation =
  /**
   * The moment as wall clock time; zone null means the session's (the table's) zone. Only of
   * timestamptz.
   */
  | { readonly kind: "local"; readonly zone: string | null }
  /**
   * A date or timestamp as timestamptz in the session's zone, on the way to to_char or date_trunc.
   */
  | { readonly kind: "zoned" }
  | { readonly kind: "date" }
  | { readonly kind: "date_trunc"; readonly unit: PartitionGrain }
  /** PostgreSQL's template, not Java's. */
  | { readonly kind: "to_char"; readonly pattern: string }
  /**
   * Asserted by the user ('partition.fields.c.source'): the label follows from the table's
   * partition times.
   */
  | { readonly kind: "named" };

/**
 * Where a restriction on a reference of a relation goes, in UTF-16 offsets of the canonical text.
 */
export interface RestrictionPlace {
  /**
   * True: `[open, close)` is the condition of a WHERE. False: there is none, and both are where one
   * would begin.
   */
  readonly where: boolean;
  readonly open: number;
  readonly close: number;
  /** How the level calls the relation and its column. */
  readonly alias: string;
  readonly aliasColumn: string;
}

/**
 * A column of a relation that feeds an output column monotonically: equal labels come from one
 * stretch of it.
 */
export interface PartitionSource {
  /** `schema.name`, for people. */
  readonly relation: string;
  readonly column: string;
  /** format_type text. */
  readonly columnType: string;
  /** Empty: the plain column. */
  readonly transformations: readonly Transformation[];
  /**
   * What the transformations yield: `text`, `date`, `timestamp` or `timestamptz`; `any` if
   * asserted.
   */
  readonly valueType: TemporalType | "text" | "any";
  readonly place: RestrictionPlace;
  /** True if an index of the relation (or of its partitions) begins with the column. */
  readonly indexed: boolean;
}

/** How an output column relates to time: what partition cells need. */
export interface TimeKey {
  readonly grain: PartitionGrain;
  /** Java DateTimeFormatter pattern of a text column; null for date and timestamp columns. */
  readonly pattern: string | null;
}

export interface OutputColumn {
  readonly name: string;
  /** False only if proven: a NOT NULL column carried through, or count(). */
  readonly nullable: boolean;
  /** Null if partitions by this column can be recomputed alone. */
  readonly notLocal: LocalityReason | null;
  /**
   * One for each branch of a UNION that could be traced; an untraced branch is simply not
   * restricted.
   */
  readonly sources: readonly PartitionSource[];
  readonly time: TimeKey | null;
  /**
   * Columns of date or time that it is, unchanged: a condition on it reaches them by itself. Absent
   * in analyses that an earlier build stored.
   */
  readonly plain?: readonly PlainColumn[];
  /** References of relations of which only rows with its value matter. Absent as above. */
  readonly passes?: readonly RelationPass[];
}

/** See passes.ts. */
export interface RelationPass {
  /** `schema.name`. */
  readonly relation: string;
  readonly column: string;
  /** How many references of the relation pass by this column. */
  readonly references: number;
  /** False: the output column is a monotone function of the relation's. */
  readonly plain: boolean;
}

export interface PlainColumn {
  /** `schema.name`, for people. */
  readonly relation: string;
  readonly column: string;
  /** format_type text. */
  readonly columnType: string;
  readonly indexed: boolean;
}

/** Something worth a warning at CREATE and a line in EXPLAIN. */
export interface QueryNote {
  readonly code:
    | "NONDETERMINISTIC"
    | "ORDER_NOT_TOTAL"
    | "NOT_LOCKABLE"
    | "VIEW_KEY"
    | "FROZEN_TIME";
  /** A phrase in lower case without full stop. */
  readonly message: string;
}

/** A temporal column of a relation that the query's own text refers to. */
export interface ColumnReference {
  /** As the level calls the relation. */
  readonly alias: string;
  /** As a source that a user may assert, with the one step `named`. */
  readonly source: PartitionSource;
}

export interface QueryAnalysis {
  readonly sources: readonly QuerySource[];
  readonly references: readonly ColumnReference[];
  readonly columns: readonly OutputColumn[];
  /** What feeds each column. Absent in analyses that an earlier build stored. */
  readonly lineage?: readonly ColumnLineage[];
  /** False if the result depends on the moment or on chance. */
  readonly deterministic: boolean;
  readonly notes: readonly QueryNote[];
  /** How often each relation (`schema.name`) is referred to, views followed. Absent as above. */
  readonly reads?: Readonly<Record<string, number>>;
}

/**
 * Null if the partitions by `keys` (all names of output columns) can be recomputed alone, else the
 * first reason.
 */
export function whyNotLocal(
  analysis: QueryAnalysis,
  keys: readonly string[],
): LocalityReason | null {
  for (const key of keys) {
    const column = analysis.columns.find((each) => each.name === key);
    if (!column) return { code: "LINEAGE", message: `the query has no column ${key}` };
    if (column.notLocal) return column.notLocal;
  }
  return null;
}
