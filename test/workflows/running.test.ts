// Workflows at work: tasks that write rows and refresh partitions, runs for other times and with
// other variables, previews.

import { describe, expect, test } from "vitest";
import type { InstanceId } from "../../src/common/ids.ts";
import { sql } from "../../src/common/sql.ts";
import { milliseconds, parseInstant } from "../../src/common/time.ts";
import { createWorkflows } from "../../src/workflows/workflows.ts";
import { until } from "../support/until.ts";
import { execute, failure, nowhere, task } from "./world.ts";
import {
  world,
  name,
  useFeed,
  daily,
  make,
  run,
  start,
  log,
  tasks,
  instance,
  waitingFor,
  say,
} from "./feed.ts";

useFeed();

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

  test("asked for during an edit has the version that comes of it", async () => {
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

test("nothing of all this failed without a word", () => {
  expect(world.errors).toEqual([]);
});
