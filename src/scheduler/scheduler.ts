// The scheduler as the rest of Sluice sees it. Methods with a transaction only leave rows behind;
// the loop decides what to do about them (and is woken at commit by NOTIFY; polling alone is
// enough).

import type { Tx } from "../common/pg.ts";
import type { DataInterval, Duration, Instant } from "../common/time.ts";
import type { InstanceId, WorkflowId } from "../common/ids.ts";
import type { Claim, RetryPolicy, Trigger } from "./task-runner.ts";

export const overlapPolicies = ["queue", "skip", "replace"] as const;
export type OverlapPolicy = (typeof overlapPolicies)[number];

export const catchupPolicies = ["none", "last", "all"] as const;
export type CatchupPolicy = (typeof catchupPolicies)[number];

/** When a workflow runs: nothing but data, stored with the version. */
export type ScheduleSpec =
  | { readonly kind: "manual" }
  | { readonly kind: "cron"; readonly expression: string }
  /** Freshness slots: `amount` of `unit`, anchored (see schedule.ts). */
  | {
      readonly kind: "every";
      readonly amount: number;
      readonly unit: "SECOND" | "MINUTE" | "HOUR" | "DAY" | "WEEK";
      /** Where the slots of values outside Flink's set begin; null: aligned to the clock. */
      readonly anchor: Instant | null;
    };

/** Names and values as a user wrote them. */
export type Texts = Readonly<Record<string, string>>;

export interface TaskDefinition {
  readonly name: string;
  readonly comment: string | null;
  /** Names of tasks of the same workflow that must be done before. */
  readonly upstream: readonly string[];
  /** Handed to the runner as it is. */
  readonly action: Readonly<Record<string, unknown>>;
  /** As written; over those of the workflow, for this task alone. */
  readonly variables: Texts;
  /** As written; what they mean stands in the fields below. */
  readonly options: Texts;
  /** A query, handed to the runner: false or no row ends the task SKIPPED. Null: none. */
  readonly condition: string | null;
  /** Its own if `options` has one, else the workflow's or the default. */
  readonly queue: string;
  readonly retry: RetryPolicy;
  /** Per attempt; null: none. */
  readonly timeout: Duration | null;
  /** True: an attempt that was lost may have done its work, and is not made again. */
  readonly once?: boolean;
}

export interface WorkflowDefinition {
  readonly kind: "table" | "user";
  /** PostgreSQL schema. */
  readonly database: string;
  readonly name: string;
  readonly comment: string | null;
  readonly schedule: ScheduleSpec;
  readonly timeZone: string;
  /** Slots before this instant do not exist. */
  readonly startAt: Instant | null;
  /** Slots from this instant on do not exist. */
  readonly endAt: Instant | null;
  readonly overlap: OverlapPolicy;
  readonly catchup: CatchupPolicy;
  /** As written; resolved when an instance is made, which keeps what came out. */
  readonly variables: Texts;
  /** As written; what they mean stands in the fields beside them and in those of the tasks. */
  readonly options: Texts;
  readonly tasks: readonly TaskDefinition[];
}

/** A run that somebody asks for. */
export interface NewInstance {
  readonly workflowId: WorkflowId;
  readonly trigger: Trigger;
  readonly interval: DataInterval;
  readonly request: Readonly<Record<string, unknown>>;
  /** Time that variables are computed from; the interval's end if it is left out. */
  readonly scheduledAt?: Instant;
  /** Over those of tasks and workflow, as written; names must be the workflow's. */
  readonly variables?: Texts;
  /** The place it takes in a backfill. */
  readonly backfill?: BackfillPlace;
  /** An id that somebody was told already; one is drawn if it is left out. */
  readonly instanceId?: InstanceId;
}

export interface BackfillPlace {
  readonly id: string;
  readonly ordinal: number;
  /** Instead of the queue of tasks without a `queue` among their own options; null: none. */
  readonly queue: string | null;
}

/** What is made again of an instance that has ended. */
export type RerunSpec =
  | { readonly kind: "all" }
  /** What failed, what failed for that, and what was canceled. */
  | { readonly kind: "failed" }
  | { readonly kind: "task"; readonly task: string; readonly downstream: boolean };

export interface QueueOptions {
  /** Tasks that may run at a time, over all gateways; 1 or more. */
  readonly concurrency: number;
}

export type InstanceStatus =
  | "PENDING"
  | "RUNNING"
  | "SUCCESSFUL"
  | "FAILED"
  | "CANCELED"
  | "SKIPPED";

export interface InstanceState {
  readonly instanceId: InstanceId;
  readonly status: InstanceStatus;
  readonly detail: string | null;
  readonly errorCode: string | null;
  readonly error: string | null;
}

/**
 * Transactions given to it are READ COMMITTED: disable must see what was queued while it waited for
 * its lock.
 */
export interface Scheduler {
  /** Stores version 1; disabled until `enable`. */
  createWorkflow(tx: Tx, definition: WorkflowDefinition): Promise<WorkflowId>;
  /** Stores a new version; open instances keep theirs, the cursor is recomputed from now. */
  alterWorkflow(tx: Tx, id: WorkflowId, definition: WorkflowDefinition): Promise<void>;
  /** Removes the workflow and what has not started; running work is canceled; history stays. */
  dropWorkflow(tx: Tx, id: WorkflowId): Promise<void>;
  /** The schedule runs from now on; time before is never missed. Idempotent. */
  enable(tx: Tx, id: WorkflowId): Promise<void>;
  /** No scheduled, catch-up or retry run starts after the commit. Idempotent. */
  disable(tx: Tx, id: WorkflowId): Promise<void>;
  /** Queues a run; it starts as soon as its claim and queue allow. */
  submit(tx: Tx, instance: NewInstance): Promise<InstanceId>;
  /** Asks for the end of an instance; false if it has ended already or is unknown. */
  cancel(tx: Tx, id: InstanceId): Promise<boolean>;
  /**
   * An instance that has ended is open again, with the same id, version, variables and time.
   * Throws WF-INSTANCE-UNKNOWN, WF-INSTANCE-RUNNING, WF-TASK-UNKNOWN.
   */
  rerun(tx: Tx, id: InstanceId, what: RerunSpec): Promise<void>;
  /**
   * The task counts as done, SUCCESSFUL with detail MARKED; what failed or waits for it is open
   * again. Throws WF-INSTANCE-UNKNOWN, WF-TASK-UNKNOWN, WF-TASK-RUNNING.
   */
  markTask(tx: Tx, id: InstanceId, task: string): Promise<void>;
  /** As markTask, SKIPPED. */
  skipTask(tx: Tx, id: InstanceId, task: string): Promise<void>;
  /** False if there was one of that name: nothing is changed then. */
  createQueue(tx: Tx, name: string, options: QueueOptions): Promise<boolean>;
  /** What runs beyond a lowered limit runs on. Throws WF-QUEUE-UNKNOWN. */
  alterQueue(tx: Tx, name: string, options: QueueOptions): Promise<void>;
  /** False if there was none. Throws WF-QUEUE-IN-USE, for `default-queue` and `tables` too. */
  dropQueue(tx: Tx, name: string): Promise<boolean>;
  /** The state now, from live and history tables; null if unknown. */
  find(id: InstanceId): Promise<InstanceState | null>;
  /** Resolves when the instance has ended; rejects only if `signal` aborts. */
  awaitEnd(id: InstanceId, signal: AbortSignal): Promise<InstanceState>;
}

/**
 * Given by main: which resource and which part of it a task will touch. Pure; called when instances
 * are made; may throw a GatewayError, which then is the end of the instance. Null: the task
 * excludes nobody.
 */
export type ClaimOf = (
  action: Readonly<Record<string, unknown>>,
  run: {
    readonly trigger: Trigger;
    readonly interval: DataInterval;
    readonly request: Readonly<Record<string, unknown>>;
    readonly scheduledAt: Instant;
    /** Resolved, those of the task included. */
    readonly variables: Texts;
    /** Of the workflow. */
    readonly timeZone: string;
  },
) => Claim | null;
