// What the durable scheduler is given: ports, and the few numbers that pace it. None of the numbers
// decides what is due or expired; that is the store's clock.

import type { Clock, RandomSource } from "../../common/clock.ts";
import { type Duration, milliseconds, seconds } from "../../common/time.ts";
import type { ClaimOf } from "../scheduler.ts";
import type { TaskRunner } from "../task-runner.ts";
import type { WorkflowStore } from "./store.ts";

/** Calls `onWake` whenever another gateway or a transaction asks for attention; may miss some. */
export interface WakeSource {
  start(onWake: () => void): void;
  stop(): Promise<void>;
}

export interface SchedulerPorts {
  readonly store: WorkflowStore;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly runner: TaskRunner;
  readonly claimOf: ClaimOf;
  /** Ends the backend of a dead gateway, if it still lives. */
  readonly reap: (pid: number, startedAt: string) => Promise<void>;
  /** True only if the process is certainly gone from this host. */
  readonly isDeadProcess: (pid: number) => boolean;
  /** Null: polling alone, which is enough. */
  readonly wakeSource: WakeSource | null;
  /** Told of every failure that the loop goes on after. */
  readonly onError: (error: unknown, where: string) => void;
}

export interface SchedulerOptions {
  readonly host: string;
  readonly pid: number;
  readonly version: string;
  /** How long others wait before they take over what this gateway holds. */
  readonly lease: Duration;
  /** Longest time between two looks at the store. */
  readonly poll: Duration;
  /** How often abandoned work is looked for. */
  readonly recoveryPoll: Duration;
  /** Tasks that run in this gateway at a time. */
  readonly maxRunning: number;
  /** Most tasks in one claim. */
  readonly claimBatch: number;
  /** Due workflows in one tick. */
  readonly tickBatch: number;
}

export const defaultSchedulerOptions = {
  lease: seconds(10),
  poll: seconds(1),
  recoveryPoll: milliseconds(500),
  maxRunning: 50,
  claimBatch: 50,
  tickBatch: 2500,
} as const satisfies Partial<SchedulerOptions>;
