// The memory store's functions in the caller's transaction.

import { GatewayError } from "../../src/common/gateway-error.ts";
import { asId, type InstanceId, type WorkflowId } from "../../src/common/ids.ts";
import type { Tx } from "../../src/common/pg.ts";
import { recordOf } from "../../src/scheduler/durable/settlement.ts";
import type {
  NewInstanceRow,
  Settlement,
  StoredWorkflow,
} from "../../src/scheduler/durable/store.ts";
import type { OpenRun } from "../../src/scheduler/policies.ts";
import type { WorkflowDefinition } from "../../src/scheduler/scheduler.ts";
import { FencedError, type Trigger } from "../../src/scheduler/task-runner.ts";
import { type Instant, instant } from "../../src/common/time.ts";
import type { MemoryDatabase, Tables } from "./memory-database.ts";
import { endTask, insertRows, memory, openRuns, scheduled, stored } from "./memory-rows.ts";

export class MemoryStatements {
  readonly #db: MemoryDatabase;

  constructor(database: MemoryDatabase) {
    this.#db = database;
  }

  get #rows(): Tables {
    return this.#db.tables;
  }

  async insertWorkflow(tx: Tx, id: WorkflowId, definition: WorkflowDefinition): Promise<void> {
    const { work } = memory(tx);
    const { database, name } = definition;
    for (const other of work.workflows.values()) {
      if (other.definition.database !== database || other.definition.name !== name) continue;
      throw new GatewayError("WF-EXISTS", `workflow "${database}"."${name}" already exists`);
    }
    work.versions.set(`${id} 1`, definition);
    work.workflows.set(id, {
      id,
      version: 1,
      enabled: false,
      definition,
      nextDueAt: null,
      previousFireAt: null,
      revision: 0,
    });
  }

  async lockWorkflow(tx: Tx, id: WorkflowId) {
    memory(tx).lock(`workflow ${id}`);
    return this.readWorkflow(tx, id);
  }

  async readWorkflow(tx: Tx, id: WorkflowId) {
    const entry = memory(tx).work.workflows.get(id);
    return entry === undefined ? null : { ...stored(entry), now: this.#db.now() };
  }

  async findWorkflow(tx: Tx, database: string, name: string): Promise<WorkflowId | null> {
    for (const { id, definition } of memory(tx).work.workflows.values()) {
      if (definition.database === database && definition.name === name) return asId<WorkflowId>(id);
    }
    return null;
  }

  async updateWorkflow(tx: Tx, workflow: StoredWorkflow): Promise<void> {
    const { workflowId: id, version, enabled, definition, revision } = workflow;
    const { nextDueAt, previousFireAt } = workflow;
    const entry = { id, version, enabled, definition, nextDueAt, previousFireAt, revision };
    const { work } = memory(tx);
    work.workflows.set(id, entry);
    const key = `${id} ${version}`;
    if (!work.versions.has(key)) work.versions.set(key, definition);
  }

  async deleteWorkflow(tx: Tx, id: WorkflowId): Promise<void> {
    const { work } = memory(tx);
    memory(tx).lock(`workflow ${id}`);
    work.workflows.delete(id);
    for (const instance of work.instances.values()) {
      const { workflowId, instanceId } = instance;
      if (workflowId === id && !work.cancels.has(instanceId))
        work.cancels.set(instanceId, "DROPPED");
    }
  }

  async skipPending(tx: Tx, id: WorkflowId, triggers: readonly Trigger[], detail: string) {
    const { work } = memory(tx);
    for (const task of work.tasks.values()) {
      const trigger = work.instances.get(task.instanceId)?.trigger;
      if (task.workflowId !== id || task.status !== "PENDING" || trigger === undefined) continue;
      if (!triggers.includes(trigger)) continue;
      memory(tx).lock(`task ${task.taskInstanceId}`);
      const finishedAt = this.#db.now();
      work.tasks.set(task.taskInstanceId, { ...task, status: "SKIPPED", detail, finishedAt });
    }
  }

  async lastSlot(tx: Tx, id: WorkflowId): Promise<Instant | null> {
    const { work } = memory(tx);
    const ends = [...work.instances.values(), ...work.history.values()].flatMap((row) =>
      row.workflowId === id && scheduled.includes(row.trigger) ? [row.interval.end] : [],
    );
    return ends.length === 0 ? null : instant(Math.max(...ends));
  }

  async openRuns(tx: Tx, id: WorkflowId): Promise<readonly OpenRun[]> {
    return openRuns(memory(tx).work, id);
  }

  async insertInstances(tx: Tx, rows: readonly NewInstanceRow[]): Promise<void> {
    insertRows(this.#db, memory(tx).work, rows);
  }

  async requestCancel(tx: Tx, id: InstanceId, reason: string): Promise<boolean> {
    const { work } = memory(tx);
    if (!work.instances.has(id)) return false;
    if (!work.cancels.has(id)) work.cancels.set(id, reason);
    return true;
  }

  async settle(tx: Tx, settlement: Settlement): Promise<void> {
    const { work, base } = memory(tx);
    const record = recordOf(settlement);
    const id = record.taskInstanceId;
    memory(tx).lock(`task ${id}`);
    const task = work.tasks.get(id);
    const stale = this.#rows.tasks.get(id) !== base.tasks.get(id);
    if (stale || task === undefined || task.token !== record.token || task.status !== "RUNNING") {
      throw new FencedError(`task ${id} was taken over`);
    }
    endTask(this.#db, work, { ...task, ...record, taskInstanceId: task.taskInstanceId });
  }

  async wake(_tx: Tx): Promise<void> {
    return;
  }
}
