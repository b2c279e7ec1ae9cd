// What a statement asks of the service of materialized tables (materialized-tables.ts), free of any
// grammar: the gateway's executors translate their AST into these values. Names are as PostgreSQL
// stores them (already folded).

import type { InstanceId, TableId } from "../common/ids.ts";
import type { ObjectIdentifier } from "../catalog/object-identifier.ts";
import type { PartitionSpec } from "../catalog/partition.ts";
import type { RequestedMode } from "../catalog/refresh-mode.ts";

/** What of the session a definition depends on; stored with it, never looked up again. */
export interface DefinitionContext {
  /** Schemas in which unqualified names of the query are looked up, first match wins. */
  readonly searchPath: readonly string[];
  /** IANA name or offset: `table.local-time-zone` of the session. */
  readonly timeZone: string;
}

/** An interval literal as written: `INTERVAL -'30' SECOND` is {negative, "30", "SECOND", null}. */
export interface IntervalLiteral {
  readonly negative: boolean;
  /** Between the quotes, unchanged. */
  readonly text: string;
  /** Upper case, singular. */
  readonly unit: string;
  /** Of `DAY TO HOUR`; null for a single unit. */
  readonly toUnit: string | null;
}

export interface StartModeClause {
  readonly kind:
    | "FROM_BEGINNING"
    | "FROM_NOW"
    | "FROM_TIMESTAMP"
    | "RESUME_OR_FROM_BEGINNING"
    | "RESUME_OR_FROM_NOW"
    | "RESUME_OR_FROM_TIMESTAMP";
  /** Of the NOW kinds; null: from this moment. */
  readonly interval: IntervalLiteral | null;
  /** Of the TIMESTAMP kinds; `local`: WITH LOCAL TIME ZONE, else wall time in UTC. */
  readonly timestamp: { readonly text: string; readonly local: boolean } | null;
}

/**
 * A physical column of a typed list. `type` is the text of the type, in Flink's or PostgreSQL's
 * words.
 */
export interface DeclaredColumn {
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
  readonly comment: string | null;
}

export interface DeclaredKey {
  /** Null: `PK_<column>[_<column>]`. */
  readonly name: string | null;
  readonly columns: readonly string[];
}

/** The list in brackets after the name; `query`: there was none, or a constraint alone. */
export type DeclaredColumns =
  | { readonly kind: "query" }
  | { readonly kind: "names"; readonly names: readonly string[] }
  | { readonly kind: "typed"; readonly columns: readonly DeclaredColumn[] };

export interface CreateTable {
  readonly identifier: ObjectIdentifier;
  readonly context: DefinitionContext;
  readonly ifNotExists: boolean;
  readonly columns: DeclaredColumns;
  readonly primaryKey: DeclaredKey | null;
  readonly comment: string | null;
  readonly partitionKeys: readonly string[];
  /** WITH (…), statement options included; they are taken out and not stored. */
  readonly options: Readonly<Record<string, string>>;
  readonly startMode: StartModeClause | null;
  readonly freshness: IntervalLiteral | null;
  /** AUTOMATIC: no clause. */
  readonly mode: RequestedMode;
  /** Text after AS: back-quotes already double quotes, trimmed, no semicolon. */
  readonly query: string;
}

export interface AlterQuery {
  readonly identifier: ObjectIdentifier;
  readonly context: DefinitionContext;
  /** Options of `ALTER … WITH (…) AS`: only `rebuild`. */
  readonly options: Readonly<Record<string, string>>;
  readonly query: string;
}

export interface AlterSchema {
  readonly identifier: ObjectIdentifier;
  readonly context: DefinitionContext;
  /** Columns of the table with another type or comment; a comment of null leaves it. */
  readonly columns: readonly DeclaredColumn[];
  /** The key from now on; null: unchanged. */
  readonly primaryKey: DeclaredKey | "drop" | null;
}

export interface RefreshTable {
  readonly identifier: ObjectIdentifier;
  /** Null: the whole table. A subset of the keys names every partition that agrees with it. */
  readonly partition: PartitionSpec | null;
  readonly cascade: boolean;
  /** Statement options: only `force`. */
  readonly options: Readonly<Record<string, string>>;
}

/** A periodic refresh asked for over Flink's endpoint: the partitions of one scheduled time. */
export interface RefreshAtTime {
  readonly identifier: ObjectIdentifier;
  /** `yyyy-MM-dd HH:mm:ss` in `timeZone`; null is refused. */
  readonly scheduleTime: string | null;
  readonly timeZone: string;
}

/** What became of a CREATE. */
export interface TableCreated {
  readonly tableId: TableId;
  /**
   * created: new; altered: CREATE OR ALTER changed it; unchanged: nothing to do, or IF NOT EXISTS.
   */
  readonly outcome: "created" | "altered" | "unchanged";
  /** The first load (or the rebuild) that was queued; null if there is none to wait for. */
  readonly instanceId: InstanceId | null;
  /** `'initial' = 'block'`: the statement waits for that run; a new table goes if it fails. */
  readonly waits: boolean;
  readonly warnings: readonly string[];
}

/** What became of an ALTER: the run it queued, if it did, and what the user should hear. */
export interface TableAltered {
  readonly tableId: TableId;
  readonly instanceId: InstanceId | null;
  readonly warnings: readonly string[];
}

/** One line of SHOW PARTITIONS: Flink's column first, then ours. */
export interface PartitionRow {
  /** `k1=v1/k2=v2` */
  readonly partition: string;
  readonly state: string;
  readonly dataTimestamp: number | null;
  readonly rowCount: number | null;
  readonly lastRunId: string | null;
  readonly reason: string | null;
}

/** Property and value, in the order in which DESCRIBE EXTENDED prints them. */
export interface DetailRow {
  readonly name: string;
  readonly value: string | null;
}
