// What must hold whatever the scenario does, by the committed rows alone: after every step
// (checkers-step.ts has those about starts), and at the end, when nothing fails any more. Each
// checker throws with the invariant it found broken.

import { claimsMeet, maxLost } from "../../src/scheduler/policies.ts";
import type { InstanceEntry, MemoryDatabase, TaskEntry } from "../fakes/memory-database.ts";
import { broken } from "./broken.ts";
import { checkStart } from "./check-start.ts";

type Checker = (database: MemoryDatabase) => void;

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

/**
 * Data and outcome commit together, once: a published refresh and the success of one claim of its
 * task are one, reruns included.
 */
const dataAndOutcome: Checker = ({ tables }) => {
  const applied = new Set<string>();
  for (const { taskInstanceId, token } of tables.data.values()) {
    const key = `${taskInstanceId} ${token}`;
    if (applied.has(key)) broken("a refresh was published twice", key);
    applied.add(key);
  }
  const successes = [...tables.attempts.values()].filter(
    (attempt) => attempt.claim !== null && attempt.status === "SUCCESSFUL",
  );
  for (const { taskInstanceId, token } of successes) {
    const key = `${taskInstanceId} ${token}`;
    if (!applied.delete(key)) broken("an outcome without its data", key);
  }
  for (const key of applied) broken("data without its outcome", key);
};

/** What an instance counts is what its tasks are; what waits, waits for what is open. */
const countersAgree: Checker = ({ tables }) => {
  const byInstance = new Map<string, TaskEntry[]>();
  for (const task of tables.tasks.values()) {
    const others = byInstance.get(task.instanceId);
    if (others === undefined) byInstance.set(task.instanceId, [task]);
    else others.push(task);
  }
  for (const instance of tables.instances.values()) {
    const tasks = byInstance.get(instance.instanceId) ?? [];
    const open = tasks.filter((task) => !task.advanced).length;
    if (tasks.length !== instance.taskCount || open !== instance.openTasks) {
      broken("counters of an instance", { instance, open, tasks: tasks.length });
    }
    for (const task of tasks) checkWaiting(task, tasks, instance);
  }
};

function checkWaiting(task: TaskEntry, tasks: readonly TaskEntry[], { gated }: InstanceEntry) {
  if (task.status !== "PENDING") return;
  const upstream = tasks.filter((other) => other.downstream.includes(task.task));
  const open = upstream.filter((other) => !other.advanced).length + (gated ? 1 : 0);
  if (task.waiting !== open) broken("a task waits for something else", { task, upstream });
}

/** User workflows run one instance at a time (overlap), backfills beside them. */
const oneUngatedInstance: Checker = ({ tables }) => {
  const seen = new Set<string>();
  for (const instance of tables.instances.values()) {
    const exempt = instance.kind !== "user" || instance.trigger === "BACKFILL";
    if (exempt || instance.gated) continue;
    if (seen.has(instance.workflowId)) broken("overlapping instances", instance);
    seen.add(instance.workflowId);
  }
};

/** What is opened twice, or published twice, stays so: it is enough to look now and then. */
const lasting: readonly Checker[] = [oneInstanceASlot, dataAndOutcome];
const always: readonly Checker[] = [oneRefreshAtATime, countersAgree, oneUngatedInstance];
const lookAt = 40;

/** Checks each step, with a memory of what ran in the step before. */
export class Checkers {
  /** Workflows that were switched off at some time. */
  readonly wasDisabled = new Set<string>();
  /** Instances that a user made again, or a task of which a user ended. */
  readonly touched = new Set<string>();
  readonly #database: MemoryDatabase;
  #running = new Map<string, number>();
  #version: readonly unknown[] = [];
  #changes = 0;

  constructor(database: MemoryDatabase) {
    this.#database = database;
  }

  step(): void {
    // Most steps write nothing: compare the rows' identities cheaply.
    const { tables } = this.#database;
    const { tasks, instances, backfills, data } = tables;
    const version = [...tasks.values(), ...instances.values(), ...backfills.values(), data.size];
    const before = this.#version;
    if (before.length === version.length && version.every((row, n) => row === before[n])) return;
    this.#version = version;
    for (const check of always) check(this.#database);
    this.#changes += 1;
    if (this.#changes % lookAt === 0) for (const check of lasting) check(this.#database);
    this.#starts();
  }

  #starts(): void {
    const running = new Map<string, number>();
    for (const task of this.#database.tables.tasks.values()) {
      if (task.status !== "RUNNING") continue;
      running.set(task.taskInstanceId, task.token);
      if (this.#running.get(task.taskInstanceId) === task.token) continue;
      checkStart(this.#database.tables, task, this.touched);
    }
    this.#running = running;
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
    for (const check of lasting) check(this.#database);
    this.#intervalsTile();
    this.#endsAgree();
    this.#backfillsEnd();
  }

  /**
   * The scheduled intervals of a workflow neither overlap nor, while it was enabled throughout,
   * leave a hole.
   */
  #intervalsTile(): void {
    const byWorkflow = new Map<string, InstanceEntry[]>();
    for (const row of this.#database.tables.history.values()) {
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

  /** An instance ended as its tasks did, and none failed for an upstream task that was well. */
  #endsAgree(): void {
    const { history, taskHistory } = this.#database.tables;
    const byInstance = new Map<string, TaskEntry[]>();
    for (const task of taskHistory.values()) {
      byInstance.set(task.instanceId, [...(byInstance.get(task.instanceId) ?? []), task]);
    }
    for (const instance of history.values()) {
      const tasks = byInstance.get(instance.instanceId) ?? [];
      if (tasks.length === 0) continue;
      const has = (status: string) => tasks.some((task) => task.status === status);
      const well = instance.status === "SUCCESSFUL" || instance.status === "SKIPPED";
      if (well === (has("FAILED") || has("CANCELED"))) broken("an end", { instance, tasks });
      if (has("FAILED") && !has("CANCELED") && instance.status !== "FAILED") {
        broken("a failure that was not said", { instance, tasks });
      }
      if (!this.touched.has(instance.instanceId)) checkCulprits(tasks);
      const lost = tasks.find((task) => task.detail === "LOST" && task.lost < maxLost);
      if (lost !== undefined) broken("a lost attempt counted as a failure", lost);
    }
  }

  /** Every interval has come to an end, and one that ended well has an instance that did. */
  #backfillsEnd(): void {
    const { backfills, history } = this.#database.tables;
    for (const { row, intervals, finished } of backfills.values()) {
      if (!finished) broken("a backfill that does not end", { row, intervals });
      const ids = new Set<string>();
      for (const { status, instanceId } of intervals) {
        if (status === "OPEN") broken("an interval that does not end", row.backfillId);
        if (instanceId === null) continue;
        if (ids.has(instanceId)) broken("an instance of two intervals", instanceId);
        ids.add(instanceId);
        const end = history.get(instanceId)?.status;
        if (status === "SUCCESSFUL" && end !== status && !this.touched.has(instanceId)) {
          broken("an interval that was not computed", { instanceId, end });
        }
      }
    }
  }
}

function checkCulprits(tasks: readonly TaskEntry[]): void {
  for (const task of tasks) {
    if (task.detail !== "UPSTREAM_FAILED") continue;
    const upstream = tasks.filter((other) => other.downstream.includes(task.task));
    if (upstream.some(({ status }) => status === "FAILED" || status === "CANCELED")) continue;
    broken("a task failed for nothing", { task, upstream });
  }
}
