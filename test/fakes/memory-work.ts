// The memory store's functions about work: claims, outcomes, what follows them, wishes to cancel.

import type { GatewayId, InstanceId, TaskInstanceId } from "../../src/common/ids.ts";
import { instant } from "../../src/common/time.ts";
import { recordOf } from "../../src/scheduler/durable/settlement.ts";
import type {
  Advanced,
  AdvancePlan,
  Cancels,
  Deferral,
  EndOf,
  HeldTask,
  PlanAdvance,
  SettledTask,
  Settlement,
} from "../../src/scheduler/durable/store.ts";
import { claimsMeet } from "../../src/scheduler/policies.ts";
import type { InstanceState } from "../../src/scheduler/scheduler.ts";
import type { InstanceEntry, MemoryDatabase, Tables, TaskEntry } from "./memory-database.ts";
import { endTask, heldBy, must } from "./memory-rows.ts";

type Held = Pick<HeldTask, "taskInstanceId" | "token">;

export class MemoryWork {
  readonly #db: MemoryDatabase;

  constructor(database: MemoryDatabase) {
    this.#db = database;
  }

  get #rows(): Tables {
    return this.#db.tables;
  }

  async claim(gatewayId: GatewayId, limit: number): Promise<readonly HeldTask[]> {
    const now = this.#db.now();
    const gateway = this.#rows.gateways.get(gatewayId);
    if (gateway === undefined || gateway.expiresAt <= now) return [];
    const ready = [...this.#rows.tasks.values()].filter(
      (task) =>
        task.status === "PENDING" &&
        task.waiting === 0 &&
        task.readyAt <= now &&
        !this.#rows.cancels.has(task.instanceId) &&
        !this.#db.isLocked(`task ${task.taskInstanceId}`),
    );
    ready.sort((a, b) => a.priority - b.priority || a.readyAt - b.readyAt || a.ordinal - b.ordinal);
    const claimed: HeldTask[] = [];
    for (const task of ready) {
      if (claimed.length < limit && this.#hasRoom(task)) claimed.push(this.#start(task, gatewayId));
    }
    return claimed;
  }

  #hasRoom(task: TaskEntry): boolean {
    const running = [...this.#rows.tasks.values()].filter(({ status }) => status === "RUNNING");
    const used = running.filter((other) => other.queue === task.queue).length;
    if (used >= (this.#rows.queues.get(task.queue) ?? 0)) return false;
    return !running.some((other) => claimsMeet(other.claim, task.claim));
  }

  #start(task: TaskEntry, gatewayId: GatewayId): HeldTask {
    const now = this.#db.now();
    const instance = must(this.#rows.instances.get(task.instanceId));
    if (instance.status === "PENDING") {
      const started = { ...instance, status: "RUNNING", detail: null } as const;
      this.#rows.instances.set(instance.instanceId, started);
    }
    const attempt = task.attempt + 1;
    // Never drawn again, though a restart may forget that it was.
    const token = 2 * this.#db.serial();
    this.#rows.tasks.set(task.taskInstanceId, {
      ...task,
      status: "RUNNING",
      detail: null,
      errorCode: null,
      error: null,
      attempt,
      token,
      serverStart: this.#db.serverStart,
      gatewayId,
      claimedAt: now,
      finishedAt: null,
    });
    return {
      taskInstanceId: task.taskInstanceId,
      instanceId: instance.instanceId,
      workflowId: instance.workflowId,
      workflowVersion: instance.version,
      workflow: task.frame.workflow,
      database: task.frame.database,
      timeZone: task.frame.timeZone,
      variables: { ...instance.variables, ...task.frame.variables },
      condition: task.frame.condition,
      task: task.task,
      trigger: instance.trigger,
      interval: instance.interval,
      scheduledAt: instance.scheduledAt,
      dueAt: task.readyAt,
      claimedAt: now,
      attempt,
      claim: task.claim,
      action: task.action,
      request: instance.request,
      token,
      policy: task.policy,
    };
  }

  async release(gatewayId: GatewayId, tasks: readonly Held[]): Promise<void> {
    for (const { taskInstanceId: id, token } of tasks) {
      const task = heldBy(this.#db, id, token);
      if (task === null || task.gatewayId !== gatewayId) continue;
      const attempt = task.attempt - 1;
      const freed = { status: "FAILED", detail: "RELEASED", finishedAt: this.#db.now() } as const;
      this.#rows.tasks.set(id, { ...task, ...freed, attempt });
    }
  }

  async defer(deferrals: readonly Deferral[]): Promise<void> {
    for (const { taskInstanceId: id, token, until, detail } of deferrals) {
      const task = heldBy(this.#db, id, token);
      if (task === null) continue;
      const readyAt = instant(Math.max(until, this.#db.now()));
      const waits = { status: "PENDING", detail: detail ?? "QUEUED" } as const;
      const free = { gatewayId: null, claimedAt: null };
      const attempt = task.attempt - 1;
      this.#rows.tasks.set(id, { ...task, ...waits, ...free, readyAt, attempt });
      const instance = this.#rows.instances.get(task.instanceId);
      if (instance === undefined || instance.taskCount !== 1) continue;
      this.#rows.instances.set(task.instanceId, { ...instance, ...waits });
    }
  }

  async heldTasks(gatewayId: GatewayId): Promise<readonly Held[]> {
    return [...this.#rows.tasks.values()].filter(
      (task) => task.gatewayId === gatewayId && task.status === "RUNNING",
    );
  }

  async attachBackend(id: TaskInstanceId, token: number, pid: number): Promise<boolean> {
    const task = this.#rows.tasks.get(id);
    if (task?.token !== token || task.status !== "RUNNING") return false;
    this.#rows.backends.set(id, { token, pid });
    return true;
  }

  async record(settlements: readonly Settlement[]): Promise<void> {
    for (const settlement of settlements) {
      const record = recordOf(settlement);
      const task = heldBy(this.#db, record.taskInstanceId, record.token);
      if (task === null) continue;
      const { taskInstanceId, serverStart } = task;
      const lost = record.status === "FAILED" && serverStart !== this.#db.serverStart;
      const detail = lost ? "LOST" : record.detail;
      endTask(this.#db, this.#rows, { ...task, ...record, taskInstanceId, detail });
    }
  }

  async saveProgress(): Promise<void> {
    return;
  }

  async advance(limit: number, plan: PlanAdvance, endOf: EndOf): Promise<Advanced> {
    const settled = [...this.#rows.tasks.values()].flatMap((task) => this.#settled(task));
    const batch = settled.slice(0, limit);
    const decided = plan(batch);
    for (const again of decided.requeue) this.#requeue(again);
    const ended = decided.finish.flatMap((end) => this.#finish(end, endOf));
    const cascades = decided.finish.some((end) => end.failsDownstream !== null);
    return { ended, count: batch.length, more: settled.length > limit || cascades };
  }

  #settled(task: TaskEntry): readonly SettledTask[] {
    const open = task.status === "PENDING" || task.status === "RUNNING";
    if (open || task.advanced || this.#db.isLocked(`task ${task.taskInstanceId}`)) return [];
    if (this.#db.isLocked(`instance ${task.instanceId}`)) return [];
    const failed = task.status === "FAILED";
    if (failed && this.#db.isLocked(`workflow ${task.workflowId}`)) return [];
    const { kind, trigger, workflowId, instanceId } = must(
      this.#rows.instances.get(task.instanceId),
    );
    const workflow = this.#rows.workflows.get(workflowId);
    return [
      {
        ...task,
        workflowId,
        instanceId,
        kind,
        trigger,
        cancel: this.#rows.cancels.get(instanceId) ?? null,
        enabled: failed ? (workflow?.enabled ?? null) : true,
      },
    ];
  }

  #requeue({ taskInstanceId: id, delay, lost }: AdvancePlan["requeue"][number]): void {
    const task = must(this.#rows.tasks.get(id));
    this.#rows.tasks.set(id, {
      ...task,
      status: "PENDING",
      detail: "WAITING_RETRY",
      gatewayId: null,
      claimedAt: null,
      readyAt: instant(this.#db.now() + delay),
      lost: task.lost + (lost ? 1 : 0),
    });
  }

  #finish(end: AdvancePlan["finish"][number], endOf: EndOf): readonly InstanceState[] {
    const { status, detail } = end;
    const task = must(this.#rows.tasks.get(end.taskInstanceId));
    this.#rows.tasks.set(end.taskInstanceId, { ...task, status, detail, advanced: true });
    for (const other of this.#tasksOf(task.instanceId)) {
      if (!task.downstream.includes(other.task) || other.status !== "PENDING") continue;
      this.#rows.tasks.set(other.taskInstanceId, this.#counted(other, task, end.failsDownstream));
    }
    const instance = must(this.#rows.instances.get(task.instanceId));
    const openTasks = instance.openTasks - 1;
    this.#rows.instances.set(instance.instanceId, { ...instance, openTasks });
    return openTasks === 0 ? [this.#moveToHistory(instance, endOf)] : [];
  }

  #counted(other: TaskEntry, upstream: TaskEntry, failure: "UPSTREAM_FAILED" | null): TaskEntry {
    const waiting = other.waiting - 1;
    const now = this.#db.now();
    if (failure !== null) {
      const error = `task ${upstream.task} failed`;
      const words = { status: "FAILED", detail: failure, errorCode: "WF-UPSTREAM-FAILED" } as const;
      return { ...other, ...words, error, waiting, finishedAt: now };
    }
    const ready = waiting === 0 ? { readyAt: now, detail: "QUEUED" } : {};
    return { ...other, waiting, ...ready };
  }

  #tasksOf(instanceId: string): readonly TaskEntry[] {
    return [...this.#rows.tasks.values()].filter((task) => task.instanceId === instanceId);
  }

  #moveToHistory(instance: InstanceEntry, endOf: EndOf): InstanceState {
    const id = instance.instanceId;
    const tasks = [...this.#tasksOf(id)].sort((a, b) => (a.finishedAt ?? 0) - (b.finishedAt ?? 0));
    const { status, detail, errorCode, error } = endOf(tasks, this.#rows.cancels.get(id) ?? null);
    const words = { status, detail, errorCode, error };
    this.#rows.history.set(id, { ...instance, ...words, openTasks: 0, finishedAt: this.#db.now() });
    this.#rows.instances.delete(id);
    this.#rows.cancels.delete(id);
    for (const task of tasks) {
      this.#rows.taskHistory.set(task.taskInstanceId, task);
      this.#rows.tasks.delete(task.taskInstanceId);
      this.#rows.backends.delete(task.taskInstanceId);
    }
    return { instanceId: id, ...words };
  }

  async openGates(): Promise<number> {
    const instances = [...this.#rows.instances.values()].sort((a, b) => a.ordinal - b.ordinal);
    const busy = new Set(
      instances.filter((i) => !i.gated && i.trigger !== "BACKFILL").map((i) => i.workflowId),
    );
    let opened = 0;
    for (const instance of instances) {
      if (!instance.gated || busy.has(instance.workflowId)) continue;
      busy.add(instance.workflowId);
      this.#rows.instances.set(instance.instanceId, { ...instance, gated: false });
      for (const task of this.#tasksOf(instance.instanceId)) {
        if (task.status !== "PENDING") continue;
        const waiting = task.waiting - 1;
        const detail = waiting === 0 ? "QUEUED" : task.detail;
        const readyAt = this.#db.now();
        this.#rows.tasks.set(task.taskInstanceId, { ...task, waiting, detail, readyAt });
        opened += 1;
      }
    }
    return opened;
  }

  async applyCancels(gatewayId: GatewayId): Promise<Cancels> {
    const running: { taskInstanceId: TaskInstanceId; reason: string }[] = [];
    let ended = 0;
    for (const [instanceId, reason] of this.#rows.cancels) {
      if (!this.#rows.instances.has(instanceId)) this.#rows.cancels.delete(instanceId);
      for (const task of this.#tasksOf(instanceId)) {
        const { taskInstanceId, status } = task;
        if (status === "RUNNING" && task.gatewayId === gatewayId) {
          running.push({ taskInstanceId, reason });
        }
        if (status !== "PENDING" || this.#db.isLocked(`task ${taskInstanceId}`)) continue;
        const detail = reason === "REPLACED" ? "REPLACED" : null;
        const words = { status: "CANCELED", detail, error: reason } as const;
        this.#rows.tasks.set(taskInstanceId, { ...task, ...words, finishedAt: this.#db.now() });
        ended += 1;
      }
    }
    return { running, ended };
  }

  async find(id: InstanceId): Promise<InstanceState | null> {
    const entry = this.#rows.instances.get(id) ?? this.#rows.history.get(id);
    if (entry === undefined) return null;
    const { status, detail, errorCode, error } = entry;
    return { instanceId: id, status, detail, errorCode, error };
  }
}
