// Workflows at work: tasks that write rows and refresh partitions, runs for other times and with
// other variables, previews, what lineage suggests, and what becomes of tasks whose table changes.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { InstanceId } from "../../src/common/ids.ts";
import { sql } from "../../src/common/sql.ts";
import { milliseconds, parseInstant } from "../../src/common/time.ts";
import type { InstanceState, WorkflowDefinition } from "../../src/scheduler/scheduler.ts";
import type { WorkflowRequest } from "../../src/workflows/workflow-request.ts";
import { createWorkflows } from "../../src/workflows/workflows.ts";
import { interval } from "../refresh/world.ts";
import { until } from "../support/until.ts";
import {
  create,
  execute,
  failure,
  nowhere,
  openWorkflowWorld,
  task,
  type WorkflowWorld,
} from "./world.ts";

let world: WorkflowWorld;
let count = 0;
/** Name of the workflow and prefix of the tables of the running test. */
let name = "";
beforeAll(async () => {
  world = await openWorkflowWorld();
  await world.db.query(`
    CREATE TABLE feed (ds date NOT NULL, amount int NOT NULL);
    INSERT INTO feed VALUES ('2026-01-30', 1), ('2026-01-31', 2), ('2026-02-01', 4);
    CREATE TABLE log (at text, what text)`);
});
afterAll(() => world.close());
beforeEach(async () => {
  name = `w${++count}`;
  await world.db.query("TRUNCATE log");
});

/** A materialized table by day. */
async function daily(table: string, source = "feed", parts = {}): Promise<void> {
  const query = `SELECT ds, sum(amount) AS amount FROM ${source} GROUP BY ds`;
  await world.create(table, query, { partitionKeys: ["ds"], ...parts });
}

function make(parts: Partial<WorkflowRequest>) {
  return world.workflows.create(world.workflow(name, parts), create, nowhere);
}

async function run(
  at: string | null = null,
  variables: Record<string, string> = {},
): Promise<InstanceState> {
  return world.end(await start(at, variables));
}

async function start(
  at: string | null = null,
  variables: Record<string, string> = {},
): Promise<InstanceId> {
  const asked = { at, variables };
  return (await world.workflows.execute(world.id(name), asked, nowhere)).instanceId;
}

async function log(): Promise<readonly string[]> {
  const rows = await world.db.query<{ line: string }>(
    "SELECT concat_ws(' ', at, what) AS line FROM log ORDER BY 1",
  );
  return rows.map((row) => row.line);
}

/** `task status detail code` of an instance, in the order of names. */
async function tasks(id: InstanceId): Promise<readonly string[]> {
  const rows = await world.db.query<{ line: string }>(sql`
    SELECT concat_ws(' ', task, status, detail, error_code) AS line
    FROM sluice.task_instances WHERE instance_id = ${id} ORDER BY task COLLATE "C"`);
  return rows.map((row) => row.line);
}

async function instance(id: InstanceId): Promise<Record<string, unknown> | undefined> {
  const rows = await world.db.query(sql`
    SELECT trigger, interval_start, interval_end, scheduled_at, status, detail, version, variables
    FROM sluice.workflow_instances WHERE instance_id = ${id}`);
  return rows[0];
}

/** Until a statement with these words waits for a lock. */
function waitingFor(words: string) {
  return until(async () => {
    const rows = await world.db.query(sql`
      SELECT FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'
        AND query LIKE ${`%${words}%`}`);
    return rows.length > 0;
  });
}

function say(what: string) {
  return execute(`INSERT INTO log VALUES ('${what}', '\${d}')`);
}

describe("a run", () => {
  test("writes rows, refreshes the partition of its time, and reports what it sees", async () => {
    await daily(`${name}_daily`);
    await world.db.query("UPDATE feed SET amount = amount * 10");
    await make({
      schedule: { kind: "cron", expression: "0 0 2 * * ?" },
      timeZone: "Europe/Berlin",
      variables: { d: "yyyy-MM-dd - 1 day" },
      tasks: [
        task("load", { action: execute("INSERT INTO feed VALUES ('${d}', 500)") }),
        task("daily", {
          action: world.refreshOf(`${name}_daily`, { ds: "${d}" }),
          after: ["load"],
        }),
        task("report", {
          action: execute(
            `INSERT INTO log SELECT '\${interval.start}', ds || ' ' || amount FROM ${name}_daily`,
          ),
          after: ["daily"],
        }),
      ],
    });
    const id = await start("2026-02-01 02:00:00");
    expect(await world.end(id)).toMatchObject({ status: "SUCCESSFUL" });
    // Only the partition of 31 January was computed again.
    const at = "2026-01-31T02:00:00+01:00";
    expect(await log()).toEqual([
      `${at} 2026-01-30 1`,
      `${at} 2026-01-31 520`,
      `${at} 2026-02-01 4`,
    ]);
    expect(await tasks(id)).toEqual([
      "daily SUCCESSFUL",
      "load SUCCESSFUL 1 row",
      "report SUCCESSFUL 3 rows",
    ]);
    expect(await instance(id)).toMatchObject({
      trigger: "MANUAL",
      interval_start: parseInstant("2026-01-31T01:00:00Z"),
      interval_end: parseInstant("2026-02-01T01:00:00Z"),
      scheduled_at: parseInstant("2026-02-01T01:00:00Z"),
      variables: expect.objectContaining({ d: "2026-01-31", "system.biz.date": "20260131" }),
    });
    expect(await world.runs(`${name}_daily`)).toEqual([
      "INITIAL SUCCESSFUL",
      "MANUAL SUCCESSFUL ds=2026-01-31",
    ]);
    await world.db.query(
      "DELETE FROM feed WHERE amount = 500; UPDATE feed SET amount = amount / 10",
    );
  });

  test("of a MANUAL workflow has an interval without extent", async () => {
    await make({ timeZone: "Asia/Tokyo" });
    const id = await start("2026-02-01 00:00:00");
    await world.end(id);
    const noon = parseInstant("2026-01-31T15:00:00Z");
    expect(await instance(id)).toMatchObject({
      interval_start: noon,
      interval_end: noon,
      scheduled_at: noon,
    });
  });

  test("takes other values for its variables, of the same kinds", async () => {
    await make({
      variables: { d: "yyyy", region: "eu", full: "${region}-${d}" },
      tasks: [
        task("a", { action: execute("INSERT INTO log VALUES ('a', '${full}')") }),
        task("b", {
          action: execute("INSERT INTO log VALUES ('b', '${full}')"),
          variables: { region: "of b" },
        }),
      ],
    });
    const at = "2026-01-01 00:00:00";
    await run(at);
    expect(await log()).toEqual(["a eu-2026", "b of b-2026"]);
    await world.db.query("TRUNCATE log");
    await run(at, { region: "it's 'quoted'", d: "yyyyMMdd + 1 month" });
    expect(await log()).toEqual(["a it's 'quoted'-20260201", "b it's 'quoted'-20260201"]);
  });

  test.each<[string | null, Record<string, string>, string]>([
    [
      null,
      { regoin: "x" },
      'WF-VARIABLE at variables/regoin: the workflow has no variable "regoin"',
    ],
    [
      null,
      { region: "${nope}" },
      'WF-VARIABLE at variables/region: variable "nope" is not defined',
    ],
    [
      null,
      { region: "${full}", full: "${region}" },
      'WF-VARIABLE at variables/region: variable "region" is defined by itself',
    ],
    [null, { region: "a\0b" }, "WF-TEXT: a text has a character that cannot be stored"],
    ["soon", {}, 'WF-TIMESTAMP at at: "soon" cannot be read as a timestamp'],
  ])("at %j with %j is refused", async (at, variables, expected) => {
    await make({ variables: { region: "eu", full: "x" } });
    expect(
      await failure((position) =>
        world.workflows.execute(world.id(name), { at, variables }, position),
      ),
    ).toBe(expected);
    expect(
      await world.db.query(sql`
      SELECT FROM sluice.workflow_instances WHERE workflow = ${name}`),
    ).toEqual([]);
  });

  test("fails at the task that fails, and what is behind it does not run", async () => {
    await make({
      variables: { d: "x" },
      tasks: [
        task("bad", { action: execute("SELECT 1 / 0") }),
        task("behind", { action: say("behind"), after: ["bad"] }),
        task("beside", { action: say("beside") }),
      ],
    });
    const id = await start();
    expect(await world.end(id)).toMatchObject({ status: "FAILED" });
    expect(await tasks(id)).toEqual([
      "bad FAILED WF-SQL-FAILED",
      "behind FAILED UPSTREAM_FAILED WF-UPSTREAM-FAILED",
      "beside SUCCESSFUL 1 row",
    ]);
    expect(await log()).toEqual(["beside x"]);
    // MARK reopens what is behind, once.
    await world.instances.markSuccessful(id, "bad");
    expect(await world.end(id)).toMatchObject({ status: "SUCCESSFUL" });
    expect(await log()).toEqual(["behind x", "beside x"]);
    await world.instances.rerun(id, { kind: "task", task: "beside", downstream: false });
    expect(await world.end(id)).toMatchObject({ status: "SUCCESSFUL" });
    expect(await log()).toEqual(["behind x", "beside x", "beside x"]);
    await world.instances.rerun(id, { kind: "all" });
    expect(await world.end(id)).toMatchObject({ status: "FAILED" });
    await world.instances.skip(id, "bad");
    expect(await world.end(id)).toMatchObject({ status: "SUCCESSFUL" });
  });

  test("is left alone by edits: it keeps its version and its variables", async () => {
    await make({
      variables: { d: "first" },
      tasks: [
        task("wait", { action: execute("LOCK TABLE log IN ACCESS EXCLUSIVE MODE") }),
        task("say", { action: say("say"), after: ["wait"] }),
      ],
    });
    const id = await world.db.database.transaction(async (tx) => {
      // Its first task waits for this transaction.
      await tx.execute(sql`LOCK TABLE public.log IN ACCESS SHARE MODE`);
      const started = await start();
      const change = { kind: "set-variables", variables: { d: "second" } } as const;
      await world.workflows.alter(world.id(name), change, nowhere);
      return started;
    });
    expect(await world.end(id)).toMatchObject({ status: "SUCCESSFUL" });
    expect(await log()).toEqual(["say first"]);
    expect(await instance(id)).toMatchObject({ version: 1 });
    await run();
    expect(await log()).toEqual(["say first", "say second"]);
  });

  test("that is asked for while somebody alters the workflow has the version that comes of it", async () => {
    await make({});
    const { database } = world.db;
    const { id } = await database.transaction(async (tx) => {
      const change = { kind: "comment", comment: "new" } as const;
      const within = createWorkflows({
        ...world,
        database: { ...database, transaction: (body) => body(tx) },
        freshnessThreshold: milliseconds(0),
      });
      await within.alter(world.id(name), change, nowhere);
      const asked = start();
      await waitingFor("FOR NO KEY UPDATE");
      return { id: asked };
    });
    expect(await world.end(await id)).toMatchObject({ status: "SUCCESSFUL" });
    expect(await instance(await id)).toMatchObject({ version: 2 });
  });

  test("is skipped where another one is open and overlap says so", async () => {
    const parts = { options: { overlap: "skip" } };
    await make({ ...parts, tasks: [task("slow", { action: execute("SELECT pg_sleep(30)") })] });
    const first = await start();
    const second = await start();
    expect(await world.end(second)).toMatchObject({ status: "SKIPPED", detail: "OVERLAP" });
    await world.instances.cancel(first);
    expect(await world.end(first)).toMatchObject({ status: "CANCELED" });
    expect(await failure(() => world.instances.cancel(first))).toBe(
      `WF-INSTANCE-ENDED: workflow instance ${first} has ended already`,
    );
    expect(await failure(() => world.instances.cancel("0".repeat(32) as InstanceId))).toBe(
      `WF-INSTANCE-UNKNOWN: workflow instance ${"0".repeat(32)} does not exist`,
    );
  });

  test("of the schedule starts once the workflow is enabled", async () => {
    await make({
      schedule: { kind: "every", amount: "1", unit: "SECOND" },
      variables: { d: "yyyy" },
      tasks: [task("say", { action: say("tick") })],
    });
    await world.workflows.enable(world.id(name));
    const rows = async () =>
      world.db.query<{ id: InstanceId }>(sql`
        SELECT instance_id AS id FROM sluice.workflow_instances
        WHERE workflow = ${name} AND trigger IN ('SCHEDULE', 'CATCH_UP') AND status <> 'SKIPPED'`);
    const [first] = await until(async () => ((await rows()).length > 0 ? rows() : null));
    await world.workflows.disable(world.id(name));
    expect(await world.end(first?.id ?? null)).toMatchObject({ status: "SUCCESSFUL" });
  });
});

describe("a preview", () => {
  test("is the statement that would run, or the partitions that would be refreshed", async () => {
    await daily(`${name}_daily`, "feed", { options: { "refresh.lookback": "0" } });
    await world.create(`${name}_all`, "SELECT sum(amount) AS amount FROM feed");
    await make({
      schedule: { kind: "cron", expression: "0 0 2 * * ?" },
      variables: { d: "yyyyMMdd", region: "it's" },
      tasks: [
        task("load", { action: execute("CALL load('${d}', '${region}', ${attempt})") }),
        task("one", { action: world.refreshOf(`${name}_daily`, { ds: "${system.biz.curdate}" }) }),
        task("by interval", { action: world.refreshOf(`${name}_daily`) }),
        task("all", { action: world.refreshOf(`${name}_all`) }),
      ],
    });
    const preview = (of: string, at: string | null) =>
      world.workflows.preview(world.id(name), of, at);
    const at = "2026-02-01 02:00:00";
    expect(await preview("load", at)).toEqual({ execute: "CALL load('20260201', 'it''s', 1)" });
    const refresh = `public.${name}_daily`;
    expect(await preview("one", at)).toEqual({ refresh, partitions: ["ds=20260201"] });
    expect(await preview("by interval", at)).toEqual({
      refresh,
      partitions: ["ds=2026-01-31", "ds=2026-02-01"],
    });
    expect(await preview("all", at)).toEqual({ refresh: `public.${name}_all`, partitions: null });
    expect(await preview("load", null)).toHaveProperty("execute");
    expect(await failure(() => preview("lod", at))).toBe(
      'WF-TASK-UNKNOWN: task "lod" does not exist',
    );
    expect(await failure(() => preview("load", "x"))).toBe(
      'WF-TIMESTAMP: "x" cannot be read as a timestamp',
    );
  });
});

describe("what lineage suggests", () => {
  test("tables below by day, parents first, each after what it reads", async () => {
    await daily(`${name}_a`);
    await daily(`${name}_b`, `${name}_a`);
    await world.create(`${name}_sum`, `SELECT sum(amount) AS amount FROM ${name}_a`);
    await world.create(
      `${name}_c`,
      `SELECT ds, sum(amount) AS amount FROM (SELECT * FROM ${name}_a UNION ALL SELECT * FROM ${name}_b) u GROUP BY ds`,
      { partitionKeys: ["ds"] },
    );
    const id = world.id(name);
    await make({
      variables: { d: "yyyy-MM-dd" },
      tasks: [
        task("first", { action: world.refreshOf(`${name}_a`, { ds: "${d}" }) }),
        task("c", { action: execute("SELECT 1") }),
      ],
    });
    const tables = await world.workflows.downstream(id, "first");
    expect(tables.map(({ table, eligible, reason }) => [table.name, eligible, reason])).toEqual([
      [`${name}_b`, true, null],
      [`${name}_c`, true, null],
      [`${name}_sum`, false, "has no partition column that stands for time"],
    ]);
    await world.workflows.alter(id, { kind: "add-downstream", task: "first" }, nowhere);
    const { request, version } = await world.workflows.get(id, null);
    expect(version).toBe(2);
    expect(request.tasks.slice(2)).toEqual([
      task(`${name}_b`, { action: world.refreshOf(`${name}_b`, { ds: "${d}" }), after: ["first"] }),
      task(`${name}_c`, {
        action: world.refreshOf(`${name}_c`, { ds: "${d}" }),
        after: ["first", `${name}_b`],
      }),
    ]);
    expect(
      await failure((at) =>
        world.workflows.alter(id, { kind: "add-downstream", task: "first" }, at),
      ),
    ).toBe('WF-DOWNSTREAM at task: there is no table below task "first" that could be added');
    const again = await world.workflows.downstream(id, "first");
    expect(again.map(({ reason }) => reason)).toEqual([
      `is refreshed by task "${name}_b" already`,
      `is refreshed by task "${name}_c" already`,
      "has no partition column that stands for time",
    ]);
    await run("2026-01-31 00:00:00");
    expect(await world.runs(`${name}_c`)).toContain("MANUAL SUCCESSFUL ds=2026-01-31");
  });

  test("under Flink's rules only what is nearly continuous", async () => {
    await daily(`${name}_a`, "feed", { freshness: interval("10", "MINUTE") });
    const strict = { options: { "flink-strict": "true" } };
    await daily(`${name}_slow`, `${name}_a`, strict);
    await daily(`${name}_quick`, `${name}_a`, { ...strict, freshness: interval("10", "MINUTE") });
    await make({
      schedule: { kind: "every", amount: "1", unit: "DAY" },
      tasks: [task("a", { action: world.refreshOf(`${name}_a`) })],
    });
    const found = await world.workflows.downstream(world.id(name), "a");
    expect(found.map(({ table, reason }) => [table.name, reason])).toEqual([
      [`${name}_quick`, null],
      [`${name}_slow`, "is neither continuous nor fresh enough, which flink-strict asks for"],
    ]);
  });

  test("with a schedule the interval decides, and names do not collide", async () => {
    await daily(`${name}_a`);
    await daily(`${name}_b`, `${name}_a`);
    await make({
      schedule: { kind: "every", amount: "1", unit: "DAY" },
      tasks: [task(`${name}_b`, { action: world.refreshOf(`${name}_a`) })],
    });
    const id = world.id(name);
    await world.workflows.alter(id, { kind: "add-downstream", task: `${name}_b` }, nowhere);
    const { request } = await world.workflows.get(id, null);
    expect(request.tasks[1]).toEqual(
      task(`${name}_b_2`, { action: world.refreshOf(`${name}_b`), after: [`${name}_b`] }),
    );
  });
});

describe("a table that a workflow refreshes", () => {
  async function refreshing(partition: Record<string, string> | null): Promise<void> {
    await daily(`${name}_t`);
    await make({
      schedule: { kind: "every", amount: "1", unit: "DAY" },
      variables: { d: "yyyy-MM-dd" },
      tasks: [task("r", { action: world.refreshOf(`${name}_t`, partition) })],
    });
  }

  test("may be named over Flink's endpoints: an edit makes an ordinary task of it", async () => {
    await daily(`${name}_t`);
    const identifier = world.id(`${name}_t`);
    const { definition } = await resolved();
    const [only] = definition.tasks;
    await world.db.database.transaction(async (tx) => {
      await world.scheduler.createWorkflow(tx, {
        ...definition,
        schedule: { kind: "cron", expression: "0 0 2 * * ?" },
        tasks:
          only === undefined ? [] : [{ ...only, action: { type: "refresh-by-name", identifier } }],
      });
    });
    const before = await world.workflows.get(world.id(name), null);
    expect(before.request.tasks[0]?.action).toEqual(world.refreshOf(`${name}_t`));
    const change = { kind: "set-options", options: { retries: "1" } } as const;
    expect(await world.workflows.alter(world.id(name), change, nowhere)).toMatchObject({
      version: 2,
    });
    expect(await run("2026-02-01 02:00:00")).toMatchObject({ status: "SUCCESSFUL" });
    expect(await world.runs(`${name}_t`)).toContain(
      "MANUAL SUCCESSFUL ds=2026-01-30,ds=2026-01-31,ds=2026-02-01",
    );
  });

  /** The definition of a workflow with one task. */
  async function resolved() {
    await make({});
    const rows = await world.db.query<{ definition: WorkflowDefinition }>(sql`
      SELECT definition FROM sluice_private.workflow_versions v
      JOIN sluice_private.workflows w USING (workflow_id, version) WHERE w.name = ${name}`);
    await world.workflows.drop(world.id(name), { ifExists: false });
    const [row] = rows;
    if (row === undefined) throw new Error("the workflow is not there");
    return row;
  }

  test("is gone: the task fails and names it; made anew it is refreshed again", async () => {
    await refreshing({ ds: "${d}" });
    await world.tables.drop(world.id(`${name}_t`), { ifExists: false, cascade: false });
    const id = await start("2026-01-31 00:00:00");
    expect(await world.end(id)).toMatchObject({
      status: "FAILED",
      errorCode: "MT-NOTFOUND",
      error: `materialized table "public.${name}_t" does not exist`,
    });
    // It can be told, renamed and commented all the same, but not be altered otherwise.
    const { workflows } = world;
    const { request } = await workflows.get(world.id(name), null);
    expect(request.tasks[0]?.action).toEqual(world.refreshOf(`${name}_t`, { ds: "${d}" }));
    await workflows.alter(world.id(name), { kind: "comment", comment: "x" }, nowhere);
    expect(
      await failure(() =>
        workflows.alter(
          world.id(name),
          { kind: "set-options", options: { retries: "1" } },
          nowhere,
        ),
      ),
    ).toBe(`MT-NOTFOUND: materialized table "public.${name}_t" does not exist`);
    const query = "SELECT ds, sum(amount) AS amount FROM feed GROUP BY ds";
    const made = await world.tables.create(
      world.request(`${name}_t`, query, { partitionKeys: ["ds"] }),
    );
    await world.end(made.instanceId);
    expect(await run("2026-01-31 00:00:00")).toMatchObject({ status: "SUCCESSFUL" });
    expect(await world.runs(`${name}_t`)).toContain("MANUAL SUCCESSFUL ds=2026-01-31");
  });

  test("is renamed: the workflow follows, in every version", async () => {
    await refreshing(null);
    await world.workflows.alter(world.id(name), { kind: "comment", comment: "x" }, nowhere);
    await world.tables.rename(world.id(`${name}_t`), `${name}_u`);
    for (const version of [1, 2]) {
      const { request } = await world.workflows.get(world.id(name), version);
      expect(request.tasks[0]?.action).toEqual(world.refreshOf(`${name}_u`));
    }
    expect(await run("2026-02-01 00:00:00")).toMatchObject({ status: "SUCCESSFUL" });
    const { request, version } = await world.workflows.get(world.id(name), null);
    expect(version).toBe(2);
    expect(
      await world.workflows.create(request, { orAlter: true, ifNotExists: false }, nowhere),
    ).toMatchObject({ changed: false });
  });

  test("has other cells: the runs that come claim and refresh those", async () => {
    await refreshing(null);
    await world.tables.setOptions(world.id(`${name}_t`), { "refresh.lookback": "2" });
    expect(await world.workflows.preview(world.id(name), "r", "2026-02-01 00:00:00")).toEqual({
      refresh: `public.${name}_t`,
      partitions: ["ds=2026-01-29", "ds=2026-01-30", "ds=2026-01-31"],
    });
    const id = await start("2026-02-01 00:00:00");
    expect(await world.end(id)).toMatchObject({ status: "SUCCESSFUL" });
    expect(await tasks(id)).toEqual(["r SUCCESSFUL"]);
    expect(await world.runs(`${name}_t`)).toContain(
      "MANUAL SUCCESSFUL ds=2026-01-29,ds=2026-01-30,ds=2026-01-31",
    );
  });

  test("gets other partition keys: a partition that it no longer has fails the task", async () => {
    await refreshing({ ds: "${d}" });
    const query = "SELECT ds AS day, sum(amount) AS amount FROM feed GROUP BY ds";
    const request = world.request(`${name}_t`, query, {
      partitionKeys: ["day"],
      options: { rebuild: "true" },
    });
    const made = await world.tables.createOrAlter(request);
    if (made.instanceId !== null) await world.end(made.instanceId);
    expect(await run("2026-01-31 00:00:00")).toMatchObject({
      status: "FAILED",
      errorCode: "MT-SPEC-UNKNOWN",
      error: expect.stringContaining('"ds" is no partition column'),
    });
  });

  test("is being altered when the workflow is created: the workflow has what came of it", async () => {
    await daily(`${name}_t`);
    const table = await world.tables.get(world.id(`${name}_t`), "alter");
    const { database } = world.db;
    const made = await database.transaction(async (tx) => {
      await tx.query(sql`
        SELECT FROM sluice_private.materialized_tables WHERE table_id = ${table.id} FOR UPDATE`);
      const creation = make({
        schedule: { kind: "every", amount: "1", unit: "DAY" },
        tasks: [task("r", { action: world.refreshOf(`${name}_t`) })],
      });
      await waitingFor("FOR SHARE");
      // As ALTER does: the next version of the table's workflow has another look-back.
      await tx.execute(sql`
        WITH v AS (
          INSERT INTO sluice_private.workflow_versions
          SELECT workflow_id, version + 1,
            jsonb_set(definition, '{tasks,0,action,cells,lookback}', '5'), created_at
          FROM sluice_private.workflow_versions WHERE workflow_id = ${table.workflowId})
        UPDATE sluice_private.workflows SET version = version + 1
        WHERE workflow_id = ${table.workflowId}`);
      return { creation };
    });
    await made.creation;
    const rows = await world.db.query(sql`
      SELECT v.definition #> '{tasks,0,action,cells,lookback}' AS lookback
      FROM sluice_private.workflows w JOIN sluice_private.workflow_versions v
        USING (workflow_id, version) WHERE w.name = ${name}`);
    expect(rows).toEqual([{ lookback: 5 }]);
  });

  test("is altered while the workflow is: neither waits for ever, both are done", async () => {
    await refreshing(null);
    const id = world.id(name);
    const edits = Array.from({ length: 6 }, (_, index) =>
      index % 2 === 0
        ? world.tables.setOptions(world.id(`${name}_t`), { "refresh.lookback": String(index) })
        : world.workflows.alter(
            id,
            { kind: "set-options", options: { retries: String(index) } },
            nowhere,
          ),
    );
    await Promise.all(edits);
    const rows = await world.db.query<{ same: boolean }>(sql`
      SELECT v.definition #> '{tasks,0,action,cells}' = o.definition #> '{tasks,0,action,cells}' AS same
      FROM sluice_private.workflows w JOIN sluice_private.workflow_versions v USING (workflow_id, version),
        sluice_private.workflows t JOIN sluice_private.workflow_versions o USING (workflow_id, version)
      WHERE w.name = ${name} AND t.name = ${`table:${name}_t`}`);
    expect(rows).toEqual([{ same: true }]);
  });
});

test("nothing of all this failed without a word", () => {
  expect(world.errors).toEqual([]);
});
