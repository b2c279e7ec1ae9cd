// The durable scheduler on a real database: runs start, end and are kept; retries, timeouts,
// cancel, DAGs, overlap.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { milliseconds } from "../../src/common/time.ts";
import { sql } from "../../src/common/sql.ts";
import type { WorkflowDefinition } from "../../src/scheduler/scheduler.ts";
import type { TaskOutcome } from "../../src/scheduler/task-runner.ts";
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
/** By name of the workflow's task. */
const outcomes = new Map<string, TaskOutcome[]>();
const order: string[] = [];
const release = new Map<string, () => void>();

const runner = new RecordingRunner(async (task, { signal }) => {
  order.push(task.task);
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

async function submit(definition: WorkflowDefinition) {
  const { scheduler } = one;
  return db.database.transaction(async (tx) => {
    const id = await scheduler.createWorkflow(tx, definition);
    const interval = nowInterval();
    return scheduler.submit(tx, { workflowId: id, trigger: "MANUAL", interval, request: { a: 1 } });
  });
}

function ended(id: Awaited<ReturnType<typeof submit>>) {
  return one.scheduler.awaitEnd(id, AbortSignal.timeout(10_000));
}

const failed = (retryable: boolean): TaskOutcome => ({
  kind: "failed",
  code: "XX001",
  message: "broken",
  retryable,
});

describe("one task", () => {
  test("a manual run starts at once and ends in history", async () => {
    const id = await submit(workflowDefinition("simple"));
    expect(await ended(id)).toEqual({
      instanceId: id,
      status: "SUCCESSFUL",
      detail: null,
      errorCode: null,
      error: null,
    });
    expect(await db.query("SELECT 1 FROM sluice_private.instances")).toEqual([]);
    expect(await db.query("SELECT 1 FROM sluice_private.task_instances")).toEqual([]);
    expect(
      await db.query(sql`SELECT status, attempt, request FROM sluice_private.task_history
        JOIN sluice_private.instance_history USING (instance_id, status)
        WHERE instance_id = ${id}`),
    ).toEqual([{ status: "SUCCESSFUL", attempt: 1, request: { a: 1 } }]);
  });

  test("a failure that may pass is retried, with its attempts kept", async () => {
    outcomes.set("flaky", [failed(true), failed(true)]);
    const retry = { retries: 3, delay: milliseconds(10), backoff: 2 };
    const action = { resource: "flaky" };
    const tasks = [taskDefinition("flaky", { retry, action, queue: "tables" })];
    const id = await submit(tableDefinition("flaky", { kind: "manual" }, { tasks }));
    // A table that is suspended still retries what users asked for.
    expect((await ended(id)).status).toBe("SUCCESSFUL");
    const attempts = await db.query(sql`
      SELECT a.attempt, a.status, a.error_code FROM sluice_private.task_attempts a
      JOIN sluice_private.task_history t USING (task_instance_id)
      WHERE t.instance_id = ${id} ORDER BY a.attempt`);
    expect(attempts).toEqual([
      { attempt: 1, status: "FAILED", error_code: "XX001" },
      { attempt: 2, status: "FAILED", error_code: "XX001" },
      { attempt: 3, status: "SUCCESSFUL", error_code: null },
    ]);
  });

  test("a table does not retry what no attempt can help", async () => {
    outcomes.set("hopeless", [failed(false)]);
    const retry = { retries: 3, delay: milliseconds(10), backoff: 1 };
    const tasks = [taskDefinition("hopeless", { retry, queue: "tables" })];
    const id = await submit(tableDefinition("hopeless", { kind: "manual" }, { tasks }));
    expect(await ended(id)).toMatchObject({
      status: "FAILED",
      errorCode: "XX001",
      error: "broken",
    });
  });

  test("a timeout ends the attempt", async () => {
    const tasks = [taskDefinition("hang-timeout", { timeout: milliseconds(30) })];
    const id = await submit(workflowDefinition("timeout", { tasks }));
    expect(await ended(id)).toMatchObject({
      status: "FAILED",
      detail: "TIMED_OUT",
      errorCode: "WF-TIMEOUT",
    });
  });

  test("cancel aborts what runs and ends what waits", async () => {
    const tasks = [
      taskDefinition("hang-cancel"),
      taskDefinition("never", { upstream: ["hang-cancel"] }),
    ];
    const id = await submit(workflowDefinition("cancel", { tasks }));
    await until("start", () => release.get("hang-cancel"));
    expect(await db.database.transaction((tx) => one.scheduler.cancel(tx, id))).toBe(true);
    expect(await ended(id)).toMatchObject({ status: "CANCELED" });
    expect(order).not.toContain("never");
    expect(await db.database.transaction((tx) => one.scheduler.cancel(tx, id))).toBe(false);
    expect(await db.query("SELECT 1 FROM sluice_private.cancel_requests")).toEqual([]);
  });
});

describe("several tasks", () => {
  const diamond = (name: string) => [
    taskDefinition(`${name}-a`),
    taskDefinition(`${name}-b`, { upstream: [`${name}-a`] }),
    taskDefinition(`${name}-c`, { upstream: [`${name}-a`] }),
    taskDefinition(`${name}-d`, { upstream: [`${name}-b`, `${name}-c`] }),
  ];

  test("tasks run after their upstream tasks", async () => {
    const id = await submit(workflowDefinition("diamond", { tasks: diamond("ok") }));
    expect((await ended(id)).status).toBe("SUCCESSFUL");
    const ran = order.filter((name) => name.startsWith("ok-"));
    expect(ran[0]).toBe("ok-a");
    expect(ran.slice(1, 3).sort()).toEqual(["ok-b", "ok-c"]);
    expect(ran.slice(3)).toEqual(["ok-d"]);
  });

  test("a failed task fails what is downstream, the other branch goes on", async () => {
    outcomes.set("bad-b", [failed(true)]);
    const id = await submit(workflowDefinition("diamond-bad", { tasks: diamond("bad") }));
    expect(await ended(id)).toMatchObject({ status: "FAILED", errorCode: "XX001" });
    const tasks = await db.query(sql`
      SELECT task, status, detail, error_code FROM sluice_private.task_history
      WHERE instance_id = ${id} ORDER BY task`);
    expect(tasks).toEqual([
      { task: "bad-a", status: "SUCCESSFUL", detail: null, error_code: null },
      { task: "bad-b", status: "FAILED", detail: null, error_code: "XX001" },
      { task: "bad-c", status: "SUCCESSFUL", detail: null, error_code: null },
      {
        task: "bad-d",
        status: "FAILED",
        detail: "UPSTREAM_FAILED",
        error_code: "WF-UPSTREAM-FAILED",
      },
    ]);
  });
});

describe("overlap of user workflows", () => {
  async function twice(name: string, overlap: "queue" | "skip" | "replace") {
    const { scheduler } = one;
    const task = `hang-${name}`;
    const definition = workflowDefinition(name, { overlap, tasks: [taskDefinition(task)] });
    const workflowId = await db.database.transaction((tx) =>
      scheduler.createWorkflow(tx, definition),
    );
    const run = () =>
      db.database.transaction((tx) =>
        scheduler.submit(tx, {
          workflowId,
          trigger: "MANUAL",
          interval: nowInterval(),
          request: {},
        }),
      );
    const first = await run();
    await until("start", () => release.get(task));
    const free = release.get(task) ?? (() => undefined);
    release.delete(task);
    return { task, free, first, second: await run() };
  }

  test("queue: the second waits for the first", async () => {
    const { task, free, first, second } = await twice("queued", "queue");
    expect(await one.scheduler.find(second)).toMatchObject({ status: "PENDING", detail: "QUEUED" });
    free();
    expect((await ended(first)).status).toBe("SUCCESSFUL");
    (await until("start of the second", () => release.get(task)))();
    expect((await ended(second)).status).toBe("SUCCESSFUL");
  });

  test("skip: the second is a row only", async () => {
    const { free, first, second } = await twice("skipped", "skip");
    expect(await ended(second)).toMatchObject({ status: "SKIPPED", detail: "OVERLAP" });
    free();
    expect((await ended(first)).status).toBe("SUCCESSFUL");
  });

  test("replace: the first is canceled, then the second runs", async () => {
    const { task, first, second } = await twice("replaced", "replace");
    expect(await ended(first)).toMatchObject({ status: "CANCELED", detail: "REPLACED" });
    (await until("start of the second", () => release.get(task)))();
    expect((await ended(second)).status).toBe("SUCCESSFUL");
  });
});

test("no errors on the way", () => {
  expect(one.errors).toEqual([]);
});
