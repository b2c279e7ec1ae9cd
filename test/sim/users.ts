// What the users of a scenario do, at random: create, submit, suspend, resume, cancel, alter, drop;
// run again, mark and skip what has run; backfill; change queues.

import { instant, milliseconds, seconds } from "../../src/common/time.ts";
import type { InstanceId, WorkflowId } from "../../src/common/ids.ts";
import type { NewBackfill } from "../../src/scheduler/backfill-runs.ts";
import type {
  RerunSpec,
  TaskDefinition,
  WorkflowDefinition,
} from "../../src/scheduler/scheduler.ts";
import { taskDefinition, workflowDefinition } from "../scheduler/harness.ts";
import { type Simulation, start } from "./simulation.ts";
import type { World } from "./world.ts";

export const queue = "narrow";

/** One wish of one user. */
export function userAction(sim: Simulation): void {
  const { world, workflows } = sim;
  if (workflows.length === 0) return;
  const id = world.pick(workflows);
  const action = world.pick(actions);
  action(sim, id);
}

type Action = (sim: Simulation, id: WorkflowId) => void;

const disable: Action = (sim, id) => {
  sim.checkers.wasDisabled.add(id);
  sim.act((users, tx) => users.workflows.disable(tx, id));
};

const enable: Action = (sim, id) => sim.act((users, tx) => users.workflows.enable(tx, id));

const submit: Action = (sim, id) => {
  const at = sim.world.now();
  const interval = { start: at, end: at };
  sim.act((users, tx) =>
    users.workflows.submit(tx, { workflowId: id, trigger: "MANUAL", interval, request: {} }),
  );
};

const cancel: Action = (sim) => {
  const open = [...sim.database.tables.instances.values()];
  const instance = open[sim.world.below(open.length)];
  if (instance === undefined) return;
  sim.act((users, tx) => users.workflows.cancel(tx, instance.instanceId));
};

const alter: Action = (sim, id) => {
  sim.checkers.wasDisabled.add(id);
  sim.act((users, tx) => users.workflows.alter(tx, id, otherDefinition(sim, id)));
};

const drop: Action = (sim, id) => sim.act((users, tx) => users.workflows.drop(tx, id));

const rerun: Action = (sim) => {
  const { world, database, checkers } = sim;
  const instance = newest([...database.tables.history.keys()], world);
  if (instance === undefined) return;
  checkers.touched.add(instance);
  const tasks = [...database.tables.taskHistory.values()].filter((t) => t.instanceId === instance);
  const task = tasks[world.below(tasks.length)]?.task ?? "a";
  const what = world.pick<RerunSpec>([
    { kind: "all" },
    { kind: "failed" },
    { kind: "task", task, downstream: world.chance(0.5) },
  ]);
  sim.act((users, tx) => users.instances.rerun(tx, instance as InstanceId, what));
};

const markOrSkip: Action = (sim) => {
  const { world, database, checkers } = sim;
  const { tasks, taskHistory } = database.tables;
  const rows = [...tasks.values(), ...[...taskHistory.values()].slice(-20)];
  const row = rows[world.below(rows.length)];
  if (row === undefined) return;
  checkers.touched.add(row.instanceId);
  const of = { id: row.instanceId as InstanceId, task: row.task };
  const status = world.pick(["SUCCESSFUL", "SKIPPED"] as const);
  sim.act((users, tx) => users.instances.endTask(tx, of, status));
};

const backfill: Action = (sim, id) => {
  const { world } = sim;
  const count = 1 + world.below(8);
  const at = (n: number) => instant(start - 86_400_000 + n * 1000);
  const intervals = Array.from({ length: count }, (_, n) => ({
    interval: world.chance(0.9) ? { start: at(n), end: at(n + 1) } : null,
    partition: String(n),
    reason: world.chance(0.2) ? "already fresh" : null,
  }));
  const plan: NewBackfill = {
    workflowId: id,
    range: { from: "a", to: "b" },
    period: { start: at(0), end: at(count) },
    parallelism: 1 + world.below(3),
    queue: world.chance(0.3) ? queue : null,
    exclusive: world.chance(0.7),
    throttled: world.chance(0.1),
    variables: {},
    request: {},
    options: {},
    parent: null,
    intervals,
  };
  sim.act((users, tx) => users.backfills.create(tx, plan));
};

const changeBackfill: Action = (sim) => {
  const { world, database } = sim;
  const ids = [...database.tables.backfills.keys()];
  const id = ids[world.below(ids.length)];
  if (id === undefined) return;
  const verb = world.pick(["pause", "resume", "resume", "cancel", "retryFailed"] as const);
  sim.act((users, tx) => users.backfills[verb](tx, id));
};

const changeQueue: Action = (sim) => {
  const concurrency = 1 + sim.world.below(3);
  if (sim.world.chance(0.2)) return sim.act((users, tx) => users.instances.dropQueue(tx, queue));
  sim.act((users, tx) => users.instances.alterQueue(tx, queue, { concurrency }));
};

/** How often each is picked. */
const weights: readonly (readonly [number, Action])[] = [
  [2, disable],
  [3, enable],
  [3, submit],
  [2, cancel],
  [1, alter],
  [1, drop],
  [3, rerun],
  [2, markOrSkip],
  [2, backfill],
  [2, changeBackfill],
  [1, changeQueue],
];
const actions = weights.flatMap(([weight, action]) => Array.from({ length: weight }, () => action));

/** Mostly one of the last few. */
function newest(ids: readonly string[], world: World): string | undefined {
  const from = world.chance(0.8) ? Math.max(0, ids.length - 8) : 0;
  return ids[from + world.below(ids.length - from)];
}

/** A new version is of the same kind: a table's workflow stays one. */
function otherDefinition(sim: Simulation, id: WorkflowId): WorkflowDefinition {
  const kind = sim.database.tables.workflows.get(id)?.definition.kind ?? "table";
  for (;;) {
    const definition = randomWorkflow(sim.world, `a${sim.world.serial()}`);
    if (definition.kind === kind) return definition;
  }
}

export function randomWorkflow(world: World, name: string): WorkflowDefinition {
  const amount = world.pick([2, 4, 5, 7]);
  const schedule = { kind: "every", amount, unit: "SECOND", anchor: start } as const;
  const overlap = world.pick(["queue", "queue", "skip", "replace"] as const);
  const catchup = world.pick(["last", "last", "none", "all"] as const);
  const retry = { retries: world.below(3), delay: milliseconds(200), backoff: 2 };
  const timeout = world.chance(0.3) ? seconds(2) : null;
  const common = { schedule, overlap, catchup };
  if (world.chance(0.4)) {
    const slow = { ...schedule, amount: amount * 4 };
    return workflowDefinition(name, {
      ...common,
      schedule: world.chance(0.2) ? { kind: "manual" } : slow,
      tasks: randomTasks(world, { retry, timeout }),
    });
  }
  const scopes = world.chance(0.5) ? null : [{ ds: world.pick(["1", "2"]) }];
  const action = { resource: world.pick(["t1", "t2", name]), scopes };
  const tasks = [taskDefinition("refresh", { action, queue: "tables", retry, timeout })];
  return workflowDefinition(name, { ...common, kind: "table", tasks });
}

function randomTasks(
  world: World,
  common: Pick<TaskDefinition, "retry" | "timeout">,
): readonly TaskDefinition[] {
  const names = ["a", "b", "c", "d", "e"].slice(0, 1 + world.below(5));
  return names.map((name, n) => {
    const upstream = names.slice(0, n).filter(() => world.chance(0.4));
    const condition = world.chance(0.2) ? "SELECT true" : null;
    const resource = world.pick(["t1", "t2", "t3"]);
    return taskDefinition(name, {
      ...common,
      upstream,
      condition,
      action: world.chance(0.3) ? { resource, scopes: [{ ds: "1" }] } : {},
      queue: world.chance(0.3) ? queue : "default-queue",
    });
  });
}
