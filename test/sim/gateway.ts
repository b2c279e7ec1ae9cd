// One simulated gateway: the real durable scheduler on the memory store, every call a message
// through the world. Its runner does what refreshes do: a transaction of its own, data written,
// outcome settled in it, commit.

import { milliseconds, seconds } from "../../src/common/time.ts";
import type { Tx } from "../../src/common/pg.ts";
import { DurableScheduler } from "../../src/scheduler/durable/durable-scheduler.ts";
import type { WorkflowStore } from "../../src/scheduler/durable/store.ts";
import {
  type ClaimedTask,
  FencedError,
  type TaskContext,
  type TaskOutcome,
} from "../../src/scheduler/task-runner.ts";
import type { MemoryDatabase, MemoryTx } from "../fakes/memory-database.ts";
import { memoryWorkflowStore } from "../fakes/memory-workflow-store.ts";
import { claimOf } from "../scheduler/harness.ts";
import type { World } from "./world.ts";

const reads: readonly string[] = [
  "find",
  "findBackfill",
  "loadDue",
  "upcoming",
  "heldTasks",
  "lostTasks",
  "gatewaysOn",
];

/** A store every function of which is a message. */
export function remoteStore(world: World, database: MemoryDatabase, owner: string): WorkflowStore {
  const local = memoryWorkflowStore(database);
  const remote = Object.entries(local).map(([name, call]) => [
    name,
    (...args: unknown[]) =>
      world.request(owner, name, () => {
        // A claim does not wait for the disk; what waits brings all that came before to it.
        if (name === "claim") database.keepBefore();
        else if (!reads.includes(name)) database.flush();
        return (call as (...of: unknown[]) => Promise<unknown>)(...args);
      }),
  ]);
  return Object.fromEntries(remote) as WorkflowStore;
}

/** A transaction whose begin and commit are messages; what happens between them is the body's. */
export async function remoteTransaction<T>(
  world: World,
  database: MemoryDatabase,
  owner: string,
  body: (tx: Tx) => Promise<T>,
): Promise<T> {
  const tx = await world.request(owner, "begin", async () => database.begin("read committed"));
  try {
    const value = await body(tx);
    await world.request(owner, "commit", async () => {
      database.flush();
      tx.commit();
    });
    return value;
  } catch (error) {
    tx.abort();
    throw error;
  }
}

export interface SimGateway {
  readonly owner: string;
  readonly scheduler: DurableScheduler;
}

export interface GatewaySettings {
  readonly host: string;
  readonly pid: number;
  readonly isDeadProcess: (pid: number) => boolean;
}

export function simGateway(
  world: World,
  database: MemoryDatabase,
  settings: GatewaySettings,
): SimGateway {
  const owner = `gateway ${settings.pid}`;
  const clock = world.clockOf(owner, world.below(1_000_000) - 500_000);
  const runner = new SimRunner(world, database, owner);
  const scheduler = new DurableScheduler(
    {
      store: remoteStore(world, database, owner),
      clock,
      random: world.randomSource(),
      runner,
      claimOf,
      reap: (pid) => world.request(owner, `reap ${pid}`, async () => database.terminate(pid)),
      isDeadProcess: settings.isDeadProcess,
      wakeSource: null,
      onError: () => undefined,
    },
    {
      host: settings.host,
      pid: settings.pid,
      version: "sim",
      lease: seconds(6),
      poll: seconds(5),
      recoveryPoll: milliseconds(2500),
      maxRunning: 5,
      claimBatch: 3,
      tickBatch: 100,
    },
  );
  return { owner, scheduler };
}

class SimRunner {
  readonly #world: World;
  readonly #database: MemoryDatabase;
  readonly #owner: string;

  constructor(world: World, database: MemoryDatabase, owner: string) {
    this.#world = world;
    this.#database = database;
    this.#owner = owner;
  }

  async run(task: ClaimedTask, context: TaskContext): Promise<TaskOutcome> {
    if (task.claim === null) return this.#plain(task, context);
    const ask = <T>(label: string, effect: () => T) =>
      this.#world.request(this.#owner, label, async () => effect());
    let tx: MemoryTx | null = null;
    try {
      tx = await ask("begin", () => this.#database.begin("repeatable read"));
      const held = tx;
      await context.attachBackend(held.backendPid);
      const word = await this.#work(context);
      if (word !== null) {
        held.abort();
        return word;
      }
      await ask("write", () => write(held, task, this.#world));
      await context.settle(held, { kind: "succeeded" });
      await ask("commit", () => {
        this.#database.flush();
        held.commit();
      });
      return { kind: "succeeded" };
    } catch (error) {
      tx?.abort();
      if (error instanceof FencedError) return { kind: "fenced" };
      return { kind: "failed", code: "08006", message: String(error), retryable: true };
    }
  }

  /** Takes a while; null if all went well. One in five does not listen to its signal. */
  async #work(context: TaskContext): Promise<TaskOutcome | null> {
    const world = this.#world;
    const deaf = world.chance(0.2);
    const length = world.chance(0.1) ? 20_000 : 3000;
    const pause = milliseconds(world.below(length));
    const clock = world.clockOf(this.#owner, 0);
    await clock.sleep(pause, deaf ? undefined : context.signal);
    if (context.signal.aborted && !deaf) {
      return { kind: "canceled", reason: String(context.signal.reason) };
    }
    if (!world.chance(0.1)) return null;
    return { kind: "failed", code: "40001", message: "bad luck", retryable: world.chance(0.7) };
  }

  /** Work without a transaction of its own: the scheduler records what it returns. */
  async #plain(task: ClaimedTask, context: TaskContext): Promise<TaskOutcome> {
    if (task.condition !== null && this.#world.chance(0.5)) {
      return { kind: "skipped", reason: "CONDITION" };
    }
    return (await this.#work(context)) ?? { kind: "succeeded" };
  }
}

function write(tx: MemoryTx, task: ClaimedTask, world: World): void {
  tx.check();
  const token = tx.work.tasks.get(task.taskInstanceId)?.token ?? 0;
  tx.work.data.set(`${task.taskInstanceId} ${world.serial()}`, {
    taskInstanceId: task.taskInstanceId,
    token,
    instanceId: task.instanceId,
    attempt: task.attempt,
    at: world.now(),
  });
}
