// What must hold after every step, whatever the scenario does, by the committed rows alone; and
// what must hold at the end, when nothing fails any more. Each checker throws with the invariant it
// found broken.

import { claimsMeet, suspendable } from "../../src/scheduler/policies.ts";
import type { InstanceEntry, MemoryDatabase, TaskEntry } from "../fakes/memory-database.ts";

type Checker = (database: MemoryDatabase) => void;

function broken(invariant: string, detail: unknown): never {
  throw new Error(`${invariant}: ${JSON.stringify(detail)}`);
}

/** Invariant 1: for one table and partition at most one refresh runs. */
const oneRefreshAtATime: Checker = ({ tables }) => {
  const running = [...tables.tasks.values()].filter((task) => task.status === "RUNNING");
  running.forEach((task, index) => {
    const other = running.slice(index + 1).find((next) => claimsMeet(next.claim, task.claim));
    if (other !== undefined) broken("two refreshes at a time", [task, other]);
  });
};

/**
 * Invariant 2: one scheduled instance for each workflow and slot; an instance is open or ended, not
 * both.
 */
const oneInstanceASlot: Checker = ({ tables }) => {
  const seen = new Set<string>();
  for (const row of [...tables.instances.values(), ...tables.history.values()]) {
    if (tables.instances.has(row.instanceId) && tables.history.has(row.instanceId)) {
      broken("an instance is open and ended", row);
    }
    if (!["SCHEDULE", "CATCH_UP"].includes(row.trigger)) continue;
    const key = `${row.workflowId} ${row.interval.end}`;
    if (seen.has(key)) broken("two instances of one slot", row);
    seen.add(key);
  }
};

/** Data and outcome commit together, once: a published refresh and its task's success are one. */
const dataAndOutcome: Checker = ({ tables }) => {
  const applied = new Map<string, number>();
  for (const { taskInstanceId, attempt } of tables.data.values()) {
    if (applied.has(taskInstanceId)) broken("a refresh was published twice", taskInstanceId);
    applied.set(taskInstanceId, attempt);
  }
  for (const task of [...tables.tasks.values(), ...tables.taskHistory.values()]) {
    if (task.claim === null) continue;
    const attempt = applied.get(task.taskInstanceId);
    if (attempt === undefined && task.status !== "SUCCESSFUL") continue;
    if (task.status !== "SUCCESSFUL" || task.attempt !== attempt) {
      broken("data without its outcome, or outcome without its data", { task, attempt });
    }
  }
};

/** What an instance counts is what its tasks are. */
const countersAgree: Checker = ({ tables }) => {
  for (const instance of tables.instances.values()) {
    const tasks = [...tables.tasks.values()].filter((t) => t.instanceId === instance.instanceId);
    const open = tasks.filter((task) => !task.advanced).length;
    if (tasks.length !== instance.taskCount || open !== instance.openTasks) {
      broken("counters of an instance", { instance, open, tasks: tasks.length });
    }
  }
};

/** User workflows run one instance at a time (overlap other than backfill). */
const oneUngatedInstance: Checker = ({ tables }) => {
  const seen = new Set<string>();
  for (const instance of tables.instances.values()) {
    if (instance.kind !== "user" || instance.gated) continue;
    if (seen.has(instance.workflowId)) broken("overlapping instances", instance);
    seen.add(instance.workflowId);
  }
};

const always: readonly Checker[] = [
  oneRefreshAtATime,
  oneInstanceASlot,
  dataAndOutcome,
  countersAgree,
  oneUngatedInstance,
];

/** Checks each step, with a memory of what ran in the step before. */
export class Checkers {
  readonly #database: MemoryDatabase;
  #running = new Map<string, number>();
  #version: unknown = null;

  constructor(database: MemoryDatabase) {
    this.#database = database;
  }

  step(): void {
    // Most steps write nothing: compare the rows' identities cheaply.
    const { tables } = this.#database;
    const version = [...tables.tasks.values(), ...tables.instances.values(), tables.data.size];
    const before = this.#version as readonly unknown[] | null;
    if (before?.length === version.length && version.every((row, n) => row === before[n])) return;
    this.#version = version;
    for (const check of always) check(this.#database);
    this.#nothingStartsAfterSuspend();
  }

  /**
   * Invariant 4: after SUSPEND has committed no scheduled, catch-up or retry run of the table
   * starts.
   */
  #nothingStartsAfterSuspend(): void {
    const { tables } = this.#database;
    const running = new Map<string, number>();
    for (const task of tables.tasks.values()) {
      if (task.status !== "RUNNING") continue;
      running.set(task.taskInstanceId, task.token);
      if (this.#running.get(task.taskInstanceId) !== task.token) this.#mayStart(task);
    }
    this.#running = running;
  }

  #mayStart(task: TaskEntry): void {
    const { tables } = this.#database;
    const instance = tables.instances.get(task.instanceId);
    const workflow = tables.workflows.get(task.workflowId);
    if (instance === undefined) return broken("a task runs without its instance", task);
    if (instance.kind !== "table" || !suspendable.includes(instance.trigger)) return;
    if (workflow !== undefined && !workflow.enabled) broken("a start after SUSPEND", task);
  }

  /**
   * Liveness, once nothing fails any more: no schedule is behind, unless its table waits for a run
   * of its own.
   */
  nothingStandsStill(slack: number): void {
    const { tables } = this.#database;
    for (const workflow of tables.workflows.values()) {
      const late = workflow.nextDueAt !== null && workflow.nextDueAt < this.#database.now() - slack;
      const waits = [...tables.instances.values()].some(
        (row) => row.workflowId === workflow.id && row.status === "PENDING",
      );
      if (workflow.enabled && late && !waits) broken("a schedule stands still", workflow);
    }
  }

  /** Invariant 8 and liveness at the very end: every instance has ended, nothing is held. */
  end(): void {
    const { tables } = this.#database;
    for (const task of tables.tasks.values()) broken("a task that does not end", task);
    for (const instance of tables.instances.values()) {
      broken("an instance that does not end", instance);
    }
    this.#intervalsTile();
  }

  /**
   * The scheduled intervals of a workflow neither overlap nor, while it was enabled throughout,
   * leave a hole.
   */
  #intervalsTile(): void {
    const { tables } = this.#database;
    const byWorkflow = new Map<string, InstanceEntry[]>();
    for (const row of [...tables.instances.values(), ...tables.history.values()]) {
      if (!["SCHEDULE", "CATCH_UP"].includes(row.trigger)) continue;
      // A new version has a schedule of its own: its first interval may reach back into the old
      // one's last.
      const key = `${row.workflowId} ${row.version}`;
      byWorkflow.set(key, [...(byWorkflow.get(key) ?? []), row]);
    }
    for (const rows of byWorkflow.values()) {
      rows.sort((a, b) => a.interval.end - b.interval.end);
      rows.reduce((before, row) => {
        const hole =
          row.interval.start > before.interval.end && !this.wasDisabled.has(row.workflowId);
        if (row.interval.start < before.interval.end || hole) broken("tiling", [before, row]);
        return row;
      });
    }
  }

  /** Workflows that were switched off at some time. */
  readonly wasDisabled = new Set<string>();
}
