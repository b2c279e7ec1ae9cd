// What users do to instances, on a real database: rerun, mark, skip, cancel; variables that are
// pinned; versions; queues. Sentences of the surface's section about instances, one test each.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { InstanceId, WorkflowId } from "../../src/common/ids.ts";
import type { Tx } from "../../src/common/pg.ts";
import { sql } from "../../src/common/sql.ts";
import { instant, milliseconds } from "../../src/common/time.ts";
import type { NewInstance, WorkflowDefinition } from "../../src/scheduler/scheduler.ts";
import type { ClaimedTask, TaskOutcome } from "../../src/scheduler/task-runner.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import {
  nowInterval,
  RecordingRunner,
  tableDefinition,
  taskDefinition,
  type TestScheduler,
  testScheduler,
  until,
  workflowDefinition,
} from "./harness.ts";

let db: TestDatabase;
let one: TestScheduler;
/** Outcomes to come, by task; then success. */
const outcomes = new Map<string, TaskOutcome[]>();
const ran: string[] = [];
const claimed: ClaimedTask[] = [];
const release = new Map<string, () => void>();

const failed: TaskOutcome = { kind: "failed", code: "XX001", message: "broken", retryable: false };

const runner = new RecordingRunner(async (task, { signal }) => {
  ran.push(task.task);
  claimed.push(task);
  if (task.task.startsWith("hang")) {
    await new Promise<void>((resolve) => {
      release.set(task.task, resolve);
      signal.addEventListener("abort", () => resolve());
    });
    if (signal.aborted) return { kind: "canceled", reason: String(signal.reason) };
  }
  return outcomes.get(task.task)?.shift() ?? { kind: "succeeded" };
});

beforeAll(async () => {
  db = await testDatabase();
  one = testScheduler(db.url, runner);
  await one.scheduler.start();
});
afterAll(async () => {
  await one.close();
  await db.close();
});

const inTx = <T>(body: (tx: Tx) => Promise<T>) => db.database.transaction(body);
const create = (definition: WorkflowDefinition) =>
  inTx((tx) => one.scheduler.createWorkflow(tx, definition));

function submit(workflowId: WorkflowId, parts: Partial<NewInstance> = {}): Promise<InstanceId> {
  const run = { workflowId, trigger: "MANUAL" as const, interval: nowInterval(), request: {} };
  return inTx((tx) => one.scheduler.submit(tx, { ...run, ...parts }));
}

async function ended(id: InstanceId): Promise<string> {
  const state = await one.scheduler.awaitEnd(id, AbortSignal.timeout(10_000));
  return [state.status, state.detail].filter((word) => word !== null).join(" ");
}

const rerun = (id: InstanceId, what: Parameters<TestScheduler["scheduler"]["rerun"]>[2]) =>
  inTx((tx) => one.scheduler.rerun(tx, id, what));

/** `a SUCCESSFUL 1/2`: attempt of attempts, with the detail. */
async function tasksOf(id: InstanceId): Promise<string[]> {
  const rows = await db.query<{ text: string }>(sql`
    SELECT concat_ws(' ', task, status, detail, attempt || '/' || attempts) AS text
    FROM sluice.task_instances WHERE instance_id = ${id} ORDER BY task`);
  return rows.map((row) => row.text);
}

let serial = 0;
/** Each task after the one before it. */
function chain(tasks: readonly string[], parts: Partial<WorkflowDefinition> = {}) {
  const definitions = tasks.map((name, n) =>
    taskDefinition(name, { upstream: n === 0 ? [] : tasks.slice(n - 1, n) }),
  );
  return workflowDefinition(`w${++serial}`, { tasks: definitions, ...parts });
}

describe("RERUN", () => {
  test("of all: same id, version, variables and time, attempts are counted on", async () => {
    const workflowId = await create(
      chain(["ra", "rb"], { variables: { day: "yyyy-MM-dd" }, timeZone: "Europe/Berlin" }),
    );
    const scheduledAt = instant(Date.UTC(2026, 0, 31, 23, 30));
    const id = await submit(workflowId, { scheduledAt });
    expect(await ended(id)).toBe("SUCCESSFUL");
    const before = await instanceRow(id);
    expect(before).toMatchObject({ scheduled_at: scheduledAt, day: "2026-02-01", version: 1 });
    await inTx((tx) =>
      one.scheduler.alterWorkflow(tx, workflowId, chain(["other"], { name: `w${serial}` })),
    );
    await rerun(id, { kind: "all" });
    expect(await ended(id)).toBe("SUCCESSFUL");
    expect(await instanceRow(id)).toEqual(before);
    expect(await tasksOf(id)).toEqual(["ra SUCCESSFUL 1/2", "rb SUCCESSFUL 1/2"]);
    expect(claimed.at(-1)).toMatchObject({
      attempt: 1,
      timeZone: "Europe/Berlin",
      variables: { day: "2026-02-01", "instance.id": id },
    });
  });

  async function instanceRow(id: InstanceId) {
    const [row] = await db.query(sql`
      SELECT instance_id, workflow, version, trigger, scheduled_at, interval_start, interval_end,
        variables ->> 'day' AS day, created_at
      FROM sluice.workflow_instances WHERE instance_id = ${id}`);
    return row;
  }

  test("of what failed: what was well is not made again", async () => {
    outcomes.set("fb", [failed]);
    const id = await submit(await create(chain(["fa", "fb", "fc"])));
    expect(await ended(id)).toBe("FAILED");
    expect(await tasksOf(id)).toEqual([
      "fa SUCCESSFUL 1/1",
      "fb FAILED 1/1",
      "fc FAILED UPSTREAM_FAILED 0/0",
    ]);
    await rerun(id, { kind: "failed" });
    expect(await ended(id)).toBe("SUCCESSFUL");
    expect(await tasksOf(id)).toEqual([
      "fa SUCCESSFUL 1/1",
      "fb SUCCESSFUL 1/2",
      "fc SUCCESSFUL 1/1",
    ]);
  });

  test("of one task alone: what failed for it stays, with downstream it goes on", async () => {
    outcomes.set("ta", [failed]);
    const id = await submit(await create(chain(["ta", "tb"])));
    await ended(id);
    await rerun(id, { kind: "task", task: "ta", downstream: false });
    expect(await ended(id)).toBe("FAILED UPSTREAM_FAILED");
    expect(await tasksOf(id)).toEqual(["ta SUCCESSFUL 1/2", "tb FAILED UPSTREAM_FAILED 0/0"]);
    await rerun(id, { kind: "task", task: "ta", downstream: true });
    expect(await ended(id)).toBe("SUCCESSFUL");
    expect(await tasksOf(id)).toEqual(["ta SUCCESSFUL 1/3", "tb SUCCESSFUL 1/1"]);
  });

  test("has retries again", async () => {
    const retry = { retries: 1, delay: milliseconds(1), backoff: 1 };
    outcomes.set("rr", [failed, failed, failed]);
    const tasks = [taskDefinition("rr", { retry })];
    const id = await submit(await create(chain([], { tasks })));
    expect(await ended(id)).toBe("FAILED");
    await rerun(id, { kind: "failed" });
    expect(await ended(id)).toBe("SUCCESSFUL");
    expect(await tasksOf(id)).toEqual(["rr SUCCESSFUL 2/4"]);
  });

  test("is refused while it runs, for unknown ids and tasks; nothing changes", async () => {
    const id = await submit(await create(chain(["hang on"])));
    await until("it runs", () => release.get("hang on"));
    await expect(rerun(id, { kind: "all" })).rejects.toMatchObject({
      code: "WF-INSTANCE-RUNNING",
    });
    release.get("hang on")?.();
    await ended(id);
    await expect(rerun(id, { kind: "task", task: "x", downstream: true })).rejects.toMatchObject({
      code: "WF-TASK-UNKNOWN",
    });
    await expect(rerun("0".repeat(32) as InstanceId, { kind: "all" })).rejects.toMatchObject({
      code: "WF-INSTANCE-UNKNOWN",
    });
    expect(await tasksOf(id)).toEqual(["hang on SUCCESSFUL 1/1"]);
  });

  test("in a transaction that fails it never happened", async () => {
    const id = await submit(await create(chain(["never again"])));
    await ended(id);
    const broken = inTx(async (tx) => {
      await one.scheduler.rerun(tx, id, { kind: "all" });
      throw new Error("no");
    });
    await expect(broken).rejects.toThrow("no");
    expect(await ended(id)).toBe("SUCCESSFUL");
    expect(await tasksOf(id)).toEqual(["never again SUCCESSFUL 1/1"]);
  });

  test("waits for a run of its workflow that is open", async () => {
    const workflowId = await create(chain(["hang first"]));
    const old = await submit(workflowId);
    (await until("it runs", () => release.get("hang first")))();
    await ended(old);
    release.clear();
    const next = await submit(workflowId);
    const go = await until("the next runs", () => release.get("hang first"));
    release.clear();
    await rerun(old, { kind: "all" });
    expect((await one.scheduler.find(old))?.status).toBe("PENDING");
    go();
    expect(await ended(next)).toBe("SUCCESSFUL");
    (await until("the rerun runs", () => release.get("hang first")))();
    expect(await ended(old)).toBe("SUCCESSFUL");
  });

  test("of a run whose workflow is gone is refused", async () => {
    const workflowId = await create(chain(["gone"]));
    const id = await submit(workflowId);
    await ended(id);
    await inTx((tx) => one.scheduler.dropWorkflow(tx, workflowId));
    await expect(rerun(id, { kind: "all" })).rejects.toMatchObject({ code: "WF-NOTFOUND" });
    expect(await ended(id)).toBe("SUCCESSFUL");
  });

  test("of a table's refresh: its claim holds again", async () => {
    const definition = tableDefinition(`t${++serial}`, { kind: "manual" });
    const id = await submit(await create(definition));
    await ended(id);
    await rerun(id, { kind: "all" });
    expect(await ended(id)).toBe("SUCCESSFUL");
    expect(claimed.at(-1)?.claim).toEqual({ resource: `t${serial}`, scopes: null });
    expect(await tasksOf(id)).toEqual(["refresh SUCCESSFUL 1/2"]);
  });
});

describe("MARK and SKIP", () => {
  const mark = (id: InstanceId, task: string) => inTx((tx) => one.scheduler.markTask(tx, id, task));
  const skip = (id: InstanceId, task: string) => inTx((tx) => one.scheduler.skipTask(tx, id, task));

  test("a failed task marked: what is downstream is made after all", async () => {
    outcomes.set("mb", [failed]);
    const id = await submit(await create(chain(["ma", "mb", "mc", "md"])));
    expect(await ended(id)).toBe("FAILED");
    await mark(id, "mb");
    expect(await ended(id)).toBe("SUCCESSFUL");
    expect(await tasksOf(id)).toEqual([
      "ma SUCCESSFUL 1/1",
      "mb SUCCESSFUL MARKED 1/1",
      "mc SUCCESSFUL 1/1",
      "md SUCCESSFUL 1/1",
    ]);
    expect(ran.filter((task) => task === "mb")).toHaveLength(1);
  });

  test("the only task of a failed run marked: the run is well, without its error", async () => {
    outcomes.set("only", [failed]);
    const id = await submit(await create(chain(["only"])));
    await ended(id);
    await mark(id, "only");
    expect(await ended(id)).toBe("SUCCESSFUL MARKED");
    const [row] = await db.query(sql`
      SELECT error_code, error FROM sluice.workflow_instances WHERE instance_id = ${id}`);
    expect(row).toEqual({ error_code: null, error: null });
  });

  test("a task that has not started is skipped while another runs", async () => {
    const tasks = [
      taskDefinition("hang side"),
      taskDefinition("s1", { upstream: ["hang side"] }),
      taskDefinition("s2", { upstream: ["s1"] }),
    ];
    const id = await submit(await create(chain([], { tasks })));
    const go = await until("it runs", () => release.get("hang side"));
    await expect(mark(id, "hang side")).rejects.toMatchObject({ code: "WF-TASK-RUNNING" });
    await expect(skip(id, "hang side")).rejects.toMatchObject({ code: "WF-TASK-RUNNING" });
    await skip(id, "s1");
    await until("what waited for it runs", () => ran.includes("s2"));
    go();
    expect(await ended(id)).toBe("SUCCESSFUL");
    expect(await tasksOf(id)).toEqual([
      "hang side SUCCESSFUL 1/1",
      "s1 SKIPPED MARKED 0/0",
      "s2 SUCCESSFUL 1/1",
    ]);
  });

  test("in an open run, a failed task marked opens what failed for it", async () => {
    outcomes.set("of", [failed]);
    const tasks = [
      taskDefinition("of"),
      taskDefinition("og", { upstream: ["of"] }),
      taskDefinition("hang open"),
    ];
    const id = await submit(await create(chain([], { tasks })));
    const go = await until("it runs", () => release.get("hang open"));
    await until("the failure is known", async () => (await tasksOf(id))[2]?.includes("UPSTREAM"));
    await skip(id, "of");
    await until("it is made", async () => (await tasksOf(id))[2] === "og SUCCESSFUL 1/1");
    go();
    expect(await ended(id)).toBe("SUCCESSFUL");
  });

  test("a task that is done stays as it is", async () => {
    const id = await submit(await create(chain(["done"])));
    await ended(id);
    await mark(id, "done");
    await skip(id, "done");
    expect(await ended(id)).toBe("SUCCESSFUL");
    expect(await tasksOf(id)).toEqual(["done SUCCESSFUL 1/1"]);
  });
});

describe("CANCEL", () => {
  const cancel = (id: InstanceId) => inTx((tx) => one.scheduler.cancel(tx, id));

  test("what runs and what has not started are canceled; an ended run refuses", async () => {
    const id = await submit(await create(chain(["hang c", "c2"])));
    await until("it runs", () => release.get("hang c"));
    expect(await cancel(id)).toBe(true);
    expect(await ended(id)).toBe("CANCELED");
    expect(await tasksOf(id)).toEqual(["c2 CANCELED 0/0", "hang c CANCELED 1/1"]);
    expect(await cancel(id)).toBe(false);
  });

  test("a canceled run can be made again where it stopped", async () => {
    const id = await submit(await create(chain(["first", "hang d", "last"])));
    await until("it runs", () => release.get("hang d"));
    release.clear();
    await cancel(id);
    expect(await ended(id)).toBe("CANCELED");
    await rerun(id, { kind: "failed" });
    (await until("it runs again", () => release.get("hang d")))();
    expect(await ended(id)).toBe("SUCCESSFUL");
    expect(await tasksOf(id)).toEqual([
      "first SUCCESSFUL 1/1",
      "hang d SUCCESSFUL 1/2",
      "last SUCCESSFUL 1/1",
    ]);
  });
});

describe("variables", () => {
  test("overrides over task over workflow over system, fixed when the run is made", async () => {
    const variables = { day: "yyyyMMdd", who: "workflow", region: "eu" };
    const tasks = [
      taskDefinition("va", { variables: { who: "task", region: "${region}-1" } }),
      taskDefinition("vb"),
    ];
    const workflowId = await create(chain([], { tasks, variables }));
    const scheduledAt = instant(Date.UTC(2026, 2, 4, 5));
    const id = await submit(workflowId, { scheduledAt, variables: { region: "us" } });
    await ended(id);
    const seen = Object.fromEntries(
      claimed.filter((task) => task.instanceId === id).map((task) => [task.task, task.variables]),
    );
    expect(seen["va"]).toMatchObject({ day: "20260304", who: "task", region: "us" });
    expect(seen["vb"]).toMatchObject({
      ...{ day: "20260304", who: "workflow", region: "us" },
      "system.biz.date": "20260303",
      "workflow.name": `w${serial}`,
    });
    const [row] = await db.query<{ variables: Record<string, string> }>(sql`
      SELECT variables FROM sluice.workflow_instances WHERE instance_id = ${id}`);
    expect(row?.variables).toEqual(seen["vb"]);
  });

  test("a slot whose variables have no value is a FAILED run, and the schedule goes on", async () => {
    const schedule = { kind: "every", amount: 1, unit: "SECOND", anchor: null } as const;
    const workflowId = await create(
      chain(["vx"], { schedule, variables: { broken: "${nowhere}" } }),
    );
    await inTx((tx) => one.scheduler.enable(tx, workflowId));
    const rows = await until("two slots", async () => {
      const found = await db.query(sql`
        SELECT status, error_code, error FROM sluice.workflow_instances
        WHERE workflow_id = ${workflowId} ORDER BY scheduled_at LIMIT 2`);
      return found.length === 2 && found;
    });
    await inTx((tx) => one.scheduler.dropWorkflow(tx, workflowId));
    const error = 'variable "nowhere" is not defined';
    const row = { status: "FAILED", error_code: "WF-VARIABLE", error };
    expect(rows).toEqual([row, row]);
    expect(ran).not.toContain("vx");
    await expect(
      submit(await create(chain(["vy"], { variables: { b: "${no}" } }))),
    ).rejects.toMatchObject({ code: "WF-VARIABLE" });
  });
});

test("a timeout is each attempt's, and one that timed out is made again", async () => {
  const retry = { retries: 1, delay: milliseconds(1), backoff: 1 };
  const tasks = [taskDefinition("hang time", { retry, timeout: milliseconds(150) })];
  const id = await submit(await create(chain([], { tasks })));
  expect(await ended(id)).toBe("FAILED TIMED_OUT");
  expect(await tasksOf(id)).toEqual(["hang time FAILED TIMED_OUT 2/2"]);
});

test("a task whose connection is gone while the server lives has failed, it was not lost", async () => {
  const gone = { kind: "failed", code: "57P01", message: "gone", retryable: true } as const;
  outcomes.set("ended itself", [gone]);
  const id = await submit(await create(chain(["ended itself"])));
  expect(await ended(id)).toBe("FAILED");
  expect(await tasksOf(id)).toEqual(["ended itself FAILED 1/1"]);
});

test("a schedule that is enabled again after the clock was set back runs no slot twice", async () => {
  const schedule = { kind: "every", amount: 10, unit: "SECOND", anchor: null } as const;
  const ahead = instant(Date.UTC(2030, 0, 1));
  const workflowId = await create(chain(["again"], { schedule }));
  await inTx(async (tx) => {
    await one.scheduler.enable(tx, workflowId);
    await tx.execute(sql`
      INSERT INTO sluice_private.instance_history (instance_id, workflow_id, version, trigger,
        interval_start, interval_end, scheduled_at, status, request, variables, created_at,
        finished_at)
      SELECT 'ahead', ${workflowId}, 1, 'SCHEDULE', at, at, at, 'SUCCESSFUL', '{}', '{}', at, at
      FROM (SELECT to_timestamp(${ahead / 1000}) AS at) x`);
    await one.scheduler.disable(tx, workflowId);
    await one.scheduler.enable(tx, workflowId);
  });
  const [row] = await db.query(sql`
    SELECT next_execution FROM sluice.workflows WHERE workflow_id = ${workflowId}`);
  expect(row).toEqual({ next_execution: instant(ahead + 10_000) });
  await inTx((tx) => one.scheduler.dropWorkflow(tx, workflowId));
});

describe("versions", () => {
  test("a run that is open keeps its tasks through alter and rename, and its history is found", async () => {
    const workflowId = await create(chain(["hang v", "v old"]));
    const id = await submit(workflowId);
    const go = await until("it runs", () => release.get("hang v"));
    const renamed = chain(["v new"]);
    await inTx((tx) => one.scheduler.alterWorkflow(tx, workflowId, renamed));
    const next = await submit(workflowId);
    go();
    expect(await ended(id)).toBe("SUCCESSFUL");
    expect(await ended(next)).toBe("SUCCESSFUL");
    const rows = await db.query(sql`
      SELECT workflow, version FROM sluice.workflow_instances WHERE workflow_id = ${workflowId}
      ORDER BY scheduled_at`);
    expect(rows).toEqual([
      { workflow: renamed.name, version: 1 },
      { workflow: renamed.name, version: 2 },
    ]);
    expect((await tasksOf(id)).join()).toContain("v old SUCCESSFUL");
    expect((await tasksOf(next)).join()).toBe("v new SUCCESSFUL 1/1");
  });

  test("DROP cancels what runs and what waits; history keeps the name", async () => {
    const definition = chain(["hang dropped", "after"]);
    const workflowId = await create(definition);
    const id = await submit(workflowId);
    await until("it runs", () => release.get("hang dropped"));
    await inTx((tx) => one.scheduler.dropWorkflow(tx, workflowId));
    expect(await ended(id)).toBe("CANCELED");
    const [row] = await db.query(sql`
      SELECT workflow, status FROM sluice.workflow_instances WHERE instance_id = ${id}`);
    expect(row).toEqual({ workflow: definition.name, status: "CANCELED" });
  });

  test("a user's workflow that is disabled still runs what is there", async () => {
    const workflowId = await create(chain(["hang en"]));
    await inTx((tx) => one.scheduler.enable(tx, workflowId));
    const first = await submit(workflowId);
    const go = await until("it runs", () => release.get("hang en"));
    release.clear();
    const queued = await submit(workflowId);
    await inTx((tx) => one.scheduler.disable(tx, workflowId));
    go();
    expect(await ended(first)).toBe("SUCCESSFUL");
    (await until("the queued one runs", () => release.get("hang en")))();
    expect(await ended(queued)).toBe("SUCCESSFUL");
  });
});

describe("queues", () => {
  const { createQueue, alterQueue, dropQueue } = {
    createQueue: (name: string, concurrency: number) =>
      inTx((tx) => one.scheduler.createQueue(tx, name, { concurrency })),
    alterQueue: (name: string, concurrency: number) =>
      inTx((tx) => one.scheduler.alterQueue(tx, name, { concurrency })),
    dropQueue: (name: string) => inTx((tx) => one.scheduler.dropQueue(tx, name)),
  };

  test("one is made, changed, refused while it is in use, dropped", async () => {
    expect(await createQueue("reports", 1)).toBe(true);
    expect(await createQueue("reports", 2)).toBe(false);
    const tasks = [taskDefinition("hang q1", { queue: "reports" })];
    const twice = [...tasks, taskDefinition("hang q2", { queue: "reports" })];
    const workflowId = await create(chain([], { tasks: twice }));
    const id = await submit(workflowId);
    const names = ["hang q1", "hang q2"];
    const first = await until("one runs", () => names.find((name) => release.has(name)));
    expect(await db.query(`SELECT * FROM sluice.queues WHERE queue = 'reports'`)).toEqual([
      { queue: "reports", concurrency: 1, running: 1, pending: 1 },
    ]);
    await expect(dropQueue("reports")).rejects.toMatchObject({ code: "WF-QUEUE-IN-USE" });
    await alterQueue("reports", 2);
    await until("both run", () => names.every((name) => release.has(name)));
    expect(first).toBeDefined();
    for (const name of names) release.get(name)?.();
    await ended(id);
    await expect(dropQueue("reports")).rejects.toMatchObject({
      code: "WF-QUEUE-IN-USE",
      detail: `It is used by workflow "public"."w${serial}".`,
    });
    await inTx((tx) => one.scheduler.dropWorkflow(tx, workflowId));
    expect(await dropQueue("reports")).toBe(true);
    expect(await dropQueue("reports")).toBe(false);
    await expect(alterQueue("reports", 1)).rejects.toMatchObject({ code: "WF-QUEUE-UNKNOWN" });
    for (const kept of ["default-queue", "tables"]) {
      await expect(dropQueue(kept)).rejects.toMatchObject({ code: "WF-QUEUE-IN-USE" });
    }
  });

  test("a workflow with an unknown queue is refused", async () => {
    const tasks = [taskDefinition("x", { queue: "nowhere" })];
    await expect(create(chain([], { tasks }))).rejects.toMatchObject({ code: "WF-QUEUE-UNKNOWN" });
  });
});

test("a condition that does not hold: SKIPPED, and what is downstream goes on", async () => {
  outcomes.set("ka", [{ kind: "skipped", reason: "CONDITION" }]);
  const tasks = [
    taskDefinition("ka", { condition: "SELECT false" }),
    taskDefinition("kb", { upstream: ["ka"] }),
  ];
  const id = await submit(await create(chain([], { tasks })));
  expect(await ended(id)).toBe("SUCCESSFUL");
  expect(await tasksOf(id)).toEqual(["ka SKIPPED CONDITION 1/1", "kb SUCCESSFUL 1/1"]);
  expect(claimed.find((task) => task.task === "ka")?.condition).toBe("SELECT false");
});
