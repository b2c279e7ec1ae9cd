// The memory store's functions about time and about gateways.

import { type GatewayId, type WorkflowId } from "../../src/common/ids.ts";
import { type Duration, type Instant, instant } from "../../src/common/time.ts";
import type {
  DueBatch,
  GatewayIdentity,
  LostTask,
  TickChange,
  Upcoming,
} from "../../src/scheduler/durable/store.ts";
import type { MemoryDatabase, Tables, TaskEntry, WorkflowEntry } from "./memory-database.ts";
import { endTask, heldBy, insertRows, openRuns, scheduled, stored } from "./memory-rows.ts";

export class MemoryTime {
  readonly #db: MemoryDatabase;

  constructor(database: MemoryDatabase) {
    this.#db = database;
  }

  get #rows(): Tables {
    return this.#db.tables;
  }

  async loadDue(limit: number): Promise<DueBatch> {
    const now = this.#db.now();
    const alive = [...this.#rows.gateways.values()].filter((gateway) => gateway.expiresAt > now);
    const due = [...this.#rows.workflows.values()].flatMap((entry) => {
      const { nextDueAt, definition, enabled } = entry;
      if (!enabled || nextDueAt === null || nextDueAt > now || this.#waits(entry)) return [];
      const asks = definition.kind === "user" || definition.overlap !== "queue";
      return [{ ...stored(entry), nextDueAt, open: asks ? openRuns(this.#rows, entry.id) : [] }];
    });
    due.sort((a, b) => a.nextDueAt - b.nextDueAt);
    const aliveSince = Math.min(...alive.map((gateway) => gateway.startedAt), now);
    return { now, aliveSince: instant(aliveSince), due: due.slice(0, limit) };
  }

  /** A table with a scheduled run that has not started. */
  #waits({ id, definition }: WorkflowEntry): boolean {
    if (definition.kind === "user") return false;
    return [...this.#rows.instances.values()].some(
      (instance) =>
        instance.workflowId === id &&
        instance.status === "PENDING" &&
        scheduled.includes(instance.trigger),
    );
  }

  async commitTick(changes: readonly TickChange[]): Promise<readonly WorkflowId[]> {
    return changes.flatMap((change) => {
      const { workflowId: id, nextDueAt, previousFireAt } = change;
      const entry = this.#rows.workflows.get(id);
      if (entry === undefined || this.#db.isLocked(`workflow ${id}`)) return [];
      const same = entry.version === change.version && entry.revision === change.revision;
      if (!entry.enabled || !same || entry.nextDueAt !== change.expectedDueAt) return [];
      this.#rows.workflows.set(id, { ...entry, nextDueAt, previousFireAt });
      for (const old of change.replaced) {
        const open = this.#rows.instances.has(old) && !this.#rows.cancels.has(old);
        if (open) this.#rows.cancels.set(old, "REPLACED");
      }
      insertRows(this.#db, this.#rows, change.instances);
      return [id];
    });
  }

  async upcoming(): Promise<Upcoming> {
    const now = this.#db.now();
    const next = (times: readonly (Instant | null)[]) => {
      const later = times.filter((at) => at !== null && at > now) as Instant[];
      return later.length === 0 ? null : instant(Math.min(...later));
    };
    const enabled = [...this.#rows.workflows.values()].filter((entry) => entry.enabled);
    const retries = [...this.#rows.tasks.values()].filter(
      (task) => task.status === "PENDING" && task.detail === "WAITING_RETRY",
    );
    return {
      now,
      nextDueAt: next(enabled.map((entry) => entry.nextDueAt)),
      nextReadyAt: next(retries.map((task) => task.readyAt)),
    };
  }

  async register(gateway: GatewayIdentity, lease: Duration): Promise<void> {
    const startedAt = this.#db.now();
    const expiresAt = instant(startedAt + lease);
    this.#rows.gateways.set(gateway.gatewayId, { ...gateway, startedAt, expiresAt });
  }

  async heartbeat(gatewayId: GatewayId, lease: Duration): Promise<boolean> {
    const now = this.#db.now();
    const gateway = this.#rows.gateways.get(gatewayId);
    if (gateway === undefined || gateway.expiresAt <= now) return false;
    this.#rows.gateways.set(gatewayId, { ...gateway, expiresAt: instant(now + lease) });
    return true;
  }

  async expire(gatewayIds: readonly GatewayId[]): Promise<void> {
    for (const id of gatewayIds) {
      const gateway = this.#rows.gateways.get(id);
      const now = this.#db.now();
      if (gateway === undefined || gateway.expiresAt <= now) continue;
      this.#rows.gateways.set(id, { ...gateway, expiresAt: now });
    }
  }

  async gatewaysOn(host: string): Promise<readonly { gatewayId: GatewayId; pid: number }[]> {
    return [...this.#rows.gateways.values()].filter((gateway) => gateway.host === host);
  }

  #orphaned(task: TaskEntry): boolean {
    const gateway = this.#rows.gateways.get(task.gatewayId ?? "");
    return gateway === undefined || gateway.expiresAt <= this.#db.now();
  }

  async lostTasks(limit: number): Promise<readonly LostTask[]> {
    const lost = [...this.#rows.tasks.values()].filter(
      (task) => task.status === "RUNNING" && this.#orphaned(task),
    );
    return lost.slice(0, limit).map(({ taskInstanceId, token }) => {
      const backend = this.#rows.backends.get(taskInstanceId);
      const known = backend?.token === token ? { pid: backend.pid, startedAt: "" } : null;
      return { taskInstanceId, token, backend: known };
    });
  }

  async takeOver(tasks: readonly LostTask[]): Promise<number> {
    let taken = 0;
    for (const { taskInstanceId, token } of tasks) {
      const task = heldBy(this.#db, taskInstanceId, token);
      if (task === null || !this.#orphaned(task)) continue;
      endTask(this.#db, this.#rows, {
        ...task,
        status: "FAILED",
        detail: "LOST",
        token: token + 1,
        errorCode: "WF-LOST",
        error: "the gateway died",
        retryable: true,
      });
      taken += 1;
    }
    return taken;
  }

  async forgetGateways(): Promise<void> {
    for (const gateway of this.#rows.gateways.values()) {
      if (gateway.expiresAt > this.#db.now()) continue;
      const holds = [...this.#rows.tasks.values()].some(
        (task) => task.gatewayId === gateway.gatewayId && task.status === "RUNNING",
      );
      if (!holds) this.#rows.gateways.delete(gateway.gatewayId);
    }
  }
}
