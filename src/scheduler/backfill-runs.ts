// Backfills as the scheduler sees them: a list of intervals of one workflow, each to become an
// ordinary instance, at most so many at a time. What the intervals mean is for whoever planned
// them; nothing here knows of tables.

import type { InstanceId, WorkflowId } from "../common/ids.ts";
import type { Tx } from "../common/pg.ts";
import type { DataInterval } from "../common/time.ts";
import type { Texts } from "./scheduler.ts";

/** One interval of a backfill; its place in the list is its ordinal. */
export interface BackfillInterval {
  /** Null for keys that are not time: the instance then has no extent in time. */
  readonly interval: DataInterval | null;
  /** A label; handed to the instance as `partition` of its request where `interval` is null. */
  readonly partition: string | null;
  /** Why it is not run: it is SKIPPED from the beginning; null: it is run. */
  readonly reason: string | null;
  /** An instance that runs it already, queued in the same transaction. */
  readonly instanceId?: InstanceId;
}

export interface NewBackfill {
  readonly workflowId: WorkflowId;
  /** The bounds as written. */
  readonly range: { readonly from: string; readonly to: string };
  /** The same as time; null for keys that are not time. */
  readonly period: DataInterval | null;
  /** Instances that are open at a time; 1 or more. */
  readonly parallelism: number;
  /** Instead of the queue of tasks without one of their own; null: none. */
  readonly queue: string | null;
  /** Refused if it meets another exclusive one of the workflow that has not ended. */
  readonly exclusive: boolean;
  /** Runs one tenth of the time at most. */
  readonly throttled: boolean;
  /** Over those of the workflow, as written. */
  readonly variables: Texts;
  /** Handed to each instance. */
  readonly request: Readonly<Record<string, unknown>>;
  /** As written; shown, without meaning here. */
  readonly options: Texts;
  /** Of a cascade: begins when all of the same parent with a lower level have ended well. */
  readonly parent: { readonly id: string; readonly level: number } | null;
  /** In the order of running. */
  readonly intervals: readonly BackfillInterval[];
}

export type BackfillStatus =
  | "PENDING"
  | "RUNNING"
  | "PAUSED"
  | "SUCCESSFUL"
  | "FAILED"
  | "CANCELED";

/** The figures sum to `total`. */
export interface BackfillState {
  readonly status: BackfillStatus;
  /** True as soon as none of its instances is open. */
  readonly ended: boolean;
  /** Why it ended otherwise than by its intervals. */
  readonly reason: string | null;
  readonly total: number;
  readonly pending: number;
  readonly open: number;
  readonly successful: number;
  readonly failed: number;
  readonly skipped: number;
  readonly canceled: number;
}

/**
 * Leaves rows in the caller's transaction, which is READ COMMITTED; the loop of the scheduler acts
 * upon them, woken at the commit.
 */
export interface BackfillRuns {
  /** Throws WF-NOTFOUND, WF-QUEUE-UNKNOWN, BF-OVERLAP. */
  create(tx: Tx, backfill: NewBackfill): Promise<string>;
  /** What is open ends, nothing new begins. Idempotent. Throws BF-NOTFOUND, BF-ENDED. */
  pause(tx: Tx, id: string): Promise<void>;
  /** Idempotent. Throws BF-NOTFOUND, BF-ENDED. */
  resume(tx: Tx, id: string): Promise<void>;
  /**
   * Intervals that have not begun are SKIPPED with reason `canceled`, open ones are canceled; those
   * of its cascade too. Throws BF-NOTFOUND, BF-ENDED.
   */
  cancel(tx: Tx, id: string): Promise<void>;
  /**
   * Failed and canceled intervals wait again, and with them the rest of a cascade that was given up
   * for them. Throws BF-NOTFOUND, BF-NOT-FAILED, BF-OVERLAP, WF-NOTFOUND.
   */
  retryFailed(tx: Tx, id: string): Promise<void>;
  /** Null if unknown. */
  find(id: string): Promise<BackfillState | null>;
}
