// A materialized table as the catalog keeps it: definition, storage, pipeline.

import type { TableId, WorkflowId } from "../common/ids.ts";
import type { Instant } from "../common/time.ts";
import type { Freshness } from "./freshness.ts";
import type { ObjectIdentifier } from "./object-identifier.ts";
import type { RefreshMode, RefreshStatus, RequestedMode } from "./refresh-mode.ts";

/** A column of the stored table. `type` is PostgreSQL's format_type text. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly typeOid: number;
  readonly nullable: boolean;
  readonly comment: string | null;
}

/** Where the ledger begins. `at` is resolved when the statement runs. */
export type StartMode =
  | { readonly kind: "FROM_BEGINNING" }
  | { readonly kind: "FROM_NOW" | "FROM_TIMESTAMP"; readonly at: Instant; readonly text: string };

/**
 * How a partition key relates to time, as the analysis of the query or the user's options found it.
 * A table whose keys have no time has no cells by schedule: its scheduled run refreshes it whole.
 */
export interface PartitionTime {
  readonly column: string;
  /** Java DateTimeFormatter pattern of a text key; null for date and timestamp columns. */
  readonly pattern: string | null;
  /** The smallest unit the key distinguishes. */
  readonly grain: PartitionGrain;
}
export type PartitionGrain =
  | "second"
  | "minute"
  | "hour"
  | "day"
  | "week"
  | "month"
  | "quarter"
  | "year";

export interface MaterializedTable {
  readonly id: TableId;
  readonly identifier: ObjectIdentifier;
  /** Text after AS as the user wrote it, back-quotes turned into double quotes, trimmed. */
  readonly originalQuery: string;
  /**
   * The same query, canonical and fully qualified: what a refresh runs under an empty search_path.
   */
  readonly expandedQuery: string;
  readonly columns: readonly Column[];
  readonly primaryKey: readonly string[];
  readonly primaryKeyName: string | null;
  readonly partitionKeys: readonly string[];
  readonly partitionTimes: readonly PartitionTime[];
  readonly options: Readonly<Record<string, string>>;
  readonly comment: string | null;
  /** Null if the clause was omitted. */
  readonly definedFreshness: Freshness | null;
  /** What is in force: the clause, or the default of the mode. */
  readonly freshness: Freshness;
  readonly requestedMode: RequestedMode;
  readonly refreshMode: RefreshMode;
  /** Why an inferred mode is what it is; null where the user asked for it. */
  readonly modeReason: string | null;
  readonly startMode: StartMode;
  /** `flink-strict` when the table was defined: Flink's limits and its single partition. */
  readonly strict: boolean;
  readonly status: RefreshStatus;
  /** IANA name; calendar arithmetic of the schedule and the partition labels. */
  readonly timeZone: string;
  /** Grows with each change of the definition; a run that pinned an older one is SUPERSEDED. */
  readonly version: number;
  readonly workflowId: WorkflowId;
  readonly createdAt: Instant;
}
