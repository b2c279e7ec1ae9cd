// What the scheduler knows of work: a function it was given. It never learns what a task does.

import type { Tx } from "../common/pg.ts";
import type { DataInterval, Duration, Instant } from "../common/time.ts";
import type { InstanceId, TaskInstanceId, WorkflowId } from "../common/ids.ts";

export const triggers = [
  "INITIAL",
  "SCHEDULE",
  "CATCH_UP",
  "MANUAL",
  "BACKFILL",
  "REPAIR",
  "COMMAND",
] as const;
export type Trigger = (typeof triggers)[number];

/**
 * What a claim keeps others from: a conjunction of key = value. Two conflict unless they differ on
 * a common key.
 */
export type ClaimScope = Readonly<Record<string, string | null>>;

/** The resource a task works on, and which part of it; `scopes` null means all of it. */
export interface Claim {
  readonly resource: string;
  readonly scopes: readonly ClaimScope[] | null;
}

/**
 * A task instance that this gateway holds: RUNNING with its token, until settled, lost or fenced.
 */
export interface ClaimedTask {
  readonly taskInstanceId: TaskInstanceId;
  readonly instanceId: InstanceId;
  readonly workflowId: WorkflowId;
  readonly workflowVersion: number;
  /** Name of the workflow when the instance was made. */
  readonly workflow: string;
  /** PostgreSQL schema of the workflow. */
  readonly database: string;
  readonly timeZone: string;
  readonly task: string;
  readonly trigger: Trigger;
  readonly interval: DataInterval;
  readonly scheduledAt: Instant;
  /** When it became ready to run. */
  readonly dueAt: Instant;
  /** By the database's clock, at the claim. */
  readonly claimedAt: Instant;
  /** 1 for the first. */
  readonly attempt: number;
  readonly claim: Claim | null;
  /** Resolved when the instance was made: name to value, those of the task included. */
  readonly variables: Readonly<Record<string, string>>;
  /** The task's condition as written; null: none. */
  readonly condition: string | null;
  /** From the workflow's definition: opaque to the scheduler. */
  readonly action: Readonly<Record<string, unknown>>;
  /** From the submitter of the instance: opaque to the scheduler; `{}` for scheduled ones. */
  readonly request: Readonly<Record<string, unknown>>;
}

/**
 * How one attempt ended. `retryable` says whether another attempt could help; the policy decides.
 */
export type TaskOutcome =
  | { readonly kind: "succeeded"; readonly detail?: string }
  | { readonly kind: "skipped"; readonly reason: string }
  | {
      readonly kind: "failed";
      readonly code: string;
      readonly message: string;
      readonly retryable: boolean;
    }
  | { readonly kind: "canceled"; readonly reason: string }
  /** Not now: nothing happened and nothing is counted; it is ready again from `until` on. */
  | { readonly kind: "deferred"; readonly until: Instant; readonly detail: string | null }
  /** Another gateway holds the task by now: nothing may be recorded. */
  | { readonly kind: "fenced" };

export interface TaskContext {
  /** Aborts on cancel, timeout and forced stop; `signal.reason` is the word for the record. */
  readonly signal: AbortSignal;
  /**
   * Must be called, on its own connection, before SQL is sent from backend `pid`, so that a
   * takeover can end it.
   */
  attachBackend(pid: number): Promise<void>;
  /**
   * Fence and outcome as the last statements of the task's own transaction. Throws FencedError if
   * the token is no longer ours; the caller lets it roll the transaction back.
   */
  settle(tx: Tx, outcome: TaskOutcome): Promise<void>;
  /** Progress for the user to see; unfenced, on another connection, may be dropped. */
  progress(done: number, total: number, note: string): void;
}

export interface TaskRunner {
  /**
   * Does the work. If it called `context.settle` in a transaction that committed, the outcome it
   * returns is only informative; otherwise the scheduler records what it returns. Never rejects for
   * reasons of the task.
   */
  run(task: ClaimedTask, context: TaskContext): Promise<TaskOutcome>;
}

/** Thrown by settle when the task was taken over. */
export class FencedError extends Error {
  override readonly name = "FencedError";
}

/** When and how often a failed attempt is made again. */
export interface RetryPolicy {
  /** Attempts after the first. */
  readonly retries: number;
  readonly delay: Duration;
  /** Factor from one delay to the next; 1 keeps it constant. */
  readonly backoff: number;
}
