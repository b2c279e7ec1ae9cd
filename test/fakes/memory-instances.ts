// The memory store's functions about queues and about opening instances again.

import {
  asId,
  type InstanceId,
  type TaskInstanceId,
  type WorkflowId,
} from "../../src/common/ids.ts";
import type { Tx } from "../../src/common/pg.ts";
import type { LockedInstance, Reopening } from "../../src/scheduler/durable/store.ts";
import type { QueueOptions, WorkflowDefinition } from "../../src/scheduler/scheduler.ts";
import type { InstanceEntry, MemoryDatabase, Tables, TaskEntry } from "./memory-database.ts";
import { memory, must } from "./memory-rows.ts";

export class MemoryInstances {
  readonly #db: MemoryDatabase;

  constructor(database: MemoryDatabase) {
    this.#db = database;
  }

  async unknownQueues(tx: Tx, queues: readonly string[]): Promise<readonly string[]> {
    const { work } = memory(tx);
    return queues.filter((queue) => !work.queues.has(queue));
  }

  async insertQueue(tx: Tx, queue: string, { concurrency }: QueueOptions): Promise<boolean> {
    const { work } = memory(tx);
    if (work.queues.has(queue)) return false;
    work.queues.set(queue, concurrency);
    return true;
  }

  async updateQueue(tx: Tx, queue: string, { concurrency }: QueueOptions): Promise<boolean> {
    const { work } = memory(tx);
    if (!work.queues.has(queue)) return false;
    work.queues.set(queue, concurrency);
    return true;
  }

  async queueUsers(tx: Tx, queue: string): Promise<readonly string[]> {
    const { work } = memory(tx);
    const workflows = [...work.workflows.values()].flatMap(({ definition }) => {
      const { tasks, options, database, name } = definition;
      const uses = options["queue"] === queue || tasks.some((task) => task.queue === queue);
      return uses ? [`workflow "${database}"."${name}"`] : [];
    });
    const backfills = [...work.backfills.values()].flatMap(({ row, finished }) => {
      const version = work.versions.get(`${row.workflowId} ${row.version}`);
      const named = version?.tasks.some((task) => task.queue === queue) === true;
      const uses = !finished && (row.queue === queue || named);
      return uses ? [`backfill ${row.backfillId}`] : [];
    });
    const instances = [...work.tasks.values()]
      .filter((task) => task.queue === queue)
      .map((task) => `instance ${task.instanceId}`);
    return [...new Set([...workflows, ...backfills, ...instances])].sort();
  }

  async deleteQueue(tx: Tx, queue: string): Promise<boolean> {
    return memory(tx).work.queues.delete(queue);
  }

  async readVersion(tx: Tx, id: WorkflowId, version: number): Promise<WorkflowDefinition | null> {
    return memory(tx).work.versions.get(`${id} ${version}`) ?? null;
  }

  async lockInstance(tx: Tx, id: InstanceId): Promise<LockedInstance | null> {
    const { work } = memory(tx);
    const entry = work.instances.get(id) ?? work.history.get(id);
    if (entry === undefined) return null;
    const open = work.instances.has(id);
    const rows = [...(open ? work.tasks : work.taskHistory).values()];
    const tasks = rows.filter((task) => task.instanceId === id);
    memory(tx).lock(`instance ${id}`);
    for (const { taskInstanceId, status } of tasks) {
      if (open && status !== "RUNNING") memory(tx).lock(`task ${taskInstanceId}`);
    }
    return {
      instanceId: id,
      workflowId: entry.workflowId,
      version: entry.version,
      trigger: entry.trigger,
      interval: entry.interval,
      scheduledAt: entry.scheduledAt,
      request: entry.request,
      backfill: entry.backfill,
      open,
      gated: open && entry.gated,
      tasks: tasks
        .map((task) => ({
          taskInstanceId: asId<TaskInstanceId>(task.taskInstanceId),
          task: task.task,
          status: task.status,
          detail: task.detail,
          downstream: task.downstream,
          advanced: !open || task.advanced,
        }))
        .sort((a, b) => (a.taskInstanceId < b.taskInstanceId ? -1 : 1)),
    };
  }

  async reopen(tx: Tx, { instanceId: id, gated, tasks, marked }: Reopening): Promise<void> {
    const { work } = memory(tx);
    const ended = work.history.get(id);
    if (ended !== undefined) this.#comeBack(work, ended, gated);
    const instance = must(work.instances.get(id));
    if (marked !== null) {
      const task = must(work.tasks.get(marked.taskInstanceId));
      const words = { status: marked.status, detail: "MARKED", errorCode: null, error: null };
      const times = { finishedAt: this.#db.now(), advanced: marked.advanced };
      work.tasks.set(task.taskInstanceId, { ...task, ...words, ...times });
    }
    for (const { taskInstanceId, waiting } of tasks) {
      const task = must(work.tasks.get(taskInstanceId));
      const known = work.queues.has(task.queue);
      const waits = waiting + (instance.gated ? 1 : 0);
      work.tasks.set(taskInstanceId, {
        ...fresh(task),
        waiting: waits,
        detail: waits === 0 ? "QUEUED" : "WAITING_UPSTREAM",
        readyAt: this.#db.now(),
        queue: known ? task.queue : "default-queue",
      });
    }
    const openTasks = [...work.tasks.values()].filter(
      (task) => task.instanceId === id && !task.advanced,
    ).length;
    work.instances.set(id, { ...instance, openTasks });
  }

  #comeBack(work: Tables, ended: InstanceEntry, gated: boolean): void {
    const id = ended.instanceId;
    work.history.delete(id);
    work.cancels.delete(id);
    const errors = { errorCode: null, error: null };
    work.instances.set(id, { ...ended, ...errors, status: "PENDING", detail: "QUEUED", gated });
    for (const task of work.taskHistory.values()) {
      if (task.instanceId !== id) continue;
      work.taskHistory.delete(task.taskInstanceId);
      work.tasks.set(task.taskInstanceId, { ...task, advanced: true });
    }
  }

  async forgetEnded(tx: Tx, id: InstanceId): Promise<void> {
    memory(tx).work.history.delete(id);
  }
}

/** PENDING as if never claimed; the token stays above all that were drawn. */
function fresh(task: TaskEntry): TaskEntry {
  return {
    ...task,
    status: "PENDING",
    attempt: 0,
    lost: 0,
    gatewayId: null,
    claimedAt: null,
    finishedAt: null,
    errorCode: null,
    error: null,
    retryable: false,
    advanced: false,
  };
}
