// The port to whatever stores the data. There is one engine, PostgreSQL; the simulation's fake
// keeps the same contract, transactions over metadata and data included.

import type { Tx } from "../common/pg.ts";
import type { Instant } from "../common/time.ts";
import type { PartitionSpec } from "../catalog/partition.ts";
import type { PublishTactic, RefreshStep, StageStep } from "./refresh-step.ts";

/** The table a refresh writes into, by its quoted, qualified name. */
export interface RefreshTarget {
  /** For messages and for the marks in pg_stat_activity. */
  readonly displayName: string;
  readonly database: string;
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly partitionKeys: readonly string[];
  readonly timeZone: string;
}

/** What one refresh did; all counts are rows of the target. */
export interface RefreshMeasures {
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  /** Rows the query yielded for the scope. */
  readonly staged: number;
  readonly tactic: PublishTactic;
  /** Branch of the plan's decision tree that was taken, e.g. `changed 0.02 <= 0.30`. */
  readonly branch: string;
  /** Reason code when another tactic than the planned one was used, else null. */
  readonly reason: string | null;
  /** The database's clock in the statement that took the snapshot. */
  readonly dataTimestamp: Instant;
  /**
   * Rows now in the table per partition that the scope touched; the empty spec for an unpartitioned
   * table.
   */
  readonly partitions: readonly { readonly spec: PartitionSpec; readonly rowCount: number }[];
  /** The partitions whose rows changed, in no order; the empty spec for an unpartitioned table. */
  readonly changed: readonly PartitionSpec[];
  /** OID of the table that now has the name, if a swap put another one there; absent otherwise. */
  readonly newRelation?: number;
}

export interface RefreshJob {
  readonly target: RefreshTarget;
  readonly steps: readonly RefreshStep[];
  /** True: without parallel workers, so that others keep the processors. */
  readonly serial?: boolean;
  /** Called once, as soon as the backend that does the work is known, before any work. */
  readonly onBackend: (pid: number) => Promise<void>;
  /** Told what is begun now, after `done` of `total` steps. Must not throw. */
  readonly onStep?: (done: number, total: number, what: string) => void;
  /**
   * Called last, inside the same transaction: whatever it writes commits with the data, and if it
   * throws nothing has happened. Called again in the same transaction, with other measures, if a
   * swap starved after it: what the first call wrote was rolled back by then.
   */
  readonly settle: (tx: Tx, measures: RefreshMeasures) => Promise<void>;
  /**
   * Abort cancels the running SQL in the server; the promise then rejects and the table is as
   * before.
   */
  readonly signal: AbortSignal;
}

export interface Engine {
  /**
   * Runs the steps and `settle` in one transaction. Rejects with the first error; then nothing was
   * changed.
   */
  refresh(job: RefreshJob): Promise<RefreshMeasures>;
  /** Ends the backend `(pid, startedAt)` of a dead gateway, if it still lives. */
  reap(pid: number, startedAt: string): Promise<void>;
  /** The query that the step runs, as text with its values in it: for people. Touches nothing. */
  render(target: StageTarget, step: StageStep): string;
}

/** What the query of a stage step depends on. */
export type StageTarget = Pick<RefreshTarget, "database" | "name" | "columns" | "partitionKeys">;
