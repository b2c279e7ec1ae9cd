// From a partition spec to ranges of base columns (pure).

import type { PartitionTime } from "../catalog/materialized-table.ts";
import type { PartitionSpec } from "../catalog/partition.ts";
import type { QueryAnalysis, RestrictionPlace } from "./query-analysis.ts";

/** `column >= from AND column < to` on one reference of a relation; bounds are texts in the column's type. */
export interface SourceRange {
  readonly relation: string;
  readonly column: string;
  readonly columnType: string;
  readonly from: string;
  readonly to: string;
  /** Zone in which a bound without offset is wall clock time of a timestamptz column; null for other types. */
  readonly zone: string | null;
  readonly place: RestrictionPlace;
}

export interface RestrictionInput {
  readonly analysis: QueryAnalysis;
  readonly partitionTimes: readonly PartitionTime[];
  readonly specs: readonly PartitionSpec[];
  readonly timeZone: string;
}

export interface RestrictionPlan {
  /** Ready for the `stage` step. */
  readonly restrictions: readonly SourceRange[];
  /** Lines for EXPLAIN: which relation is read by range and whether an index is there, or why none is. */
  readonly notes: readonly string[];
}

/** The hull of all instants that carry a label of `specs`; nothing where it is not proven right. */
export declare function restrictionsFor(input: RestrictionInput): RestrictionPlan;
