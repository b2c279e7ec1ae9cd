// Several schedulers on one real database: nothing runs twice, the dead are taken over and cannot
// commit, polling is enough, a lost LISTEN comes back.

import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { asId, type GatewayId, type InstanceId, type WorkflowId } from "../../src/common/ids.ts";
import { sql } from "../../src/common/sql.ts";
import { milliseconds, seconds } from "../../src/common/time.ts";
import { pgWorkflowStore } from "../../src/scheduler/durable/pg-store.ts";
import { FencedError, type TaskOutcome } from "../../src/scheduler/task-runner.ts";
import { asAdmin, type TestDatabase, testDatabase } from "../support/database.ts";
import {
  nowInterval,
  RecordingRunner,
  type RunBody,
  tableDefinition,
  taskDefinition,
  type TestScheduler,
  testScheduler,
  until,
  workflowDefinition,
} from "./harness.ts";

let db: TestDatabase;
const open: TestScheduler[] = [];

beforeAll(async () => {
  db = await testDatabase({ max: 12 });
  await db.query("CREATE TABLE published (task text, attempt integer)");
  await db.query("UPDATE sluice_private.queues SET concurrency = 50");
});
afterAll(() => db.close());

/** A test that failed half-way leaves nothing to the next one. */
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
  await db.query(`TRUNCATE sluice_private.gateways, sluice_private.workflows,
    sluice_private.instances, sluice_private.task_instances, sluice_private.cancel_requests`);
});

async function started(runner: RecordingRunner, settings = {}): Promise<TestScheduler> {
  const one = testScheduler(db.url, runner, settings);
  open.push(one);
  await one.scheduler.start();
  return one;
}

async function closed(...schedulers: TestScheduler[]): Promise<void> {
  for (const one of schedulers) {
    open.splice(open.indexOf(one), 1);
    await one.close();
  }
}

async function submit(by: TestScheduler, name: string, count = 1): Promise<InstanceId[]> {
  return db.database.transaction(async (tx) => {
    const ids: InstanceId[] = [];
    for (let n = 0; n < count; n++) {
      const action = { resource: `${name} ${n}` };
      const tasks = [taskDefinition("refresh", { action, queue: "tables" })];
      const definition = tableDefinition(`${name} ${n}`, { kind: "manual" }, { tasks });
      const workflowId = await by.scheduler.createWorkflow(tx, definition);
      const run = { workflowId, trigger: "MANUAL", interval: nowInterval(), request: {} } as const;
      ids.push(await by.scheduler.submit(tx, run));
    }
    return ids;
  });
}

/** A promise that a test resolves. */
function gate<T>() {
  let free: (value: T) => void = () => undefined;
  const opened = new Promise<T>((resolve) => {
    free = resolve;
  });
  return { opened, free };
}

/**
 * Publishes as a refresh does: data and outcome in one REPEATABLE READ transaction on the
 * scheduler's own database.
 */
function publish(between: () => Promise<void> = () => Promise.resolve()): RunBody {
  return async (task, context) => {
    const outcome: TaskOutcome = { kind: "succeeded" };
    try {
      await db.database.transaction(async (tx) => {
        await context.attachBackend(tx.backendPid);
        await tx.execute(
          sql`INSERT INTO published VALUES (${task.taskInstanceId}, ${task.attempt})`,
        );
        await between();
        await context.settle(tx, outcome);
      }, "repeatable read");
      return outcome;
    } catch (error) {
      if (error instanceof FencedError) return { kind: "fenced" };
      return { kind: "failed", code: "08006", message: String(error), retryable: true };
    }
  };
}

const ended = (by: TestScheduler, id: InstanceId) =>
  by.scheduler.awaitEnd(id, AbortSignal.timeout(10_000));

test("two schedulers on one database run every instance once", async () => {
  const runners = [new RecordingRunner(publish()), new RecordingRunner(publish())];
  const [one, two] = await Promise.all(runners.map((runner) => started(runner, { claimBatch: 3 })));
  if (one === undefined || two === undefined) throw new Error("two were to start");
  const ids = await submit(one, "twice", 60);
  const states = await Promise.all(ids.map((id) => ended(two, id)));
  expect(new Set(states.map((state) => state.status))).toEqual(new Set(["SUCCESSFUL"]));
  const runs = runners.flatMap((runner) => runner.started.map((task) => task.instanceId));
  expect(runs.sort()).toEqual([...ids].sort());
  expect(runners.map((runner) => runner.started.length > 0)).toEqual([true, true]);
  const rows = await db.query(
    "SELECT count(*) AS rows, count(DISTINCT task) AS tasks FROM published",
  );
  expect(rows).toEqual([{ rows: 60, tasks: 60 }]);
  await closed(one, two);
});

test("a schedule fires once for each slot, whoever looks", async () => {
  const runners = [new RecordingRunner(), new RecordingRunner()];
  const [one, two] = await Promise.all(runners.map((runner) => started(runner)));
  if (one === undefined || two === undefined) throw new Error("two were to start");
  const every = { kind: "every", amount: 1, unit: "SECOND", anchor: null } as const;
  const id = await db.database.transaction(async (tx) => {
    const made = await one.scheduler.createWorkflow(tx, tableDefinition("every", every));
    await one.scheduler.enable(tx, made);
    return made;
  });
  const slots = () => runners.flatMap((runner) => runner.started.map((task) => task.interval));
  await until("three slots", () => slots().length >= 3);
  await db.database.transaction((tx) => one.scheduler.disable(tx, id));
  const ends = slots().map((slot) => slot.end);
  expect(new Set(ends).size).toBe(ends.length);
  for (const slot of slots()) expect(slot.end - slot.start).toBe(1000);
  await closed(one, two);
});

test("a zombie is fenced: its data and outcome vanish, the next attempt counts", async () => {
  const { opened, free } = gate<void>();
  const zombieRunner = new RecordingRunner(publish(() => opened));
  // Its backend is not reaped here: the fence alone must hold.
  const reap = () => Promise.resolve();
  const zombie = await started(zombieRunner, { lease: seconds(3600), reap });
  const [id] = await submit(zombie, "zombie");
  if (id === undefined) throw new Error("one was to be submitted");
  await until("the zombie's start", () => zombieRunner.started[0]);
  await db.query("UPDATE sluice_private.gateways SET expires_at = sluice_private.clock()");
  const heir = await started(new RecordingRunner(publish()), { reap });
  expect((await ended(heir, id)).status).toBe("SUCCESSFUL");
  free();
  await until("the zombie's answer", () => zombie.scheduler.running === 0);
  const task = heir.runner.started[0]?.taskInstanceId;
  expect(await db.query(sql`SELECT attempt FROM published WHERE task = ${task}`)).toEqual([
    { attempt: 2 },
  ]);
  const attempts = await db.query(sql`
    SELECT attempt, status, detail FROM sluice_private.task_attempts
    WHERE task_instance_id = ${task} ORDER BY attempt`);
  expect(attempts).toEqual([
    { attempt: 1, status: "FAILED", detail: "LOST" },
    { attempt: 2, status: "SUCCESSFUL", detail: null },
  ]);
  await closed(zombie, heir);
});

test("a takeover ends the backend first", async () => {
  const { opened, free } = gate<void>();
  const runner = new RecordingRunner(publish(() => opened));
  const dead = await started(runner, { lease: seconds(3600) });
  const [id] = await submit(dead, "reaped");
  if (id === undefined) throw new Error("one was to be submitted");
  const task = await until("start", () => runner.started[0]);
  const backend = await until("its backend", async () => {
    const rows = await db.query<{ backend_pid: number }>(sql`
      SELECT backend_pid FROM sluice_private.task_backends
      WHERE task_instance_id = ${task.taskInstanceId}`);
    return rows[0]?.backend_pid;
  });
  await db.query("UPDATE sluice_private.gateways SET expires_at = sluice_private.clock()");
  const heir = await started(new RecordingRunner(publish()));
  expect((await ended(heir, id)).status).toBe("SUCCESSFUL");
  expect(await asAdmin(sql`SELECT 1 FROM pg_stat_activity WHERE pid = ${backend}`)).toEqual([]);
  free();
  await closed(dead, heir);
});

test("a gateway started on the host of a dead one does not wait for its lease", async () => {
  // The dead one: its row and its claim, as kill -9 leaves them.
  const gatewayId = asId<GatewayId>("dead");
  const store = pgWorkflowStore(db.database);
  await store.register({ gatewayId, host: "test", pid: 4711, version: "0" }, seconds(3600));
  const heir = testScheduler(db.url, new RecordingRunner(), {
    pid: 4712,
    isDeadProcess: (pid: number) => pid === 4711,
  });
  const [id] = await submit(heir, "neighbour");
  if (id === undefined) throw new Error("one was to be submitted");
  expect(await store.claim(gatewayId, 1)).toMatchObject([{ instanceId: id }]);
  open.push(heir);
  await heir.scheduler.start();
  expect((await ended(heir, id)).status).toBe("SUCCESSFUL");
  await closed(heir);
});

test("a failure under a server that has been restarted since is a lost attempt", async () => {
  let attempts = 0;
  const runner = new RecordingRunner(async (task) => {
    attempts += 1;
    if (attempts > 1) return { kind: "succeeded" };
    // As if the server had been another one when the task was claimed.
    await db.query(sql`
      UPDATE sluice_private.task_instances SET server_start = '2000-01-01'
      WHERE task_instance_id = ${task.taskInstanceId}`);
    return { kind: "failed", code: "57P01", message: "terminating connection", retryable: false };
  });
  const one = await started(runner);
  const [id] = await submit(one, "restarted");
  if (id === undefined) throw new Error("one was to be submitted");
  expect((await ended(one, id)).status).toBe("SUCCESSFUL");
  const rows = await db.query(sql`
    SELECT attempt, lost FROM sluice_private.task_history WHERE instance_id = ${id}`);
  expect(rows).toEqual([{ attempt: 2, lost: 1 }]);
  await closed(one);
});

test("polling alone is enough", async () => {
  const one = await started(new RecordingRunner(), { listen: false, poll: milliseconds(100) });
  const [id] = await submit(one, "polled");
  if (id === undefined) throw new Error("one was to be submitted");
  expect((await ended(one, id)).status).toBe("SUCCESSFUL");
  expect(one.errors).toEqual([]);
  await closed(one);
});

test("NOTIFY starts a run at once, also after its connection was lost", async () => {
  const one = await started(new RecordingRunner(), {
    poll: seconds(600),
    recoveryPoll: seconds(600),
  });
  const listening = async () => {
    const rows = await asAdmin(sql`
      SELECT pid FROM pg_stat_activity
      WHERE datname = ${db.name} AND query = 'LISTEN sluice_scheduler'`);
    return (rows[0] as { pid: number } | undefined)?.pid;
  };
  const pid = await until("LISTEN", listening);
  const [first] = await submit(one, "notified");
  await until("first run", () => one.runner.started.length === 1);
  await asAdmin(sql`SELECT pg_terminate_backend(${pid}::integer)`);
  await until("LISTEN again", async () => {
    const again = await listening();
    return again !== undefined && again !== pid;
  });
  const [second] = await submit(one, "notified again");
  await until("second run", () => one.runner.started.length === 2);
  expect(one.runner.started.map((task) => task.instanceId)).toEqual([first, second]);
  await closed(one);
});

test("a graceful stop gives back what does not end in time", async () => {
  const hang: RunBody = (_task, { signal }) =>
    new Promise((resolve) => {
      const reason = () => resolve({ kind: "canceled", reason: String(signal.reason) });
      signal.addEventListener("abort", reason);
    });
  const one = await started(new RecordingRunner(hang), { lease: seconds(3600) });
  const [id] = await submit(one, "returned");
  if (id === undefined) throw new Error("one was to be submitted");
  await until("start", () => one.runner.started[0]);
  await closed(one);
  expect(
    await db.query(sql`SELECT status, attempt, gateway_id FROM sluice_private.task_instances
      WHERE instance_id = ${id}`),
  ).toEqual([{ status: "PENDING", attempt: 0, gateway_id: null }]);
  expect(await db.query("SELECT 1 FROM sluice_private.gateways")).toEqual([]);
  const next = await started(new RecordingRunner());
  expect((await ended(next, id)).status).toBe("SUCCESSFUL");
  await closed(next);
});

test("a gateway that finds its lease gone begins again under a new id", async () => {
  const one = await started(new RecordingRunner(), { lease: milliseconds(600) });
  const id = () =>
    db.query<{ gateway_id: string }>("SELECT gateway_id FROM sluice_private.gateways");
  const before = (await id())[0]?.gateway_id;
  await db.query("UPDATE sluice_private.gateways SET expires_at = sluice_private.clock()");
  await until("a new id", async () => {
    const now = (await id()).at(-1)?.gateway_id;
    return now !== undefined && now !== before;
  });
  const [run] = await submit(one, "after the fence");
  if (run === undefined) throw new Error("one was to be submitted");
  expect((await ended(one, run)).status).toBe("SUCCESSFUL");
  await closed(one);
});

test("SUSPEND waits for no run and lets none start", async () => {
  const one = await started(new RecordingRunner());
  const every = { kind: "every", amount: 1, unit: "SECOND", anchor: null } as const;
  const create = (tx: Parameters<typeof one.scheduler.enable>[0]) =>
    one.scheduler.createWorkflow(tx, tableDefinition("suspended", every));
  const id: WorkflowId = await db.database.transaction(create);
  await db.database.transaction((tx) => one.scheduler.enable(tx, id));
  await until("a run", () => one.runner.started.length > 0);
  await db.database.transaction((tx) => one.scheduler.disable(tx, id));
  const count = one.runner.started.length;
  const rows = await db.query(sql`
    SELECT enabled, next_due_at FROM sluice_private.workflows WHERE workflow_id = ${id}`);
  expect(rows).toEqual([{ enabled: false, next_due_at: null }]);
  const [other] = await submit(one, "beside");
  if (other === undefined) throw new Error("one was to be submitted");
  await ended(one, other);
  expect(one.runner.started.length).toBe(count + 1);
  await closed(one);
});

test("workflows are refused where they cannot work", async () => {
  const one = testScheduler(db.url, new RecordingRunner());
  const create = (definition: ReturnType<typeof workflowDefinition>) =>
    db.database.transaction((tx) => one.scheduler.createWorkflow(tx, definition));
  const task = (name: string, ...upstream: string[]) => taskDefinition(name, { upstream });
  const cron = (expression: string) =>
    create(workflowDefinition("c", { schedule: { kind: "cron", expression } }));
  await expect(cron("0 0 0 31 2 ?")).rejects.toMatchObject({ code: "WF-CRON" });
  await expect(cron("0 0 0 1 1 ? 2020")).rejects.toThrow("never fires again");
  await expect(create(workflowDefinition("z", { timeZone: "No/Where" }))).rejects.toMatchObject({
    code: "WF-TIME-ZONE",
  });
  const tasks = [task("a", "c"), task("b", "a"), task("c", "b")];
  await expect(create(workflowDefinition("y", { tasks }))).rejects.toMatchObject({
    code: "WF-CYCLE",
  });
  const unknown = create(workflowDefinition("u", { tasks: [task("a", "x")] }));
  await expect(unknown).rejects.toMatchObject({ code: "WF-TASK-UNKNOWN" });
  const double = create(workflowDefinition("d", { tasks: [task("a"), task("a")] }));
  await expect(double).rejects.toMatchObject({ code: "WF-TASK-DUPLICATE" });
  const queue = create(
    workflowDefinition("q", { tasks: [taskDefinition("a", { queue: "nope" })] }),
  );
  await expect(queue).rejects.toMatchObject({ code: "WF-QUEUE-UNKNOWN" });
  await one.database.close();
});
