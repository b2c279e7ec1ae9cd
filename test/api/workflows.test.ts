// Workflows, their runs and queues over /api/v1: the same services as the statements.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../support/until.ts";
import { type ApiKit, apiKit } from "./kit.ts";

let kit: ApiKit;
beforeAll(async () => {
  kit = await apiKit();
  await kit.gateway.database.query("CREATE TABLE orders (ds text, amount int)");
  await kit.gateway.database.query("CREATE TABLE log (line text)");
  await kit.gateway.database.query("INSERT INTO orders VALUES ('2026-01-31', 5)");
  await kit.session.execute(
    `CREATE MATERIALIZED TABLE daily PARTITIONED BY (ds)
     WITH ('partition.fields.ds.date-formatter' = 'yyyy-MM-dd') FRESHNESS = INTERVAL '1' DAY
     REFRESH_MODE = FULL AS SELECT ds, sum(amount) AS total FROM orders GROUP BY ds`,
  );
  await kit.session.execute(
    `CREATE MATERIALIZED TABLE monthly FRESHNESS = INTERVAL '1' DAY REFRESH_MODE = FULL
     AS SELECT sum(total) AS total FROM daily`,
  );
});
afterAll(() => kit.close());

/** A workflow of two tasks, the second of which fails as long as `log` has a line `bad`. */
const nightly = {
  name: "nightly",
  comment: "orders to report",
  schedule: { cron: "0 0 2 * * ?" },
  timeZone: "Europe/Berlin",
  variables: { day: "yyyy-MM-dd - 1 day", region: "eu" },
  options: { "tag.team": "sales", retries: "0" },
  tasks: [
    { name: "load", execute: "INSERT INTO log VALUES ('${region} ${day}')" },
    { name: "daily", refresh: "public.daily", partition: { ds: "${day}" }, after: ["load"] },
    {
      name: "check",
      execute: "SELECT 1 / (SELECT count(*)::int - 1 FROM log WHERE line = 'bad')",
      after: ["daily"],
    },
  ],
};

const of = (name: string) => `/api/v1/workflows/public/${name}`;

describe("a workflow", () => {
  // covers: S1-01, S1-27, S1-35, S1-38, S1-39, S1-58, S1-71, S1-76
  test("is created disabled, read back as it could be sent again, and changed", async () => {
    const created = await kit.post("/api/v1/workflows", nightly);
    expect([created.status, created.body.version, created.body.changed]).toEqual([201, 1, true]);
    const { body } = await kit.get(of("nightly"));
    expect(body.workflow).toMatchObject({
      kind: "user",
      enabled: false,
      nextExecution: null,
      tags: { team: "sales" },
    });
    expect(body.definition).toMatchObject({
      ...nightly,
      database: "public",
      startAt: null,
      endAt: null,
      tasks: [
        { name: "load", execute: "INSERT INTO log VALUES ('${region} ${day}')", after: [] },
        { refresh: "public.daily", partition: { ds: "${day}" }, after: ["load"] },
        { name: "check" },
      ],
    });
    const { name, database, ...parts } = body.definition;
    expect([name, database]).toEqual(["nightly", "public"]);
    const same = await kit.put(of("nightly"), parts);
    expect(same.body).toMatchObject({ changed: false, version: 1 });
    const changed = await kit.put(of("nightly"), { ...parts, comment: "other" });
    expect(changed.body).toMatchObject({ changed: true, version: 2 });
    const versions = await kit.get(`${of("nightly")}/versions`);
    expect(versions.body.items.map((one: { version: number }) => one.version)).toEqual([2, 1]);
    expect((await kit.get(`${of("nightly")}/versions/1`)).body).toEqual(body.definition);
    expect((await kit.get(`${of("nightly")}/versions/2`)).body.comment).toBe("other");
  });

  test("is refused with codes, and nothing is made", async () => {
    const bad = async (parts: object) =>
      kit.refused(kit.post("/api/v1/workflows", { ...nightly, name: "bad", ...parts }));
    expect(await kit.refused(kit.post("/api/v1/workflows", nightly))).toBe("409 WF-EXISTS");
    expect(await bad({ schedule: { cron: "0 0 25 * * ?" } })).toBe("400 WF-CRON");
    expect(await bad({ schedule: { every: "often" } })).toBe("400 GW-REQUEST");
    expect(await bad({ schedule: { cron: "0 0 2 * * ?", every: "1 DAY" } })).toBe("400 GW-REQUEST");
    expect(await bad({ timeZone: "Mars/Olympus" })).toBe("400 WF-TIME-ZONE");
    expect(await bad({ options: { colour: "red" } })).toBe("400 WF-OPTION-UNKNOWN");
    expect(await bad({ tasks: [] })).toBe("400 WF-TASKS-EMPTY");
    expect(await bad({ tasks: [{ name: "a", execute: "SELECT 1", after: ["a"] }] })).toBe(
      "400 WF-CYCLE",
    );
    expect(await bad({ tasks: [{ name: "a", execute: "SELECT 1", after: ["b"] }] })).toBe(
      "400 WF-TASK-UNKNOWN",
    );
    expect(await bad({ tasks: [{ name: "a", refresh: "nothing" }] })).toBe("404 MT-NOTFOUND");
    expect(await bad({ tasks: [{ name: "a" }] })).toBe("400 GW-REQUEST");
    expect(await bad({ tasks: [{ name: "a", execute: "SELECT 1", refresh: "daily" }] })).toBe(
      "400 GW-REQUEST",
    );
    expect(await bad({ colour: "red" })).toBe("400 GW-REQUEST");
    expect(await kit.refused(kit.get(of("bad")))).toBe("404 WF-NOTFOUND");
    expect(await kit.refused(kit.put(of("bad"), { tasks: nightly.tasks }))).toBe("404 WF-NOTFOUND");
    expect(await kit.refused(kit.remove(of("bad")))).toBe("404 WF-NOTFOUND");
    expect(await kit.refused(kit.post(`${of("bad")}/enable`))).toBe("404 WF-NOTFOUND");
    expect(await kit.refused(kit.post(`${of("bad")}/disable`))).toBe("404 WF-NOTFOUND");
    expect(await kit.refused(kit.post(`${of("bad")}/execute`, {}))).toBe("404 WF-NOTFOUND");
    expect(await kit.refused(kit.get(`${of("nightly")}/versions/99`))).toBe("404 GW-ROW-UNKNOWN");
    expect(await kit.refused(kit.get(`${of("nightly")}/versions/x`))).toBe("400 GW-REQUEST");
    for (const verb of ["enable", "disable"]) {
      expect(await kit.refused(kit.post(`${of("table:daily")}/${verb}`))).toBe(
        "409 WF-TABLE-OWNED",
      );
    }
    expect(await kit.refused(kit.remove(of("table:daily")))).toBe("409 WF-TABLE-OWNED");
  });

  // covers: S1-72, S1-61
  test("enabled it refuses edits; disabled it takes them", async () => {
    expect((await kit.post(`${of("nightly")}/enable`)).status).toBe(200);
    const { body } = await kit.get(of("nightly"));
    expect([body.workflow.enabled, typeof body.workflow.nextExecution]).toEqual([true, "string"]);
    const enabled = await kit.get("/api/v1/workflows?kind=user&status=ENABLED");
    expect(enabled.body.items.map((one: { workflow: string }) => one.workflow)).toEqual([
      "nightly",
    ]);
    const edit = { ...nightly, comment: "third", name: undefined };
    expect(await kit.refused(kit.put(of("nightly"), edit))).toBe("409 WF-ENABLED");
    expect(await kit.refused(kit.remove(of("nightly")))).toBe("409 WF-ENABLED");
    expect((await kit.post(`${of("nightly")}/disable`)).status).toBe(200);
    expect((await kit.get(of("nightly"))).body.workflow.enabled).toBe(false);
  });

  // covers: S1-52, S1-55
  test("previews what a task would do, and what lineage suggests", async () => {
    const preview = (task: string, at: string) =>
      kit.get(`${of("nightly")}/tasks/${task}/preview?at=${encodeURIComponent(at)}`);
    expect((await preview("load", "2026-02-01 02:00:00")).body).toEqual({
      execute: "INSERT INTO log VALUES ('eu 2026-01-31')",
    });
    expect((await preview("daily", "2026-02-01 02:00:00")).body.partitions).toEqual([
      "ds=2026-01-31",
    ]);
    expect(await kit.refused(preview("nothing", "2026-02-01 02:00:00"))).toBe("404 GW-ROW-UNKNOWN");
    expect(await kit.refused(preview("load", "tomorrow"))).toBe("400 WF-TIMESTAMP");
    const { body } = await kit.get(`${of("nightly")}/tasks/daily/downstream`);
    expect(body.items.map((one: { name: string }) => one.name)).toEqual(["monthly"]);
    expect(await kit.refused(kit.get(`${of("nightly")}/tasks/nothing/downstream`))).toBe(
      "404 GW-ROW-UNKNOWN",
    );
  });
});

describe("an instance", () => {
  let failed: string;

  // covers: S1-59, S1-60, S1-73, S1-74, G-07
  test("runs with its variables, fails, and says where", async () => {
    await kit.gateway.database.query("INSERT INTO log VALUES ('bad')");
    const run = { at: "2026-02-01 02:00:00", variables: { region: "us" } };
    const queued = await kit.post(`${of("nightly")}/execute`, run);
    expect(queued.status).toBe(202);
    failed = queued.body.instanceId;
    const instance = await kit.ended(failed);
    expect(instance).toMatchObject({
      workflow: "nightly",
      trigger: "MANUAL",
      status: "FAILED",
      scheduledAt: "2026-02-01T01:00:00.000Z",
      variables: { region: "us", day: "2026-01-31" },
    });
    const { body } = await kit.get(`/api/v1/instances/${failed}`);
    const statuses = body.tasks.map((one: { task: string; status: string }) => [
      one.task,
      one.status,
    ]);
    expect(Object.fromEntries(statuses)).toEqual({
      load: "SUCCESSFUL",
      daily: "SUCCESSFUL",
      check: "FAILED",
    });
    const check = body.tasks.find((one: { task: string }) => one.task === "check");
    const log = await kit.get(`/api/v1/task-instances/${check.taskInstanceId}/log`);
    expect(log.body.attempts).toMatchObject([{ attempt: 1, status: "FAILED" }]);
    expect(log.body.attempts[0].error).toContain("division by zero");
    const asked = kit.post(`${of("nightly")}/execute`, { variables: { nothing: "x" } });
    expect(await kit.refused(asked)).toBe("400 WF-VARIABLE");
  });

  // covers: S1-73
  test("is run again: what failed, one task, all", async () => {
    await kit.gateway.database.query("DELETE FROM log WHERE line = 'bad'");
    expect((await kit.post(`/api/v1/instances/${failed}/rerun`, { what: "failed" })).status).toBe(
      202,
    );
    expect(await untilStatus(failed, "SUCCESSFUL")).toMatchObject({ workflow: "nightly" });
    const again = await kit.post(`/api/v1/instances/${failed}/rerun`, {
      task: "check",
      downstream: true,
    });
    expect(again.status).toBe(202);
    await untilStatus(failed, "SUCCESSFUL");
    const rerun = (body: object) =>
      kit.refused(kit.post(`/api/v1/instances/${failed}/rerun`, body));
    expect(await rerun({ task: "nothing" })).toBe("404 GW-ROW-UNKNOWN");
    expect(await rerun({ what: "some" })).toBe("400 GW-REQUEST");
    expect(await rerun({})).toBe("400 GW-REQUEST");
    expect(await kit.refused(kit.post("/api/v1/instances/nothing/rerun", { what: "all" }))).toBe(
      "404 WF-INSTANCE-UNKNOWN",
    );
  });

  test("has tasks marked and skipped", async () => {
    await kit.gateway.database.query("INSERT INTO log VALUES ('bad')");
    const { body } = await kit.post(`${of("nightly")}/execute`, { at: "2026-02-02 02:00:00" });
    await untilStatus(body.instanceId, "FAILED");
    const mark = (id: string, task: string) => kit.post(`/api/v1/instances/${id}/mark`, { task });
    const skip = (id: string, task: string) => kit.post(`/api/v1/instances/${id}/skip`, { task });
    expect((await mark(body.instanceId, "check")).status).toBe(200);
    await untilStatus(body.instanceId, "SUCCESSFUL");
    const other = await kit.post(`${of("nightly")}/execute`, { at: "2026-02-03 02:00:00" });
    await untilStatus(other.body.instanceId, "FAILED");
    expect((await skip(other.body.instanceId, "check")).status).toBe(200);
    await untilStatus(other.body.instanceId, "SUCCESSFUL");
    expect(await kit.refused(mark(other.body.instanceId, "nothing"))).toBe("404 GW-ROW-UNKNOWN");
    expect(await kit.refused(skip("nothing", "check"))).toBe("404 WF-INSTANCE-UNKNOWN");
    await kit.gateway.database.query("DELETE FROM log WHERE line = 'bad'");
  });

  // covers: S1-69, S2-46, G-20
  test("is canceled while it runs, and not afterwards", async () => {
    await kit.post("/api/v1/workflows", {
      name: "slow",
      tasks: [{ name: "sleep", execute: "SELECT pg_sleep(60)" }],
    });
    const { body } = await kit.post(`${of("slow")}/execute`, {});
    await until(async () => {
      const { body: running } = await kit.get("/api/v1/progress");
      return running.items.some((one: { workflow: string }) => one.workflow === "slow");
    });
    const list = await kit.get("/api/v1/instances?status=RUNNING&workflow=slow");
    expect(list.body.items).toMatchObject([{ instanceId: body.instanceId }]);
    const rerun = kit.post(`/api/v1/instances/${body.instanceId}/rerun`, { what: "all" });
    expect(await kit.refused(rerun)).toBe("409 WF-INSTANCE-RUNNING");
    const cancel = () => kit.post(`/api/v1/instances/${body.instanceId}/cancel`);
    expect((await cancel()).status).toBe(202);
    await untilStatus(body.instanceId, "CANCELED");
    expect(await kit.refused(cancel())).toBe("409 WF-INSTANCE-ENDED");
    expect(await kit.refused(kit.post("/api/v1/instances/nothing/cancel"))).toBe(
      "404 WF-INSTANCE-UNKNOWN",
    );
    expect((await kit.remove(of("slow"))).status).toBe(200);
    expect(await kit.refused(kit.get(of("slow")))).toBe("404 WF-NOTFOUND");
  });

  async function untilStatus(id: string, status: string) {
    return until(async () => {
      const instance = await kit.ended(id);
      return instance.status === status ? instance : null;
    });
  }
});

describe("a queue", () => {
  // covers: S1-77
  test("is created, changed, shown with its load, dropped", async () => {
    const reports = { name: "reports", concurrency: 2 };
    expect((await kit.post("/api/v1/queues", reports)).status).toBe(201);
    expect(await kit.refused(kit.post("/api/v1/queues", reports))).toBe("409 WF-QUEUE-EXISTS");
    expect((await kit.put("/api/v1/queues/reports", { concurrency: 5 })).status).toBe(200);
    expect((await kit.get("/api/v1/queues/reports")).body).toEqual({
      queue: "reports",
      concurrency: 5,
      running: 0,
      pending: 0,
    });
    const names = (await kit.get("/api/v1/queues")).body.items;
    expect(names.map((one: { queue: string }) => one.queue)).toEqual([
      "default-queue",
      "reports",
      "tables",
    ]);
    expect((await kit.remove("/api/v1/queues/reports")).status).toBe(200);
    expect(await kit.refused(kit.remove("/api/v1/queues/reports"))).toBe("404 GW-ROW-UNKNOWN");
    expect(await kit.refused(kit.put("/api/v1/queues/reports", { concurrency: 1 }))).toBe(
      "404 GW-ROW-UNKNOWN",
    );
    expect(await kit.refused(kit.remove("/api/v1/queues/default-queue"))).toBe(
      "409 WF-QUEUE-IN-USE",
    );
  });
});

describe("a table", () => {
  const daily = "/api/v1/tables/public/daily";

  test("is refreshed, suspended and resumed", async () => {
    const queued = await kit.post(`${daily}/refresh`, { partition: { ds: "2026-01-31" } });
    expect(queued.status).toBe(202);
    expect(await kit.ended(queued.body.instanceId)).toMatchObject({
      workflow: "table:daily",
      trigger: "MANUAL",
      status: "SUCCESSFUL",
    });
    const cascade = await kit.post(`${daily}/refresh`, { cascade: true });
    expect(cascade.body.backfillId).toMatch(/^[0-9a-f]{32}$/);
    const backfill = await kit.get(`/api/v1/backfills/${cascade.body.backfillId}`);
    expect(backfill.body).toMatchObject({ tableName: "daily", total: 1 });
    await kit.ended(cascade.body.instanceId);
    expect((await kit.post(`${daily}/suspend`, {})).status).toBe(200);
    expect(await kit.refused(kit.post(`${daily}/suspend`, {}))).toBe("409 MT-STATE-SUSPENDED");
    expect((await kit.get(daily)).body.status).toBe("SUSPENDED");
    const resumed = await kit.post(`${daily}/resume`, { options: { "tag.team": "sales" } });
    expect(resumed.body).toEqual({ warnings: [] });
    expect(await kit.refused(kit.post(`${daily}/resume`, {}))).toBe("409 MT-STATE-ACTIVE");
  });

  test("is refused what cannot be", async () => {
    const refresh = (body: object, table = daily) =>
      kit.refused(kit.post(`${table}/refresh`, body));
    expect(await refresh({ partition: { dt: "1" } })).toBe("400 MT-SPEC-UNKNOWN");
    expect(await refresh({ options: { fierce: "true" } })).toBe("400 MT-OPTION-UNKNOWN");
    expect(await refresh({ partition: "ds=1" })).toBe("400 GW-REQUEST");
    expect(await refresh({}, "/api/v1/tables/public/nothing")).toBe("404 MT-NOTFOUND");
    for (const verb of ["suspend", "resume"]) {
      const asked = kit.post(`/api/v1/tables/public/nothing/${verb}`, {});
      expect(await kit.refused(asked)).toBe("404 MT-NOTFOUND");
    }
  });
});
