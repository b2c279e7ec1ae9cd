// From a workflow's definition to the rows of one run: tasks with their upstream counts,
// priorities, claims and policies. Pure; ids come from the caller's source of chance.

import type { RandomSource } from "../../common/clock.ts";
import { GatewayError } from "../../common/gateway-error.ts";
import { asId, type InstanceId, type TaskInstanceId, type WorkflowId } from "../../common/ids.ts";
import type { DataInterval } from "../../common/time.ts";
import { priorityOf } from "../policies.ts";
import type { ClaimOf, TaskDefinition, WorkflowDefinition } from "../scheduler.ts";
import type { Claim, Trigger } from "../task-runner.ts";
import type { NewInstanceRow, NewTask } from "./store.ts";

export interface RunSpec {
  readonly workflowId: WorkflowId;
  readonly version: number;
  readonly definition: WorkflowDefinition;
  readonly trigger: Trigger;
  readonly interval: DataInterval;
  readonly request: Readonly<Record<string, unknown>>;
}

/** Which part of its resource each task of a run would touch. */
export function claimsOf(run: RunSpec, claimOf: ClaimOf): readonly (Claim | null)[] {
  return run.definition.tasks.map((task) => claimOf(task.action, run));
}

/** A run with its tasks; `gated` lets it wait for an earlier instance of its workflow. */
export function newInstance(
  run: RunSpec,
  claimOf: ClaimOf,
  random: RandomSource,
  gated = false,
): NewInstanceRow {
  const { tasks } = run.definition;
  return {
    ...header(run, random),
    gated,
    skipped: null,
    tasks: tasks.map(
      (task): NewTask => ({
        taskInstanceId: asId<TaskInstanceId>(random.hex32()),
        task: task.name,
        priority: priorityOf[run.trigger],
        queue: task.queue,
        waiting: task.upstream.length + (gated ? 1 : 0),
        claim: claimOf(task.action, run),
        action: task.action,
        policy: { ...task.retry, timeout: task.timeout, anyError: run.definition.kind === "user" },
        downstream: tasks.filter((other) => other.upstream.includes(task.name)).map(nameOf),
      }),
    ),
  };
}

/** A run that is only a row: it ends SKIPPED with `detail` without ever having tasks. */
export function skippedInstance(
  run: RunSpec,
  random: RandomSource,
  detail: string,
): NewInstanceRow {
  return { ...header(run, random), gated: false, skipped: detail, tasks: [] };
}

function header(run: RunSpec, random: RandomSource) {
  return {
    instanceId: asId<InstanceId>(random.hex32()),
    workflowId: run.workflowId,
    version: run.version,
    kind: run.definition.kind,
    trigger: run.trigger,
    interval: run.interval,
    scheduledAt: run.interval.end,
    request: run.request,
  };
}

function nameOf(task: TaskDefinition): string {
  return task.name;
}

/**
 * Throws WF-TASK-DUPLICATE, WF-TASK-UNKNOWN or WF-CYCLE; `position` is for the statement to find.
 */
export function checkTasks(tasks: readonly TaskDefinition[]): void {
  const names = new Set<string>();
  for (const { name } of tasks) {
    if (names.has(name)) throw new GatewayError("WF-TASK-DUPLICATE", `task "${name}" occurs twice`);
    names.add(name);
  }
  for (const task of tasks) {
    const unknown = task.upstream.find((name) => !names.has(name));
    if (unknown === undefined) continue;
    throw new GatewayError("WF-TASK-UNKNOWN", `task "${unknown}" does not exist`, {
      detail: `Task "${task.name}" is to run after it.`,
    });
  }
  const stuck = tasksInCycles(tasks);
  if (stuck.length === 0) return;
  throw new GatewayError("WF-CYCLE", `tasks wait for each other: ${stuck.join(", ")}`);
}

/** What is left after taking away, again and again, the tasks that wait for nothing. */
function tasksInCycles(tasks: readonly TaskDefinition[]): readonly string[] {
  const waiting = new Map(tasks.map((task) => [task.name, new Set(task.upstream).size]));
  const downstream = new Map<string, string[]>();
  for (const task of tasks) {
    for (const name of new Set(task.upstream)) {
      downstream.set(name, [...(downstream.get(name) ?? []), task.name]);
    }
  }
  const ready = tasks.filter((task) => task.upstream.length === 0).map(nameOf);
  for (let name = ready.pop(); name !== undefined; name = ready.pop()) {
    waiting.delete(name);
    for (const next of downstream.get(name) ?? []) {
      const left = (waiting.get(next) ?? 0) - 1;
      waiting.set(next, left);
      if (left === 0) ready.push(next);
    }
  }
  return [...waiting.keys()];
}
