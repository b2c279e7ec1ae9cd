// The tables that workflows refresh: what lineage suggests, what becomes of tasks whose table is
// dropped, renamed or altered.

import { describe, expect, test } from "vitest";
import { sql } from "../../src/common/sql.ts";
import type { WorkflowDefinition } from "../../src/scheduler/scheduler.ts";
import { interval } from "../refresh/world.ts";
import { execute, failure, nowhere, task } from "./world.ts";
import { world, name, useFeed, daily, make, run, start, tasks, waitingFor } from "./feed.ts";

useFeed();

describe("what lineage suggests", () => {
  // covers: S1-47
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

  // covers: S1-56
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

  test("is being altered when the workflow is created: it has what came of that", async () => {
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
      SELECT v.definition #> '{tasks,0,action,cells}'
        = o.definition #> '{tasks,0,action,cells}' AS same
      FROM sluice_private.workflows w
      JOIN sluice_private.workflow_versions v USING (workflow_id, version),
        sluice_private.workflows t
      JOIN sluice_private.workflow_versions o USING (workflow_id, version)
      WHERE w.name = ${name} AND t.name = ${`table:${name}_t`}`);
    expect(rows).toEqual([{ same: true }]);
  });
});

test("nothing of all this failed without a word", () => {
  expect(world.errors).toEqual([]);
});
