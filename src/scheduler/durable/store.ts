// The port to whatever remembers workflows and runs. Each function is one atomic step with its
// guard inside; those that take a transaction belong to the caller's, the others commit by
// themselves. Whatever is due, leased or expired is decided by the store's own clock.
// Implementations: pg-store.ts, and a memory store with real transactions for the simulation;
// test/contract/workflow-store.contract.ts holds for both.

import type { Tx } from "../../common/pg.ts";
import type { GatewayId, InstanceId, TaskInstanceId, WorkflowId } from "../../common/ids.ts";
import type { DataInterval, Duration, Instant } from "../../common/time.ts";
import type { OpenRun } from "../policies.ts";
import type {
  BackfillPlace,
  InstanceState,
  InstanceStatus,
  QueueOptions,
  Texts,
  WorkflowDefinition,
} from "../scheduler.ts";
import type { Claim, ClaimedTask, RetryPolicy, TaskOutcome, Trigger } from "../task-runner.ts";
import type { BackfillStore } from "./backfill-store.ts";

/** Resolved when the instance is made; later versions of the workflow do not touch it. */
export interface TaskPolicy extends RetryPolicy {
  readonly timeout: Duration | null;
  /** User workflows retry every error, tables only those that another attempt could help. */
  readonly anyError: boolean;
  /** True: a lost attempt ends the task, FAILED. */
  readonly once?: boolean;
}

/** What stands around a task, as it was when its instance was made. */
export interface TaskFrame {
  /** Name of the workflow. */
  readonly workflow: string;
  readonly database: string;
  readonly timeZone: string;
  readonly condition: string | null;
  /** Resolved; over those of the instance. */
  readonly variables: Texts;
}

export interface NewTask {
  readonly taskInstanceId: TaskInstanceId;
  readonly task: string;
  readonly priority: number;
  readonly queue: string;
  /** Upstream tasks, and one more if the instance is gated. */
  readonly waiting: number;
  readonly claim: Claim | null;
  readonly action: Readonly<Record<string, unknown>>;
  readonly policy: TaskPolicy;
  readonly downstream: readonly string[];
  readonly frame: TaskFrame;
}

export interface NewInstanceRow {
  readonly instanceId: InstanceId;
  readonly workflowId: WorkflowId;
  readonly version: number;
  readonly kind: "table" | "user";
  readonly trigger: Trigger;
  readonly interval: DataInterval;
  readonly scheduledAt: Instant;
  readonly request: Readonly<Record<string, unknown>>;
  /** Resolved, those of the workflow. */
  readonly variables: Texts;
  readonly backfill: BackfillPlace | null;
  readonly gated: boolean;
  /** Set for an instance that is never run: it goes straight to history, ended like this. */
  readonly ended: TaskEnd | null;
  readonly tasks: readonly NewTask[];
}

export interface StoredWorkflow {
  readonly workflowId: WorkflowId;
  readonly version: number;
  readonly enabled: boolean;
  readonly definition: WorkflowDefinition;
  readonly nextDueAt: Instant | null;
  readonly previousFireAt: Instant | null;
  readonly revision: number;
}

/** A workflow whose cursor is in the past. */
export interface DueWorkflow extends StoredWorkflow {
  readonly nextDueAt: Instant;
  /** Open instances, backfills left out; empty for tables whose overlap is `queue`. */
  readonly open: readonly OpenRun[];
}

export interface DueBatch {
  readonly now: Instant;
  /** When the gateway that lives longest started. */
  readonly aliveSince: Instant;
  readonly due: readonly DueWorkflow[];
}

/** What one tick does to one workflow; void if the workflow changed since it was read. */
export interface TickChange {
  readonly workflowId: WorkflowId;
  readonly version: number;
  readonly revision: number;
  readonly expectedDueAt: Instant;
  readonly nextDueAt: Instant | null;
  readonly previousFireAt: Instant;
  readonly instances: readonly NewInstanceRow[];
  /** Open instances that the new one replaces. */
  readonly replaced: readonly InstanceId[];
}

/** A task that this gateway now holds. */
export interface HeldTask extends ClaimedTask {
  readonly token: number;
  readonly policy: TaskPolicy;
}

/** An outcome with the words for its record. */
export interface Settlement {
  readonly taskInstanceId: TaskInstanceId;
  readonly token: number;
  readonly outcome: Exclude<TaskOutcome, { readonly kind: "fenced" | "deferred" }>;
  /** Finer word: TIMED_OUT, … */
  readonly detail: string | null;
}

/** A task that its runner gives back: not now. */
export interface Deferral {
  readonly taskInstanceId: TaskInstanceId;
  readonly token: number;
  readonly until: Instant;
  /** Why; null: nothing but time. */
  readonly detail: string | null;
}

/** A task whose outcome is recorded and has not been acted upon. */
export interface SettledTask {
  readonly taskInstanceId: TaskInstanceId;
  readonly instanceId: InstanceId;
  readonly workflowId: WorkflowId;
  readonly kind: "table" | "user";
  readonly trigger: Trigger;
  readonly task: string;
  readonly status: InstanceStatus;
  readonly detail: string | null;
  readonly errorCode: string | null;
  readonly error: string | null;
  readonly retryable: boolean;
  readonly attempt: number;
  readonly lost: number;
  readonly policy: TaskPolicy;
  readonly downstream: readonly string[];
  /** Reason of a wish to cancel; null if there is none. */
  readonly cancel: string | null;
  /** Null: the workflow has been dropped. Read under a lock that SUSPEND waits for. */
  readonly enabled: boolean | null;
}

export interface AdvancePlan {
  readonly requeue: readonly {
    readonly taskInstanceId: TaskInstanceId;
    readonly delay: Duration;
    readonly lost: boolean;
  }[];
  /** Ended for good; `failsDownstream` null lets downstream go on, else it ends with this word. */
  readonly finish: readonly {
    readonly taskInstanceId: TaskInstanceId;
    readonly status: InstanceStatus;
    readonly detail: string | null;
    readonly failsDownstream: "UPSTREAM_FAILED" | null;
  }[];
}

/** The tasks of an instance when none is left to do. */
export interface TaskEnd {
  readonly status: InstanceStatus;
  readonly detail: string | null;
  readonly errorCode: string | null;
  readonly error: string | null;
}

export type PlanAdvance = (settled: readonly SettledTask[]) => AdvancePlan;
/** How an instance ended, from how its tasks did. */
export type EndOf = (tasks: readonly TaskEnd[], cancel: string | null) => TaskEnd;

export interface Advanced {
  readonly ended: readonly InstanceState[];
  /** Tasks acted upon. */
  readonly count: number;
  /** There is more to act upon already. */
  readonly more: boolean;
}

export interface Cancels {
  readonly ended: number;
  readonly running: readonly {
    readonly taskInstanceId: TaskInstanceId;
    readonly reason: string;
  }[];
}

export interface GatewayIdentity {
  readonly gatewayId: GatewayId;
  readonly host: string;
  readonly pid: number;
  readonly version: string;
}

/** A backend that may still work for a task whose gateway is gone. */
export interface LostTask {
  readonly taskInstanceId: TaskInstanceId;
  readonly token: number;
  readonly backend: { readonly pid: number; readonly startedAt: string } | null;
}

/** Times to come, seen from the store's clock; null: none. */
export interface Upcoming {
  readonly now: Instant;
  readonly nextDueAt: Instant | null;
  readonly nextReadyAt: Instant | null;
}

/** A task of an instance, as those see it who open it again. */
export interface InstanceTask {
  readonly taskInstanceId: TaskInstanceId;
  readonly task: string;
  readonly status: InstanceStatus;
  readonly detail: string | null;
  readonly downstream: readonly string[];
  /** Its outcome has been acted upon; always so in an instance that has ended. */
  readonly advanced: boolean;
}

/** An instance, open or ended, that nobody else changes meanwhile. */
export interface LockedInstance {
  readonly instanceId: InstanceId;
  readonly workflowId: WorkflowId;
  readonly version: number;
  readonly trigger: Trigger;
  readonly interval: DataInterval;
  readonly scheduledAt: Instant;
  readonly request: Readonly<Record<string, unknown>>;
  readonly backfill: Omit<BackfillPlace, "queue"> | null;
  readonly open: boolean;
  readonly gated: boolean;
  /** Empty for an instance that was only a row. */
  readonly tasks: readonly InstanceTask[];
}

/** A task that is PENDING again, with no attempt made. */
export interface Reopened {
  readonly taskInstanceId: TaskInstanceId;
  /** Upstream tasks whose end will be counted down; the gate is not among them. */
  readonly waiting: number;
}

export interface Reopening {
  readonly instanceId: InstanceId;
  /** Only looked at if the instance has ended. */
  readonly gated: boolean;
  readonly tasks: readonly Reopened[];
  /** A task that ends without running, MARKED. */
  readonly marked: {
    readonly taskInstanceId: TaskInstanceId;
    readonly status: "SUCCESSFUL" | "SKIPPED";
    /** True: nothing waits for it, and the instance ends otherwise; false: by advance. */
    readonly advanced: boolean;
  } | null;
}

export interface WorkflowStore extends BackfillStore {
  // In the caller's transaction ---------------------------------------

  /** Rejects with WF-EXISTS if the name is taken. Disabled, version 1. */
  insertWorkflow(tx: Tx, id: WorkflowId, definition: WorkflowDefinition): Promise<void>;
  /** The workflow, locked against ticks, and the store's clock; null if there is none. */
  lockWorkflow(tx: Tx, id: WorkflowId): Promise<(StoredWorkflow & { now: Instant }) | null>;
  /** The workflow without a lock, and the store's clock. */
  readWorkflow(tx: Tx, id: WorkflowId): Promise<(StoredWorkflow & { now: Instant }) | null>;
  /** By name; null if there is none. */
  findWorkflow(tx: Tx, database: string, name: string): Promise<WorkflowId | null>;
  /** Writes enabled, cursor and, if the version grew, the definition as that version. */
  updateWorkflow(tx: Tx, workflow: StoredWorkflow): Promise<void>;
  /** Removes the workflow; its versions stay for history. Open instances get a wish to cancel. */
  deleteWorkflow(tx: Tx, id: WorkflowId): Promise<void>;
  /** Ends what has not started of the given triggers: SKIPPED with `detail`. */
  skipPending(tx: Tx, id: WorkflowId, triggers: readonly Trigger[], detail: string): Promise<void>;
  /** End of the newest slot that has an instance; null: there is none. */
  lastSlot(tx: Tx, id: WorkflowId): Promise<Instant | null>;
  /** Open instances of a workflow, backfills left out. */
  openRuns(tx: Tx, id: WorkflowId): Promise<readonly OpenRun[]>;
  insertInstances(tx: Tx, rows: readonly NewInstanceRow[]): Promise<void>;
  /** Leaves a wish; false if no instance of that id is open. */
  requestCancel(tx: Tx, id: InstanceId, reason: string): Promise<boolean>;
  /** Fence and outcome; rejects with FencedError if the token is no longer the task's. */
  settle(tx: Tx, settlement: Settlement): Promise<void>;
  /** Wakes the loops of all gateways when the transaction commits. */
  wake(tx: Tx): Promise<void>;
  /** Queue names of `queues` that do not exist. */
  unknownQueues(tx: Tx, queues: readonly string[]): Promise<readonly string[]>;
  /** False if there is one of that name. */
  insertQueue(tx: Tx, queue: string, options: QueueOptions): Promise<boolean>;
  /** False if there is none. */
  updateQueue(tx: Tx, queue: string, options: QueueOptions): Promise<boolean>;
  /** What runs in it by current definitions or waits in it now: `workflow "a"`, … */
  queueUsers(tx: Tx, queue: string): Promise<readonly string[]>;
  /** False if there is none. */
  deleteQueue(tx: Tx, queue: string): Promise<boolean>;
  /** The definition of a version, which outlives the workflow; null if there is none. */
  readVersion(tx: Tx, id: WorkflowId, version: number): Promise<WorkflowDefinition | null>;
  /** No task of it is claimed, advanced or opened by others until the end; null if unknown. */
  lockInstance(tx: Tx, id: InstanceId): Promise<LockedInstance | null>;
  /**
   * Opens tasks of a locked instance; one that has ended comes back from history with all its
   * tasks. A wish to cancel it is forgotten then.
   */
  reopen(tx: Tx, reopening: Reopening): Promise<void>;
  /** Removes an ended instance that was only a row, for one that takes its place. */
  forgetEnded(tx: Tx, id: InstanceId): Promise<void>;

  // Time ---------------------------------------

  loadDue(limit: number): Promise<DueBatch>;
  /** Applies the changes that are not void; gives the ids of workflows that moved. */
  commitTick(changes: readonly TickChange[]): Promise<readonly WorkflowId[]>;
  upcoming(): Promise<Upcoming>;

  // Work ---------------------------------------

  /** Marks up to `limit` tasks RUNNING with new tokens; never waits for a lock. */
  claim(gatewayId: GatewayId, limit: number): Promise<readonly HeldTask[]>;
  /**
   * Gives up tasks that are still held, as if never claimed; whether they may run again, advance
   * decides.
   */
  release(
    gatewayId: GatewayId,
    tasks: readonly Pick<HeldTask, "taskInstanceId" | "token">[],
  ): Promise<void>;
  /**
   * Puts tasks that are still held back to PENDING, as if never claimed, ready at `until`; the
   * instance of a single task waits with it.
   */
  defer(tasks: readonly Deferral[]): Promise<void>;
  /** The RUNNING tasks of a gateway. */
  heldTasks(gatewayId: GatewayId): Promise<readonly Pick<HeldTask, "taskInstanceId" | "token">[]>;
  /**
   * Remembers the backend that works for a task; false if the task is no longer held by this token.
   */
  attachBackend(id: TaskInstanceId, token: number, pid: number): Promise<boolean>;
  /** Records outcomes of tasks that are still held; others are passed over. */
  record(settlements: readonly Settlement[]): Promise<void>;
  saveProgress(id: TaskInstanceId, done: number, total: number, note: string): Promise<void>;
  /** Acts upon recorded outcomes. */
  advance(limit: number, plan: PlanAdvance, endOf: EndOf): Promise<Advanced>;
  /**
   * Lets the next queued instance of each workflow go whose predecessors have ended; gives how
   * many.
   */
  openGates(): Promise<number>;
  /**
   * Ends unstarted tasks that somebody wants canceled; gives how many, and the running ones of this
   * gateway.
   */
  applyCancels(gatewayId: GatewayId): Promise<Cancels>;
  find(id: InstanceId): Promise<InstanceState | null>;

  // Gateways ---------------------------------------

  register(gateway: GatewayIdentity, lease: Duration): Promise<void>;
  /** False if the lease has run out or was taken away: the gateway must stop its work. */
  heartbeat(gatewayId: GatewayId, lease: Duration): Promise<boolean>;
  /** Ends the lease of gateways, at once. */
  expire(gatewayIds: readonly GatewayId[]): Promise<void>;
  gatewaysOn(host: string): Promise<readonly { gatewayId: GatewayId; pid: number }[]>;
  /** RUNNING tasks whose gateway has no lease any more. */
  lostTasks(limit: number): Promise<readonly LostTask[]>;
  /**
   * Takes them from their holder: token + 1, FAILED with detail LOST, to be acted upon by advance.
   */
  takeOver(tasks: readonly LostTask[]): Promise<number>;
  /** Forgets gateways whose lease ran out and that hold nothing. */
  forgetGateways(): Promise<void>;
}
