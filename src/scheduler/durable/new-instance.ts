// From a workflow's definition to the rows of one run: tasks with their upstream counts,
// priorities, claims and policies. Pure; ids come from the caller's source of chance.

import type { RandomSource } from "../../common/clock.ts";
import { GatewayError } from "../../common/gateway-error.ts";
import { asId, type InstanceId, type TaskInstanceId, type WorkflowId } from "../../common/ids.ts";
import type { DataInterval, Instant } from "../../common/time.ts";
import { priorityOf } from "../policies.ts";
import type {
  BackfillPlace,
  ClaimOf,
  TaskDefinition,
  Texts,
  WorkflowDefinition,
} from "../scheduler.ts";
import { resolveVariables } from "../variables/resolve-variables.ts";
import type { Claim, Trigger } from "../task-runner.ts";
import type { NewInstanceRow, NewTask, TaskEnd } from "./store.ts";

export interface RunSpec {
  readonly workflowId: WorkflowId;
  readonly version: number;
  readonly definition: WorkflowDefinition;
  readonly trigger: Trigger;
  readonly interval: DataInterval;
  readonly request: Readonly<Record<string, unknown>>;
  readonly scheduledAt: Instant;
  /** Over those of tasks and workflow, as written. */
  readonly overrides: Texts;
  readonly backfill: BackfillPlace | null;
  /** Given beforehand. */
  readonly instanceId?: InstanceId | undefined;
}

/** A run whose variables and claims are known. */
export interface ResolvedRun {
  readonly run: RunSpec;
  readonly instanceId: InstanceId;
  readonly variables: Texts;
  /** One for each task, in their order. */
  readonly tasks: readonly {
    /** Those that differ from the run's. */
    readonly variables: Texts;
    readonly claim: Claim | null;
  }[];
}

/** A run of a slot or of somebody's wish, without overrides. */
export function plainRun(run: Omit<RunSpec, "scheduledAt" | "overrides" | "backfill">): RunSpec {
  return { ...run, scheduledAt: run.interval.end, overrides: {}, backfill: null };
}

/** Variables and claims of a run; throws GatewayError (WF-VARIABLE) if one has no value. */
export function resolveRun(run: RunSpec, claimOf: ClaimOf, random: RandomSource): ResolvedRun {
  const instanceId = run.instanceId ?? asId<InstanceId>(random.hex32());
  const { definition, scheduledAt, interval, trigger, request } = run;
  const { timeZone } = definition;
  const valuesOf = valuesFor(run, instanceId);
  const variables = valuesOf({});
  const tasks = definition.tasks.map((task) => {
    const resolved =
      Object.keys(task.variables).length === 0 ? variables : valuesOf(task.variables);
    const own = Object.fromEntries(
      Object.entries(resolved).filter(([name, value]) => variables[name] !== value),
    );
    const of = { trigger, interval, request, scheduledAt, variables: resolved, timeZone };
    return { variables: own, claim: claimOf(task.action, of) };
  });
  return { run, instanceId, variables, tasks };
}

/** The variables that a task with variables of its own sees; a table's task sees none. */
function valuesFor(run: RunSpec, instanceId: InstanceId): (task: Texts) => Texts {
  const { definition, overrides, scheduledAt, interval } = run;
  if (definition.kind === "table") return () => ({});
  const facts = { scheduledAt, interval, workflow: definition.name, instanceId };
  const { variables: workflow, timeZone } = definition;
  return (task) => resolveVariables({ workflow, task, overrides }, facts, timeZone);
}

/** A run with its tasks; `gated` lets it wait for an earlier instance of its workflow. */
export function newInstance(
  resolved: ResolvedRun,
  random: RandomSource,
  gated = false,
): NewInstanceRow {
  const { tasks } = resolved.run.definition;
  const downstream = downstreamOf(tasks);
  return {
    ...header(resolved.run, resolved.instanceId),
    variables: resolved.variables,
    gated,
    ended: null,
    tasks: tasks.map((task, n) => ({
      ...newTask(resolved, task, n, { random, gated }),
      downstream: downstream.get(task.name) ?? [],
    })),
  };
}

/** By name, the tasks that wait for one; a workflow may have ten thousand. */
function downstreamOf(tasks: readonly TaskDefinition[]): ReadonlyMap<string, readonly string[]> {
  const downstream = new Map<string, string[]>();
  for (const task of tasks) {
    for (const name of new Set(task.upstream)) {
      const known = downstream.get(name);
      if (known === undefined) downstream.set(name, [task.name]);
      else known.push(task.name);
    }
  }
  return downstream;
}

function newTask(
  { run, tasks }: ResolvedRun,
  task: TaskDefinition,
  n: number,
  { random, gated }: { readonly random: RandomSource; readonly gated: boolean },
): Omit<NewTask, "downstream"> {
  const { definition, backfill, trigger } = run;
  const { name: workflow, database, timeZone, kind } = definition;
  const queue = "queue" in task.options ? task.queue : (backfill?.queue ?? task.queue);
  const variables = tasks[n]?.variables ?? {};
  return {
    taskInstanceId: asId<TaskInstanceId>(random.hex32()),
    task: task.name,
    priority: priorityOf[trigger],
    queue,
    waiting: task.upstream.length + (gated ? 1 : 0),
    claim: tasks[n]?.claim ?? null,
    action: task.action,
    policy: {
      ...task.retry,
      timeout: task.timeout,
      anyError: kind === "user",
      ...(task.once === true ? { once: true } : {}),
    },
    frame: { workflow, database, timeZone, condition: task.condition, variables },
  };
}

/** A run that is only a row: it ends SKIPPED with `detail` without ever having tasks. */
export function skippedInstance(
  run: RunSpec,
  random: RandomSource,
  detail: string,
): NewInstanceRow {
  const end: TaskEnd = { status: "SKIPPED", detail, errorCode: null, error: null };
  return endedInstance(run, random, end);
}

/** A run that cannot be made: it ends FAILED with the error, without ever having tasks. */
export function failedInstance(
  run: RunSpec,
  random: RandomSource,
  { code, message }: GatewayError,
): NewInstanceRow {
  const end: TaskEnd = { status: "FAILED", detail: null, errorCode: code, error: message };
  return endedInstance(run, random, end);
}

function endedInstance(run: RunSpec, random: RandomSource, ended: TaskEnd): NewInstanceRow {
  const instanceId = run.instanceId ?? asId<InstanceId>(random.hex32());
  return { ...header(run, instanceId), variables: {}, gated: false, ended, tasks: [] };
}

function header(run: RunSpec, instanceId: InstanceId) {
  return {
    instanceId,
    workflowId: run.workflowId,
    version: run.version,
    kind: run.definition.kind,
    trigger: run.trigger,
    interval: run.interval,
    scheduledAt: run.scheduledAt,
    request: run.request,
    backfill: run.backfill,
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
  const downstream = downstreamOf(tasks);
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
