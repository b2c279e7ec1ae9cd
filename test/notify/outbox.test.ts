// What is told to whom: options of workflows, tasks and tables become rows of the outbox in the
// transaction of the change, one for each address.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { notifyOptions } from "../../src/common/notify-options.ts";
import { sql } from "../../src/common/sql.ts";
import { milliseconds } from "../../src/common/time.ts";
import { measureFreshness } from "../../src/ops/freshness-watch.ts";
import { silentLog } from "../../src/common/log.ts";
import type { Texts } from "../../src/scheduler/scheduler.ts";
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

let database: TestDatabase;
let scheduling: TestScheduler;

const runner = new RecordingRunner((task): Promise<TaskOutcome> => {
  const fails = task.task === "broken" || (task.task === "flaky" && task.attempt === 1);
  const failed = { kind: "failed", code: "22012", message: "division by zero" } as const;
  return Promise.resolve(fails ? { ...failed, retryable: true } : { kind: "succeeded" });
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

async function run(name: string, options: Texts, tasks: ReturnType<typeof taskDefinition>[]) {
  const { scheduler } = scheduling;
  const definition = workflowDefinition(name, { tasks, options });
  const id = await database.database.transaction(async (tx) => {
    const workflowId = await scheduler.createWorkflow(tx, definition);
    const interval = nowInterval();
    return scheduler.submit(tx, { workflowId, trigger: "MANUAL", interval, request: {} });
  });
  await scheduler.awaitEnd(id, AbortSignal.timeout(10_000));
  return id;
}

/** `OCCASION task channel target`, sorted. */
async function toldBy(workflow: string): Promise<string[]> {
  const rows = await database.query<{ line: string }>(sql`
    SELECT concat_ws(' ', occasion, task, channel, target) AS line
    FROM sluice.notifications WHERE workflow = ${workflow} ORDER BY 1`);
  return rows.map((row) => row.line);
}

const retry = { retries: 1, delay: milliseconds(1), backoff: 1 };
const mail = { "notify.email": "ops@example.com" };

// covers: G-08
describe("tasks", () => {
  // covers: S1-30, S1-42
  test("failure after the last attempt, by default; nothing for what fails for it", async () => {
    const id = await run("failing", mail, [
      taskDefinition("flaky", { retry }),
      taskDefinition("broken", { upstream: ["flaky"], retry }),
      taskDefinition("after", { upstream: ["broken"] }),
    ]);
    expect(await toldBy("failing")).toEqual(["FAILURE broken email ops@example.com"]);
    const rows = await database.query(sql`
      SELECT instance_id, attempt, facts ->> 'errorCode' AS code, facts ->> 'error' AS error,
        facts ->> 'trigger' AS trigger, status
      FROM sluice.notifications WHERE workflow = 'failing'`);
    expect(rows).toEqual([
      {
        instance_id: id,
        attempt: 2,
        code: "22012",
        error: "division by zero",
        trigger: "MANUAL",
        status: "PENDING",
      },
    ]);
  });

  // covers: S1-42
  test("startup at the first attempt only; success if asked for", async () => {
    const options = { ...mail, "notify.on": "startup, success" };
    await run("starting", options, [taskDefinition("flaky", { retry }), taskDefinition("broken")]);
    expect(await toldBy("starting")).toEqual([
      "STARTUP broken email ops@example.com",
      "STARTUP flaky email ops@example.com",
      "SUCCESS flaky email ops@example.com",
    ]);
  });

  // covers: S1-42
  test("both is startup and failure, of a workflow with one task too", async () => {
    await run("both", { ...mail, "notify.on": "both" }, [taskDefinition("broken")]);
    expect(await toldBy("both")).toEqual([
      "FAILURE broken email ops@example.com",
      "STARTUP broken email ops@example.com",
    ]);
  });

  // covers: S1-41
  test("a task's options go over those of its workflow; several addresses, each once", async () => {
    const options = {
      "notify.email": "a@example.com, b@example.com,a@example.com",
      "notify.webhook": "http://hook.example/x?a=1,2, https://other.example/",
    };
    const own = { "notify.email": "", "notify.slack": "https://slack.example/h" };
    await run("several", options, [
      taskDefinition("broken"),
      taskDefinition("flaky", { options: own }),
    ]);
    expect(await toldBy("several")).toEqual([
      "FAILURE broken email a@example.com",
      "FAILURE broken email b@example.com",
      "FAILURE broken webhook http://hook.example/x?a=1,2",
      "FAILURE broken webhook https://other.example/",
      "FAILURE flaky slack https://slack.example/h",
      "FAILURE flaky webhook http://hook.example/x?a=1,2",
      "FAILURE flaky webhook https://other.example/",
    ]);
  });

  test("an instance keeps the options of the version that it runs", async () => {
    const { scheduler } = scheduling;
    const { database: pool } = database;
    const tasks = [taskDefinition("broken")];
    const id = await pool.transaction(async (tx) => {
      const definition = workflowDefinition("versions", { tasks, options: mail });
      const workflowId = await scheduler.createWorkflow(tx, definition);
      const interval = nowInterval();
      const made = await scheduler.submit(tx, {
        workflowId,
        trigger: "MANUAL",
        interval,
        request: {},
      });
      const options = { "notify.email": "new@example.com" };
      await scheduler.alterWorkflow(tx, workflowId, { ...definition, options });
      return made;
    });
    await scheduler.awaitEnd(id, AbortSignal.timeout(10_000));
    expect(await toldBy("versions")).toEqual(["FAILURE broken email ops@example.com"]);
  });
});

// covers: G-08
describe("tables", () => {
  const insertTable = (options: object) =>
    database.query(sql`
      WITH w AS (
        INSERT INTO sluice_private.workflows
          (workflow_id, kind, database, name, enabled, version, created_at)
        VALUES ('w1', 'table', 'public', 'table:sales', true, 1, sluice_private.clock())
      )
      INSERT INTO sluice_private.materialized_tables
        (table_id, database, name, status, original_query, expanded_query, definition, time_zone,
         version, workflow_id, created_at, altered_at)
      VALUES ('t1', 'public', 'sales', 'ACTIVATED', '', '',
        ${JSON.stringify({ freshness: { amount: 1, unit: "HOUR" }, options })}::jsonb, 'UTC', 1,
        'w1', sluice_private.clock(), sluice_private.clock())`);

  test("freshness violated and recovered, each once, to the addresses of now", async () => {
    await database.setClock("2026-03-01T00:00:00Z");
    await insertTable({ "notify.webhook": "http://old.example/", "notify.on": "freshness" });
    await measureFreshness(database.database, silentLog);
    await database.query(sql`
      UPDATE sluice_private.materialized_tables SET definition =
        jsonb_set(definition, '{options,notify.webhook}', '"http://new.example/"')`);
    await database.setClock("2026-03-01T02:00:01Z");
    for (let turn = 0; turn < 3; turn++) await measureFreshness(database.database, silentLog);
    expect(await toldBy("table:sales")).toEqual(["FRESHNESS_VIOLATED webhook http://new.example/"]);
    await database.query(sql`
      INSERT INTO sluice_private.cells
        (table_id, partition, spec, state, data_timestamp, root_timestamp, changed_at)
      SELECT 't1', '', '{}', 'FRESH', now, now, now FROM sluice_private.clock() now`);
    for (let turn = 0; turn < 3; turn++) await measureFreshness(database.database, silentLog);
    await database.setClock(null);
    expect(await toldBy("table:sales")).toEqual([
      "FRESHNESS_RECOVERED webhook http://new.example/",
      "FRESHNESS_VIOLATED webhook http://new.example/",
    ]);
    const events = await database.query(
      "SELECT kind, table_name FROM sluice.events WHERE kind LIKE 'FRESHNESS%' ORDER BY event_id",
    );
    expect(events).toEqual([
      { kind: "FRESHNESS_VIOLATED", table_name: "sales" },
      { kind: "FRESHNESS_RECOVERED", table_name: "sales" },
    ]);
  });
});

describe("options", () => {
  const accepts = (key: string, value: string) => notifyOptions[key]?.accepts(value);

  test.each([
    ["notify.email", "a@b.example", true],
    ["notify.email", "a@b.example, c@d.example", true],
    ["notify.email", "nobody", false],
    ["notify.email", "a@b.example>\r\nBcc: x@y", false],
    ["notify.webhook", "https://hook.example/a?b=c", true],
    ["notify.webhook", "ftp://hook.example/", false],
    ["notify.webhook", "http://", false],
    ["notify.on", "Startup, failure", true],
    ["notify.on", "always", false],
    ["notify.on", "", false],
  ])("%s = '%s': %s", (key, value, good) => {
    expect(accepts(key, value)).toBe(good);
  });
});
