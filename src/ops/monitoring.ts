// What the monitor tells: whether the materialized tables are healthy, the hourly report, and how
// far the refreshes that run now have come. An interface of its own, so that the REST surface and
// programs see it without what is behind it (monitor.ts).

import type { Instant } from "../common/time.ts";

export interface TableHealth {
  readonly database: string;
  readonly name: string;
  readonly status: "ACTIVATED" | "SUSPENDED";
  readonly healthy: boolean;
  /** In words, why not; null: healthy. */
  readonly problem: string | null;
  /** Milliseconds; null: never loaded. */
  readonly lag: number | null;
  /** Milliseconds. */
  readonly freshness: number;
  readonly lastStatus: string | null;
  readonly lastError: string | null;
}

export interface Health {
  /** By the database's clock. */
  readonly at: Instant;
  readonly healthy: boolean;
  readonly tables: readonly TableHealth[];
}

/** A suspended table counts as failed; `ratio` is 1 if there are no tables. */
export interface Report {
  readonly at: Instant;
  readonly total: number;
  readonly healthy: number;
  readonly failed: number;
  /** healthy / total, from 0 to 1. */
  readonly ratio: number;
  readonly unhealthy: readonly {
    readonly database: string;
    readonly name: string;
    readonly problem: string;
  }[];
}

/** A task that runs now. */
export interface RunProgress {
  readonly taskInstanceId: string;
  readonly instanceId: string;
  readonly database: string;
  readonly workflow: string;
  /** Null: a task of a user's workflow that refreshes no table of its own. */
  readonly tableName: string | null;
  readonly task: string;
  readonly attempt: number;
  readonly gateway: string | null;
  readonly startedAt: Instant;
  /** Step `done` of `total`, in words; null: nothing told yet. */
  readonly step: {
    readonly done: number;
    readonly total: number;
    readonly note: string;
  } | null;
  /** What its backend does, as PostgreSQL tells; null: it has none, or is idle. */
  readonly backend: {
    readonly pid: number;
    readonly state: string | null;
    readonly waitEvent: string | null;
    /** Of CREATE INDEX, COPY, ANALYZE, VACUUM or CLUSTER; null: PostgreSQL tells no progress. */
    readonly command: string | null;
    readonly phase: string | null;
    /** From 0 to 1; null: unknown. */
    readonly fraction: number | null;
  } | null;
}

export interface Monitoring {
  /** Each table as it is now. Rejects if the database cannot be reached. */
  health(): Promise<Health>;
  /** Computed now, not stored. */
  report(): Promise<Report>;
  /** The stored hourly reports, newest first. */
  reports(limit: number): Promise<readonly Report[]>;
  progress(): Promise<readonly RunProgress[]>;
}
