// What an instance is made of and keeps, on a real database: variables, attempts, versions, queues,
// conditions.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sql } from "../../src/common/sql.ts";
import { instant, milliseconds } from "../../src/common/time.ts";
import { taskDefinition, until } from "./harness.ts";
import { Scripted } from "./scripted.ts";

let s: Scripted;
beforeAll(async () => {
  s = await Scripted.start();
});
afterAll(() => s.close());

describe("variables", () => {
  test("overrides over task over workflow over system, fixed when the run is made", async () => {
    const variables = { day: "yyyyMMdd", who: "workflow", region: "eu" };
    const tasks = [
      taskDefinition("va", { variables: { who: "task", region: "${region}-1" } }),
      taskDefinition("vb"),
    ];
    const definition = s.chain([], { tasks, variables });
    const workflowId = await s.create(definition);
    const scheduledAt = instant(Date.UTC(2026, 2, 4, 5));
    const id = await s.submit(workflowId, { scheduledAt, variables: { region: "us" } });
    await s.ended(id);
    const seen = Object.fromEntries(
      s.claimed.filter((task) => task.instanceId === id).map((task) => [task.task, task.variables]),
    );
    expect(seen["va"]).toMatchObject({ day: "20260304", who: "task", region: "us" });
    expect(seen["vb"]).toMatchObject({
      day: "20260304",
      who: "workflow",
      region: "us",
      "system.biz.date": "20260303",
      "workflow.name": definition.name,
    });
    const [row] = await s.db.query<{ variables: Record<string, string> }>(sql`
      SELECT variables FROM sluice.workflow_instances WHERE instance_id = ${id}`);
    expect(row?.variables).toEqual(seen["vb"]);
  });

  test("a slot whose variables have no value is a FAILED run; the schedule goes on", async () => {
    const schedule = { kind: "every", amount: 1, unit: "SECOND", anchor: null } as const;
    const workflowId = await s.create(
      s.chain(["vx"], { schedule, variables: { broken: "${nowhere}" } }),
    );
    await s.inTx((tx) => s.scheduler.enable(tx, workflowId));
    const rows = await until("two slots", async () => {
      const found = await s.db.query(sql`
        SELECT status, error_code, error FROM sluice.workflow_instances
        WHERE workflow_id = ${workflowId} AND detail IS DISTINCT FROM 'MISSED'
        ORDER BY scheduled_at LIMIT 2`);
      return found.length === 2 && found;
    });
    await s.inTx((tx) => s.scheduler.dropWorkflow(tx, workflowId));
    const error = 'variable "nowhere" is not defined';
    const row = { status: "FAILED", error_code: "WF-VARIABLE", error };
    expect(rows).toEqual([row, row]);
    expect(s.ran).not.toContain("vx");
    await expect(
      s.submit(await s.create(s.chain(["vy"], { variables: { b: "${no}" } }))),
    ).rejects.toMatchObject({ code: "WF-VARIABLE" });
  });
});

test("a timeout is each attempt's, and one that timed out is made again", async () => {
  const retry = { retries: 1, delay: milliseconds(1), backoff: 1 };
  const tasks = [taskDefinition("hang time", { retry, timeout: milliseconds(150) })];
  const id = await s.submit(await s.create(s.chain([], { tasks })));
  expect(await s.ended(id)).toBe("FAILED TIMED_OUT");
  expect(await s.tasksOf(id)).toEqual(["hang time FAILED TIMED_OUT 2/2"]);
});

test("a task whose connection is gone while the server lives was not lost", async () => {
  const gone = { kind: "failed", code: "57P01", message: "gone", retryable: true } as const;
  s.outcomes.set("ended itself", [gone]);
  const id = await s.submit(await s.create(s.chain(["ended itself"])));
  expect(await s.ended(id)).toBe("FAILED");
  expect(await s.tasksOf(id)).toEqual(["ended itself FAILED 1/1"]);
});

test("enabled again after the clock was set back, no slot runs twice", async () => {
  const schedule = { kind: "every", amount: 10, unit: "SECOND", anchor: null } as const;
  const ahead = instant(Date.UTC(2030, 0, 1));
  const workflowId = await s.create(s.chain(["again"], { schedule }));
  await s.inTx(async (tx) => {
    await s.scheduler.enable(tx, workflowId);
    await tx.execute(sql`
      INSERT INTO sluice_private.instance_history (instance_id, workflow_id, version, trigger,
        interval_start, interval_end, scheduled_at, status, request, variables, created_at,
        finished_at)
      SELECT 'ahead', ${workflowId}, 1, 'SCHEDULE', at, at, at, 'SUCCESSFUL', '{}', '{}', at, at
      FROM (SELECT to_timestamp(${ahead / 1000}) AS at) x`);
    await s.scheduler.disable(tx, workflowId);
    await s.scheduler.enable(tx, workflowId);
  });
  const [row] = await s.db.query(sql`
    SELECT next_execution FROM sluice.workflows WHERE workflow_id = ${workflowId}`);
  expect(row).toEqual({ next_execution: instant(ahead + 10_000) });
  await s.inTx((tx) => s.scheduler.dropWorkflow(tx, workflowId));
});

describe("versions", () => {
  test("an open run keeps its tasks through alter and rename", async () => {
    const workflowId = await s.create(s.chain(["hang v", "v old"]));
    const id = await s.submit(workflowId);
    const go = await s.hangs("hang v");
    const renamed = s.chain(["v new"]);
    await s.inTx((tx) => s.scheduler.alterWorkflow(tx, workflowId, renamed));
    const next = await s.submit(workflowId);
    go();
    expect(await s.ended(id)).toBe("SUCCESSFUL");
    expect(await s.ended(next)).toBe("SUCCESSFUL");
    const rows = await s.db.query(sql`
      SELECT workflow, version FROM sluice.workflow_instances WHERE workflow_id = ${workflowId}
      ORDER BY scheduled_at`);
    expect(rows).toEqual([
      { workflow: renamed.name, version: 1 },
      { workflow: renamed.name, version: 2 },
    ]);
    expect((await s.tasksOf(id)).join()).toContain("v old SUCCESSFUL");
    expect((await s.tasksOf(next)).join()).toBe("v new SUCCESSFUL 1/1");
  });

  test("DROP cancels what runs and what waits; history keeps the name", async () => {
    const definition = s.chain(["hang dropped", "after"]);
    const workflowId = await s.create(definition);
    const id = await s.submit(workflowId);
    await s.hangs("hang dropped");
    await s.inTx((tx) => s.scheduler.dropWorkflow(tx, workflowId));
    expect(await s.ended(id)).toBe("CANCELED");
    const [row] = await s.db.query(sql`
      SELECT workflow, status FROM sluice.workflow_instances WHERE instance_id = ${id}`);
    expect(row).toEqual({ workflow: definition.name, status: "CANCELED" });
  });

  test("a user's workflow that is disabled still runs what is there", async () => {
    const workflowId = await s.create(s.chain(["hang en"]));
    await s.inTx((tx) => s.scheduler.enable(tx, workflowId));
    const first = await s.submit(workflowId);
    const go = await s.hangs("hang en");
    const queued = await s.submit(workflowId);
    await s.inTx((tx) => s.scheduler.disable(tx, workflowId));
    go();
    expect(await s.ended(first)).toBe("SUCCESSFUL");
    (await s.hangs("hang en"))();
    expect(await s.ended(queued)).toBe("SUCCESSFUL");
  });
});

describe("queues", () => {
  const { createQueue, alterQueue, dropQueue } = {
    createQueue: (name: string, concurrency: number) =>
      s.inTx((tx) => s.scheduler.createQueue(tx, name, { concurrency })),
    alterQueue: (name: string, concurrency: number) =>
      s.inTx((tx) => s.scheduler.alterQueue(tx, name, { concurrency })),
    dropQueue: (name: string) => s.inTx((tx) => s.scheduler.dropQueue(tx, name)),
  };

  test("one is made, changed, refused while it is in use, dropped", async () => {
    expect(await createQueue("reports", 1)).toBe(true);
    expect(await createQueue("reports", 2)).toBe(false);
    const tasks = [taskDefinition("hang q1", { queue: "reports" })];
    const twice = [...tasks, taskDefinition("hang q2", { queue: "reports" })];
    const definition = s.chain([], { tasks: twice });
    const workflowId = await s.create(definition);
    const id = await s.submit(workflowId);
    const names = ["hang q1", "hang q2"];
    await until("one runs", () => names.some((name) => s.ran.includes(name)));
    expect(await s.db.query(`SELECT * FROM sluice.queues WHERE queue = 'reports'`)).toEqual([
      { queue: "reports", concurrency: 1, running: 1, pending: 1 },
    ]);
    await expect(dropQueue("reports")).rejects.toMatchObject({ code: "WF-QUEUE-IN-USE" });
    await alterQueue("reports", 2);
    for (const name of names) (await s.hangs(name))();
    await s.ended(id);
    await expect(dropQueue("reports")).rejects.toMatchObject({
      code: "WF-QUEUE-IN-USE",
      detail: `It is used by workflow "public"."${definition.name}".`,
    });
    await s.inTx((tx) => s.scheduler.dropWorkflow(tx, workflowId));
    expect(await dropQueue("reports")).toBe(true);
    expect(await dropQueue("reports")).toBe(false);
    await expect(alterQueue("reports", 1)).rejects.toMatchObject({ code: "WF-QUEUE-UNKNOWN" });
    for (const kept of ["default-queue", "tables"]) {
      await expect(dropQueue(kept)).rejects.toMatchObject({ code: "WF-QUEUE-IN-USE" });
    }
  });

  test("a workflow with an unknown queue is refused", async () => {
    const tasks = [taskDefinition("x", { queue: "nowhere" })];
    await expect(s.create(s.chain([], { tasks }))).rejects.toMatchObject({
      code: "WF-QUEUE-UNKNOWN",
    });
  });
});

test("a condition that does not hold: SKIPPED, and what is downstream goes on", async () => {
  s.outcomes.set("ka", [{ kind: "skipped", reason: "CONDITION" }]);
  const tasks = [
    taskDefinition("ka", { condition: "SELECT false" }),
    taskDefinition("kb", { upstream: ["ka"] }),
  ];
  const id = await s.submit(await s.create(s.chain([], { tasks })));
  expect(await s.ended(id)).toBe("SUCCESSFUL");
  expect(await s.tasksOf(id)).toEqual(["ka SKIPPED CONDITION 1/1", "kb SUCCESSFUL 1/1"]);
  expect(s.claimed.find((task) => task.task === "ka")?.condition).toBe("SELECT false");
});
