// Lists: cursor, limit, filters and their refusals, and pages that stay as they are while rows are
// added.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiKit, apiKit } from "./kit.ts";

let kit: ApiKit;
beforeAll(async () => {
  kit = await apiKit();
  const { session, gateway } = kit;
  await gateway.database.query("CREATE TABLE orders (ds text, amount int)");
  await gateway.database.query(
    "INSERT INTO orders SELECT '2026-01-0' || g, g FROM generate_series(1, 5) g",
  );
  for (const [name, team] of [
    ["daily", "sales"],
    ["monthly", "sales"],
    ["other", "ops"],
  ]) {
    await session.execute(
      `CREATE MATERIALIZED TABLE ${name} PARTITIONED BY (ds) WITH ('tag.team' = '${team}',
       'tag.tier' = '1') FRESHNESS = INTERVAL '1' DAY REFRESH_MODE = FULL
       AS SELECT ds, sum(amount) AS total FROM orders GROUP BY ds`,
    );
  }
  await session.execute("ALTER MATERIALIZED TABLE other SUSPEND");
});
afterAll(() => kit.close());

const names = (answer: { body: { items: { name: string }[] } }) =>
  answer.body.items.map((item) => item.name);

// covers: S1-34, S1-37
describe("filters of tables", () => {
  test.each([
    ["", ["daily", "monthly", "other"]],
    ["?status=SUSPENDED", ["other"]],
    ["?status=ACTIVATED,SUSPENDED", ["daily", "monthly", "other"]],
    ["?name=LY", ["daily", "monthly"]],
    ["?name=%25", []],
    ["?kind=FULL&name=mon", ["monthly"]],
    ["?kind=CONTINUOUS", []],
    ["?tag=team=sales", ["daily", "monthly"]],
    ["?tag=team=ops&tag=tier=1", ["other"]],
    ["?tag=team=ops&tag=team=sales", []],
    ["?tag=team='; DROP TABLE orders; --", []],
    ["?database=elsewhere", []],
  ])("%s", async (query, expected) => {
    const answer = await kit.get(`/api/v1/tables${query}`);
    expect(answer.status).toBe(200);
    expect(names(answer)).toEqual(expected);
  });
});

describe("refused", () => {
  test.each([
    "/api/v1/tables?status=BROKEN",
    "/api/v1/tables?status=",
    "/api/v1/tables?kind=HALF",
    "/api/v1/tables?tag=team",
    "/api/v1/tables?limit=0",
    "/api/v1/tables?limit=1001",
    "/api/v1/tables?limit=ten",
    "/api/v1/tables?colour=red",
    "/api/v1/tables?cursor=nonsense",
    "/api/v1/runs?status=RUNNING",
    "/api/v1/runs?since=yesterday",
    "/api/v1/runs?kind=NEVER",
    "/api/v1/instances?status=DONE",
    "/api/v1/workflows?status=RUNNING",
    "/api/v1/workflows?kind=both",
    "/api/v1/partitions?status=OLD",
    "/api/v1/task-instances?status=OLD",
    "/api/v1/backfills?status=OLD",
    "/api/v1/commands?kind=drop",
    "/api/v1/notifications?kind=pigeon",
    "/api/v1/queues?status=RUNNING",
    "/api/v1/events?status=OLD",
    "/api/v1/lineage?direction=sideways",
    "/api/v1/lineage?column=total",
  ])("%s", async (path) => {
    expect(await kit.refused(kit.get(path))).toBe("400 GW-REQUEST");
  });

  test("a cursor of another list, or one that somebody made up", async () => {
    const { body } = await kit.get("/api/v1/tables?limit=1");
    expect(body.next).toMatch(/^[\w-]+$/);
    for (const list of ["partitions", "runs", "workflows"]) {
      const asked = kit.get(`/api/v1/${list}?cursor=${body.next}`);
      expect(await kit.refused(asked)).toBe("400 GW-REQUEST");
    }
    for (const keys of [
      ["RefreshRun", "now", "x"],
      ["RefreshRun", "2026-01-01 00:00:00+00"],
    ]) {
      const cursor = Buffer.from(JSON.stringify(keys)).toString("base64url");
      expect(await kit.refused(kit.get(`/api/v1/runs?cursor=${cursor}`))).toBe("400 GW-REQUEST");
    }
  });

  test("what the path names and is not there", async () => {
    for (const [path, refusal] of [
      ["tables/public/nothing", "404 MT-NOTFOUND"],
      ["tables/public/nothing/partitions", "404 MT-NOTFOUND"],
      ["runs/nothing", "404 GW-ROW-UNKNOWN"],
      ["workflows/public/nothing", "404 WF-NOTFOUND"],
      ["workflows/public/nothing/versions", "404 WF-NOTFOUND"],
      ["instances/nothing", "404 WF-INSTANCE-UNKNOWN"],
      ["task-instances/nothing", "404 GW-ROW-UNKNOWN"],
      ["task-instances/nothing/log", "404 GW-ROW-UNKNOWN"],
      ["backfills/nothing", "404 BF-NOTFOUND"],
      ["backfills/nothing/intervals", "404 BF-NOTFOUND"],
      ["queues/nothing", "404 GW-ROW-UNKNOWN"],
      ["commands/nothing", "404 GW-ROW-UNKNOWN"],
      ["notifications/nothing", "404 GW-ROW-UNKNOWN"],
      ["lineage?name=nothing", "404 GW-OBJECT-UNKNOWN"],
      ["lineage?name=daily&column=nothing", "404 GW-OBJECT-UNKNOWN"],
    ]) {
      expect(await kit.refused(kit.get(`/api/v1/${path}`)), path).toBe(refusal);
    }
  });
});

// covers: S1-68, S2-45, S2-51, S2-52, G-07, G-09
test("rows have the members and units of the document", async () => {
  const { body: table } = await kit.get("/api/v1/tables/public/daily");
  expect(table).toMatchObject({
    catalog: kit.gateway.database.name,
    name: "daily",
    freshness: 86_400_000,
    rowCount: 5,
    healthy: true,
    lastStatus: "SUCCESSFUL",
    lag: expect.any(Number),
  });
  expect(table.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  const { body: partitions } = await kit.get(
    "/api/v1/tables/public/daily/partitions?partition=ds=2026-01-03",
  );
  expect(partitions.items).toMatchObject([
    { partition: "ds=2026-01-03", state: "FRESH", rowCount: 1 },
  ]);
  const { body: runs } = await kit.get("/api/v1/runs?table=daily&kind=INITIAL&status=SUCCESSFUL");
  expect(runs.items).toMatchObject([{ name: "daily", trigger: "INITIAL", rowsInserted: 5 }]);
  const { body: run } = await kit.get(`/api/v1/runs/${runs.items[0].runId}`);
  expect(run).toEqual(runs.items[0]);
  const { body: tags } = await kit.get("/api/v1/tags");
  expect(tags.items).toEqual([
    { key: "team", value: "ops", workflows: 1 },
    { key: "team", value: "sales", workflows: 2 },
    { key: "tier", value: "1", workflows: 3 },
  ]);
  const { body: details } = await kit.get(`/api/v1/instances/${run.instanceId}`);
  expect(details).toMatchObject({
    instance: { workflow: "table:daily", status: "SUCCESSFUL" },
    tasks: [{ task: "refresh", runId: run.runId, attempts: 1 }],
  });
  const { body: tasks } = await kit.get(`/api/v1/task-instances?instance=${run.instanceId}`);
  expect(tasks.items).toEqual(details.tasks);
  const id = details.tasks[0].taskInstanceId;
  expect((await kit.get(`/api/v1/task-instances/${id}`)).body).toEqual(details.tasks[0]);
  const { body: log } = await kit.get(`/api/v1/task-instances/${id}/log`);
  expect(log).toMatchObject({
    task: { taskInstanceId: id },
    attempts: [{ attempt: 1, status: "SUCCESSFUL", errorCode: null }],
    runs: [{ runId: run.runId }],
  });
  const { body: workflow } = await kit.get("/api/v1/workflows/public/table:daily");
  expect(workflow).toMatchObject({
    workflow: {
      kind: "table",
      tableName: "daily",
      tags: { team: "sales", tier: "1" },
      pending: 0,
      running: 0,
      successful: 1,
      failed: 0,
    },
    definition: null,
  });
  const { body: gateways } = await kit.get("/api/v1/gateways");
  expect(gateways.items).toMatchObject([{ alive: true }]);
  const { body: report } = await kit.get("/api/v1/report");
  expect(report).toMatchObject({ total: 3, healthy: 2, failed: 1, unhealthy: [{ name: "other" }] });
  expect(report.ratio).toBeCloseTo(2 / 3);
  expect((await kit.get("/api/v1/progress")).body).toEqual({ items: [], next: null });
});

describe("pages", () => {
  /** Ended instances of `daily`, one a minute, back from a moment. */
  const insert = (prefix: string, count: number, from: string) =>
    kit.gateway.database.query(
      `INSERT INTO sluice_private.instance_history
         (instance_id, workflow_id, version, trigger, scheduled_at, status, request, variables,
          created_at, finished_at)
       SELECT '${prefix}' || lpad(g::text, 5, '0'), w.workflow_id, 1, 'MANUAL',
              '${from}'::timestamptz - g / 3 * interval '1 minute',
              'SUCCESSFUL', '{}', '{}', now(), now()
       FROM generate_series(1, ${count}) g, sluice_private.workflows w
       WHERE w.name = 'table:monthly'`,
    );

  test("of a thousand rows are stable while rows are added", async () => {
    await insert("old", 1000, "2020-01-01T00:00:00Z");
    const list = "/api/v1/instances?workflow=table:monthly&until=2021-01-01T00:00:00Z";
    const seen: string[] = [];
    let cursor = "";
    for (let page = 0; page < 20; page++) {
      const { body } = await kit.get(`${list}&limit=97${cursor}`);
      seen.push(...body.items.map((item: { instanceId: string }) => item.instanceId));
      // Newer ones in front, older ones behind, and some at the very time of the last row.
      await insert(`new${page}-`, 7, "2020-06-01T00:00:00Z");
      const last = body.items.at(-1).scheduledAt;
      await insert(`at${page}-`, 2, last);
      if (body.next === null) break;
      cursor = `&cursor=${body.next}`;
    }
    const old = seen.filter((id) => id.startsWith("old"));
    const expected = Array.from({ length: 1000 }, (_, k) => `old${String(k + 1).padStart(5, "0")}`);
    expect(old).toEqual(expected);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => id.startsWith("new"))).toEqual([]);
  });

  test("walk every list to its end, one row at a time, as one page has it", async () => {
    for (const list of [
      "tables",
      "partitions",
      "runs",
      "workflows",
      "task-instances",
      "queues",
      "tags",
    ]) {
      const whole = (await kit.get(`/api/v1/${list}?limit=1000`)).body;
      expect(whole.next, list).toBeNull();
      const seen: unknown[] = [];
      let cursor = "";
      for (;;) {
        const { body } = await kit.get(`/api/v1/${list}?limit=1${cursor}`);
        seen.push(...body.items);
        if (body.next === null) break;
        cursor = `&cursor=${body.next}`;
      }
      const keys = (rows: unknown[]) => rows.map((row) => JSON.stringify(row).slice(0, 90));
      expect(keys(seen), list).toEqual(keys(whole.items));
    }
  });
});

test("web pages of others are kept away, their methods named for configured ones", async () => {
  const asked = (headers: Record<string, string>) =>
    fetch(`${kit.gateway.url}/api/v1/tables`, { headers });
  const refused = await asked({ origin: "https://evil.example" });
  expect([refused.status, await refused.json()]).toEqual([
    403,
    { error: expect.objectContaining({ code: "GW-ORIGIN", position: null }) },
  ]);
  expect((await asked({ origin: kit.gateway.url })).status).toBe(200);
});

test("a body that is too large, no JSON, or of another type is refused", async () => {
  const send = async (body: string, type: string) => {
    const answer = await fetch(`${kit.gateway.url}/api/v1/queues`, {
      method: "POST",
      body,
      headers: { "content-type": type },
    });
    const refusal = (await answer.json()) as { error: { code: string } };
    return `${answer.status} ${refusal.error.code}`;
  };
  expect(await send("{", "application/json")).toBe("400 GW-REQUEST");
  expect(await send("{}", "text/plain")).toBe("400 GW-REQUEST");
  expect(await send('{"name":"q"}', "application/json")).toBe("400 GW-REQUEST");
  expect(await send('{"name":"q","concurrency":0}', "application/json")).toBe("400 GW-REQUEST");
  expect(await send('{"name":"q","concurrency":1,"colour":1}', "application/json")).toBe(
    "400 GW-REQUEST",
  );
});
