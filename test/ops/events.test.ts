// Every change of state leaves its event in the same transaction, and whoever follows the events
// gets each of them once, in the order of the ids, although ids become visible in another order.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../src/common/clock.ts";
import type { Database } from "../../src/common/pg.ts";
import { sql } from "../../src/common/sql.ts";
import { milliseconds, seconds } from "../../src/common/time.ts";
import { EventFeed, type SluiceEvent } from "../../src/ops/event-feed.ts";
import type { TaskOutcome } from "../../src/scheduler/task-runner.ts";
import {
  nowInterval,
  RecordingRunner,
  taskDefinition,
  type TestScheduler,
  testScheduler,
  workflowDefinition,
} from "../scheduler/harness.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { until } from "../support/until.ts";

let database: TestDatabase;
let scheduling: TestScheduler;

/** Fails the task `flaky` at its first attempt and `broken` at each. */
const runner = new RecordingRunner((task): Promise<TaskOutcome> => {
  const fails = task.task === "broken" || (task.task === "flaky" && task.attempt === 1);
  const failed = { kind: "failed", code: "XX000", message: "as asked", retryable: true } as const;
  return Promise.resolve(fails ? failed : { kind: "succeeded" });
});

beforeAll(async () => {
  database = await testDatabase();
  scheduling = testScheduler(database.url, runner);
  await scheduling.scheduler.start();
});
afterAll(async () => {
  await scheduling.close();
  await database.close();
});

/** `KIND subject status/detail` of all events about the workflow, in the order of the ids. */
async function eventsOf(workflow: string): Promise<string[]> {
  const rows = await database.query<{ line: string }>(sql`
    SELECT concat_ws(' ', kind, task, status || coalesce('/' || detail, ''), error_code) AS line
    FROM sluice.events WHERE workflow = ${workflow} ORDER BY event_id`);
  return rows.map((row) => row.line);
}

/** Runs a workflow of these tasks once, to its end. */
async function run(name: string, tasks: ReturnType<typeof taskDefinition>[]): Promise<void> {
  const { scheduler } = scheduling;
  const id = await database.database.transaction(async (tx) => {
    const workflowId = await scheduler.createWorkflow(tx, workflowDefinition(name, { tasks }));
    return scheduler.submit(tx, {
      workflowId,
      trigger: "MANUAL",
      interval: nowInterval(),
      request: {},
    });
  });
  await scheduler.awaitEnd(id, AbortSignal.timeout(10_000));
}

describe("events", () => {
  test("of a run with one task", async () => {
    await run("single", [taskDefinition("only")]);
    expect(await eventsOf("single")).toEqual([
      "WORKFLOW_CREATED",
      "INSTANCE_STARTED RUNNING",
      "TASK_ENDED only SUCCESSFUL",
      "INSTANCE_ENDED SUCCESSFUL",
    ]);
  });

  test("of several tasks: a retry, a failure, and what fails for it", async () => {
    const retry = { retries: 1, delay: milliseconds(1), backoff: 1 };
    await run("several", [
      taskDefinition("flaky", { retry }),
      taskDefinition("broken", { upstream: ["flaky"] }),
      taskDefinition("after", { upstream: ["broken"] }),
    ]);
    const events = await eventsOf("several");
    expect(events.slice(0, 4)).toEqual([
      "WORKFLOW_CREATED",
      "INSTANCE_STARTED RUNNING",
      "TASK_RETRIED flaky FAILED XX000",
      "TASK_ENDED flaky SUCCESSFUL",
    ]);
    expect(events.slice(4).sort()).toEqual([
      "INSTANCE_ENDED FAILED XX000",
      "TASK_ENDED after FAILED/UPSTREAM_FAILED WF-UPSTREAM-FAILED",
      "TASK_ENDED broken FAILED XX000",
    ]);
  });

  test("of a rerun: only what is run again", async () => {
    await run("again", [taskDefinition("a"), taskDefinition("b", { upstream: ["a"] })]);
    const before = (await eventsOf("again")).length;
    const [row] = await database.query<{ id: string }>(
      "SELECT instance_id AS id FROM sluice.workflow_instances WHERE workflow = 'again'",
    );
    const id = row?.id as Parameters<typeof scheduling.scheduler.rerun>[1];
    await database.database.transaction((tx) =>
      scheduling.scheduler.rerun(tx, id, { kind: "task", task: "b", downstream: false }),
    );
    await scheduling.scheduler.awaitEnd(id, AbortSignal.timeout(10_000));
    expect((await eventsOf("again")).slice(before)).toEqual([
      "INSTANCE_STARTED RUNNING",
      "TASK_ENDED b SUCCESSFUL",
      "INSTANCE_ENDED SUCCESSFUL",
    ]);
  });

  test("of a workflow that is enabled, altered, dropped; not of what was rolled back", async () => {
    const { scheduler } = scheduling;
    const { database: pool } = database;
    const definition = workflowDefinition("edited");
    const id = await pool.transaction((tx) => scheduler.createWorkflow(tx, definition));
    await pool.transaction((tx) => scheduler.enable(tx, id));
    await pool.transaction((tx) => scheduler.disable(tx, id));
    await pool.transaction((tx) =>
      scheduler.alterWorkflow(tx, id, { ...definition, comment: "new" }),
    );
    const undone = pool.transaction(async (tx) => {
      await scheduler.enable(tx, id);
      throw new Error("undone");
    });
    await expect(undone).rejects.toThrow("undone");
    await pool.transaction((tx) => scheduler.dropWorkflow(tx, id));
    expect(await eventsOf("edited")).toEqual([
      "WORKFLOW_CREATED",
      "WORKFLOW_ENABLED",
      "WORKFLOW_DISABLED",
      "WORKFLOW_ALTERED",
      "WORKFLOW_DROPPED",
    ]);
  });
});

describe("who follows", () => {
  const add = (on: Pick<Database, "execute">, kind: string) =>
    on.execute(sql`INSERT INTO sluice_private.events (kind, database) VALUES (${kind}, 'feed')`);

  /** Kinds of what comes after `after`, until `count` of them are there; and the last id. */
  async function collect(feed: EventFeed, after: number, count: number) {
    const found: SluiceEvent[] = [];
    const abort = new AbortController();
    const timer = systemClock.after(seconds(10), () => abort.abort());
    for await (const batch of feed.follow(after, abort.signal)) {
      found.push(...batch.filter((event) => event.database === "feed"));
      if (found.length >= count) break;
    }
    timer.cancel();
    return { kinds: found.map((event) => event.kind), last: found.at(-1)?.eventId ?? after };
  }

  async function lastId(): Promise<number> {
    const rows = await database.query<{ id: number }>(
      "SELECT max(event_id) AS id FROM sluice.events",
    );
    return rows[0]?.id ?? 0;
  }

  test("an id that is committed after a greater one is not passed over", async () => {
    let looks = 0;
    const counting: Database = {
      ...database.database,
      query(statement) {
        looks += 1;
        return database.database.query(statement);
      },
    };
    const feed = new EventFeed(counting, systemClock);
    const start = await lastId();
    let found: ReturnType<typeof collect> | undefined;
    await database.database.transaction(async (slow) => {
      await add(slow, "SLOW");
      await add(database.database, "QUICK");
      // The greater id is there for everybody, and the feed has looked often enough to see it.
      found = collect(feed, start, 2);
      await until(() => looks > 8);
    });
    expect((await found)?.kinds).toEqual(["SLOW", "QUICK"]);
  });

  test("goes on from any id, at another gateway too", async () => {
    const start = await lastId();
    for (const kind of ["A", "B", "C", "D"]) await add(database.database, kind);
    const one = await collect(new EventFeed(database.database, systemClock), start, 2);
    expect(one.kinds.slice(0, 2)).toEqual(["A", "B"]);
    const two = await collect(new EventFeed(database.database, systemClock), start + 2, 2);
    expect(two.kinds).toEqual(["C", "D"]);
  });

  test("a long transaction that writes no event holds up nobody", async () => {
    const feed = new EventFeed(database.database, systemClock);
    const start = await lastId();
    await database.database.transaction(async (tx) => {
      await tx.execute(sql`CREATE TEMPORARY TABLE busy AS SELECT 1 AS one`);
      await add(database.database, "MEANWHILE");
      expect((await collect(feed, start, 1)).kinds).toEqual(["MEANWHILE"]);
    });
  });

  test("many writers at once: each event once and in order", async () => {
    const feed = new EventFeed(database.database, systemClock);
    const start = await lastId();
    const found = collect(feed, start, 200);
    await Promise.all(
      Array.from({ length: 6 }, async (_, writer) => {
        for (let turn = 0; turn < 40; turn++) {
          await database.database.transaction(async (tx) => {
            await add(tx, `W${writer}`);
            if (turn % 3 === 0) await tx.query(sql`SELECT pg_sleep(0.005)`);
            if (turn % 6 === 5) await tx.execute(sql`ROLLBACK AND CHAIN`);
          });
        }
      }),
    );
    const { kinds } = await found;
    const written = await database.query<{ kind: string }>(sql`
      SELECT kind FROM sluice.events WHERE event_id > ${start} AND database = 'feed'
      ORDER BY event_id`);
    expect(kinds).toEqual(written.map((row) => row.kind).slice(0, kinds.length));
    expect(kinds.length).toBeGreaterThanOrEqual(200);
  });
});
