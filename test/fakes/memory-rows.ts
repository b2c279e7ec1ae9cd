// What the parts of the memory store share: how rows are made, ended and looked at.

import { asId, type WorkflowId } from "../../src/common/ids.ts";
import type { Tx } from "../../src/common/pg.ts";
import type { NewInstanceRow, StoredWorkflow } from "../../src/scheduler/durable/store.ts";
import type { OpenRun } from "../../src/scheduler/policies.ts";
import type { Trigger } from "../../src/scheduler/task-runner.ts";
import {
  type MemoryDatabase,
  MemoryTx,
  SqlStateError,
  type Tables,
  type TaskEntry,
  type WorkflowEntry,
} from "./memory-database.ts";

export const scheduled: readonly Trigger[] = ["SCHEDULE", "CATCH_UP"];

export function insertRows(
  db: MemoryDatabase,
  tables: Tables,
  rows: readonly NewInstanceRow[],
): void {
  for (const { tasks, ended, ...row } of rows) {
    checkUnique(tables, row);
    const createdAt = db.now();
    const ordinal = db.serial();
    const counts = { openTasks: tasks.length, taskCount: tasks.length };
    const errors = { errorCode: null, error: null };
    const entry = { ...row, ...counts, ...errors, createdAt, ordinal };
    if (ended !== null) {
      tables.history.set(row.instanceId, { ...entry, ...ended, finishedAt: createdAt });
      continue;
    }
    tables.instances.set(row.instanceId, { ...entry, status: "PENDING", detail: "QUEUED" });
    for (const task of tasks) {
      tables.tasks.set(task.taskInstanceId, {
        ...task,
        ...errors,
        queue: tables.queues.has(task.queue) ? task.queue : "default-queue",
        instanceId: row.instanceId,
        workflowId: row.workflowId,
        status: "PENDING",
        detail: task.waiting === 0 ? "QUEUED" : "WAITING_UPSTREAM",
        retryable: false,
        readyAt: createdAt,
        ordinal: db.serial(),
        attempt: 0,
        lost: 0,
        token: 0,
        serverStart: 0,
        gatewayId: null,
        claimedAt: null,
        finishedAt: null,
        advanced: false,
      });
    }
  }
}

function checkUnique(tables: Tables, row: Omit<NewInstanceRow, "tasks" | "ended">): void {
  if (!scheduled.includes(row.trigger)) return;
  for (const other of [...tables.instances.values(), ...tables.history.values()]) {
    if (other.workflowId !== row.workflowId || !scheduled.includes(other.trigger)) continue;
    if (other.interval.end !== row.interval.end) continue;
    throw new SqlStateError("23505", `two instances of ${row.workflowId} at ${row.interval.end}`);
  }
}

/** The task if it is RUNNING under `token` and no open transaction has locked it. */
export function heldBy(db: MemoryDatabase, id: string, token: number): TaskEntry | null {
  const task = db.tables.tasks.get(id);
  const held = task?.token === token && task.status === "RUNNING";
  return held && !db.isLocked(`task ${id}`) ? task : null;
}

/** Writes an ended attempt. */
export function endTask(db: MemoryDatabase, tables: Tables, task: TaskEntry): void {
  const ended = { ...task, finishedAt: db.now() };
  tables.tasks.set(task.taskInstanceId, ended);
  tables.attempts.set(`${task.taskInstanceId} ${db.serial()}`, ended);
}

export function memory(tx: Tx): MemoryTx {
  if (!(tx instanceof MemoryTx)) throw new Error("a transaction of another database");
  tx.statement();
  return tx;
}

export function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("a row that must be there is missing");
  return value;
}

export function stored(entry: WorkflowEntry): StoredWorkflow {
  const { id, ...rest } = entry;
  return { ...rest, workflowId: asId<WorkflowId>(id) };
}

export function openRuns(tables: Tables, workflowId: string): readonly OpenRun[] {
  const open = [...tables.instances.values()].filter(
    (instance) => instance.workflowId === workflowId && instance.trigger !== "BACKFILL",
  );
  open.sort((a, b) => a.ordinal - b.ordinal);
  return open.map(({ instanceId }) => ({
    instanceId,
    claims: [...tables.tasks.values()]
      .filter((task) => task.instanceId === instanceId)
      .map((task) => task.claim),
  }));
}
