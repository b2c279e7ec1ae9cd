// Schedulers on a real database: a runner that does what the test says, and conditions to wait for.

import { systemClock, systemRandom } from "../../src/common/clock.ts";
import { type Database, openDatabase } from "../../src/common/pg.ts";
import { sql } from "../../src/common/sql.ts";
import { type Instant, instant, milliseconds, seconds } from "../../src/common/time.ts";
import { DurableScheduler } from "../../src/scheduler/durable/durable-scheduler.ts";
import { pgWorkflowStore } from "../../src/scheduler/durable/pg-store.ts";
import { pgWakeSource } from "../../src/scheduler/durable/pg-wake-source.ts";
import {
  defaultSchedulerOptions,
  type SchedulerOptions,
  type SchedulerPorts,
} from "../../src/scheduler/durable/scheduler-options.ts";
import type {
  ScheduleSpec,
  TaskDefinition,
  WorkflowDefinition,
} from "../../src/scheduler/scheduler.ts";
import type {
  Claim,
  ClaimedTask,
  TaskContext,
  TaskOutcome,
  TaskRunner,
} from "../../src/scheduler/task-runner.ts";

export type RunBody = (task: ClaimedTask, context: TaskContext) => Promise<TaskOutcome>;

export const succeed: RunBody = () => Promise.resolve({ kind: "succeeded" });

/** Remembers what it ran; runs `body`. */
export class RecordingRunner implements TaskRunner {
  readonly started: ClaimedTask[] = [];
  readonly startedAt: number[] = [];
  readonly #body: RunBody;

  constructor(body: RunBody = succeed) {
    this.#body = body;
  }

  run(task: ClaimedTask, context: TaskContext): Promise<TaskOutcome> {
    this.started.push(task);
    this.startedAt.push(systemClock.now());
    return this.#body(task, context);
  }
}

export interface TestScheduler {
  readonly scheduler: DurableScheduler;
  readonly database: Database;
  readonly errors: unknown[];
  readonly runner: RecordingRunner;
  /** Stops it with nothing to drain and closes its pool. */
  close(): Promise<void>;
}

/** A claim from the action's own words: `{resource, scopes}`. */
export function claimOf(action: Readonly<Record<string, unknown>>): Claim | null {
  const { resource, scopes } = action as { resource?: string; scopes?: Claim["scopes"] };
  return resource === undefined ? null : { resource, scopes: scopes ?? null };
}

export function testScheduler(
  url: string,
  runner: RecordingRunner,
  settings: Partial<SchedulerOptions & SchedulerPorts> & { readonly listen?: boolean } = {},
): TestScheduler {
  const errors: unknown[] = [];
  const database = openDatabase({
    url,
    max: 10,
    applicationName: "scheduler under test",
    onError: (error) => errors.push(error),
  });
  const onError = (error: unknown) => errors.push(error);
  const ports: SchedulerPorts = {
    store: pgWorkflowStore(database),
    clock: systemClock,
    random: systemRandom,
    runner,
    claimOf,
    reap: async (pid, startedAt) => {
      await database.query(sql`
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE pid = ${pid} AND backend_start = ${startedAt}::timestamptz`);
    },
    isDeadProcess: () => false,
    wakeSource: settings.listen === false ? null : pgWakeSource(database, systemClock, onError),
    onError,
    ...settings,
  };
  const options: SchedulerOptions = {
    ...defaultSchedulerOptions,
    host: "test",
    pid: 1,
    version: "0",
    recoveryPoll: milliseconds(100),
    ...settings,
  };
  const scheduler = new DurableScheduler(ports, options);
  return {
    scheduler,
    database,
    errors,
    runner,
    async close() {
      await scheduler.stop(milliseconds(0));
      await database.close();
    },
  };
}

/**
 * Waits until `condition` gives something; looks every few milliseconds, fails after ten seconds.
 */
export async function until<T>(
  what: string,
  condition: () => Promise<T | null | undefined | false> | T | null | undefined | false,
): Promise<T> {
  const end = systemClock.monotonic() + seconds(10);
  for (;;) {
    const value = await condition();
    if (value !== null && value !== undefined && value !== false) return value;
    if (systemClock.monotonic() > end) throw new Error(`waited in vain for: ${what}`);
    await systemClock.sleep(milliseconds(5));
  }
}

export function taskDefinition(name: string, parts: Partial<TaskDefinition> = {}): TaskDefinition {
  return {
    name,
    comment: null,
    upstream: [],
    action: {},
    variables: {},
    options: {},
    condition: null,
    queue: "default-queue",
    retry: { retries: 0, delay: milliseconds(0), backoff: 1 },
    timeout: null,
    ...parts,
  };
}

export function workflowDefinition(
  name: string,
  parts: Partial<WorkflowDefinition> = {},
): WorkflowDefinition {
  return {
    kind: "user",
    database: "public",
    name,
    comment: null,
    schedule: { kind: "manual" },
    timeZone: "UTC",
    startAt: null,
    endAt: null,
    overlap: "queue",
    catchup: "last",
    variables: {},
    options: {},
    tasks: [taskDefinition("main")],
    ...parts,
  };
}

/** A table's workflow: one task on the resource of that name. */
export function tableDefinition(
  name: string,
  schedule: ScheduleSpec,
  parts: Partial<WorkflowDefinition> = {},
): WorkflowDefinition {
  const action = { resource: name };
  return workflowDefinition(`table:${name}`, {
    kind: "table",
    schedule,
    tasks: [taskDefinition("refresh", { action, queue: "tables" })],
    ...parts,
  });
}

/** The empty interval of a run that somebody asks for now. */
export function nowInterval(): { readonly start: Instant; readonly end: Instant } {
  const at = instant(systemClock.now());
  return { start: at, end: at };
}
