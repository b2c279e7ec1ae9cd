// Tables that read tables: who waits for whom, what becomes stale, how old the rows are from end to
// end. On the database's virtual clock; parents are held up where a test says so.

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { until } from "../support/until.ts";
import { interval, openWorld, type World } from "./world.ts";

/** Names of tables whose refreshes stand still, and what lets them go on. */
const held = new Map<string, { readonly free: Promise<void>; readonly release: () => void }>();

function hold(name: string): void {
  let release = () => {};
  const free = new Promise<void>((resolve) => (release = resolve));
  held.set(name, { free, release });
}

function letGo(name: string): void {
  held.get(name)?.release();
  held.delete(name);
}

const holding = (engine: Engine): Engine => ({
  async refresh(job) {
    await held.get(job.target.name)?.free;
    return engine.refresh(job);
  },
  reap: (pid, startedAt) => engine.reap(pid, startedAt),
  render: (target, step) => engine.render(target, step),
});

let world: World;
let now = Date.parse("2024-01-04T12:00:00Z");

beforeAll(async () => {
  world = await openWorld({ clock: "2024-01-04T12:00:00Z", engine: holding });
  await world.db.query(`
    CREATE TABLE orders (id int PRIMARY KEY, ts timestamptz NOT NULL, divisor int DEFAULT 1);
    INSERT INTO orders SELECT g, timestamptz '2023-12-30 01:00Z' + g * interval '1 day'
    FROM generate_series(0, 4) g`);
});
afterAll(() => world.close());
beforeEach(async () => {
  for (const name of held.keys()) letGo(name);
  // Each test has tables of its own, and nothing else that could run.
  const tables = await world.db.query<{ name: string }>(
    "SELECT name FROM sluice.materialized_tables",
  );
  for (const { name } of tables) {
    const gone = { ifExists: true, cascade: true };
    await world.tables.drop(world.id(name), gone);
  }
});

/** Moves the clock on, and lets the scheduler look. */
async function pass(seconds: number): Promise<void> {
  now += seconds * 1000;
  await world.db.setClock(new Date(now).toISOString());
  world.scheduler.wake();
}

/** To the next midnight, and a second more. */
function nextDay(): Promise<void> {
  return pass((86_400_000 - (now % 86_400_000)) / 1000 + 1);
}

/** Waits while the clock runs on by seconds: what looks again by itself does so. */
function eventually<Found>(look: () => Promise<Found | null>): Promise<Found> {
  return until(async () => {
    const found = await look();
    if (found === null) await pass(1);
    return found;
  });
}

const runsOf = (name: string, count: number) =>
  eventually(async () => {
    const runs = await world.runs(name);
    return runs.length >= count ? runs : null;
  });

const states = (name: string) =>
  world.db.query<{ partition: string; state: string; reason: string | null }>(
    `SELECT partition, state, reason FROM sluice.partitions WHERE name = '${name}'
     ORDER BY partition COLLATE "C"`,
  );

const waitingOf = (name: string) =>
  world.db.query<{ status: string; detail: string; gateway: string | null }>(
    `SELECT i.status, i.detail, t.gateway FROM sluice.workflow_instances i
     JOIN sluice.task_instances t USING (instance_id)
     WHERE i.workflow = 'table:${name}' AND i.status IN ('PENDING', 'RUNNING')`,
  );

const untilWaiting = (name: string) =>
  until(async () => {
    const [found] = await waitingOf(name);
    return found?.detail === "WAITING_UPSTREAM" ? found : null;
  });

const daily =
  "SELECT to_char(ts, 'YYYY-MM-DD') AS ds, sum(id / divisor) AS n FROM orders GROUP BY 1";
const byDay = {
  partitionKeys: ["ds"],
  options: { "partition.fields.ds.date-formatter": "yyyy-MM-dd" },
};

// covers: G-12
test("a slot waits for the parent's, holds nothing meanwhile, then reads its rows", async () => {
  await world.create("parent", daily, byDay);
  await world.create("child", "SELECT ds, n * 10 AS n FROM parent", byDay);
  await world.db.query("UPDATE orders SET id = id + 100 WHERE ts >= '2024-01-03'");
  hold("parent");
  await nextDay();
  const waiting = await untilWaiting("child");
  expect(waiting).toEqual({ status: "PENDING", detail: "WAITING_UPSTREAM", gateway: null });
  const queues = await world.db.query(
    "SELECT running, pending FROM sluice.queues WHERE queue = 'tables'",
  );
  expect(queues).toEqual([{ running: 1, pending: 1 }]);
  letGo("parent");
  expect((await runsOf("child", 2))[1]).toBe("SCHEDULE SUCCESSFUL ds=2024-01-03,ds=2024-01-04");
  expect(await world.rows("child")).toContain("(2024-01-03,1040)");
  const order = await world.db.query(
    `SELECT name FROM sluice.refresh_runs WHERE trigger = 'SCHEDULE' ORDER BY data_timestamp, name DESC`,
  );
  expect(order.map((row) => row["name"])).toEqual(["parent", "child"]);
});

test("the first load waits for the parent's first load", async () => {
  hold("slow");
  const first = await world.tables.create(world.request("slow", daily, byDay));
  await world.tables.create(world.request("after", "SELECT count(*) AS n FROM slow"));
  await untilWaiting("after");
  letGo("slow");
  await world.end(first.instanceId);
  expect(await runsOf("after", 1)).toEqual(["INITIAL SUCCESSFUL"]);
  expect(await world.rows("after")).toEqual(["(5)"]);
});

test("a parent that failed: skipped, stale; when it recovers the reader is repaired", async () => {
  await world.create("source", daily, byDay);
  await world.create("reader", "SELECT ds, n FROM source", byDay);
  await world.create("total", "SELECT sum(n) AS n FROM reader");
  await world.db.query("INSERT INTO orders VALUES (900, '2024-01-05 10:00Z', 0)");
  await nextDay();
  expect((await runsOf("reader", 2))[1]).toBe("SCHEDULE SKIPPED UPSTREAM_FAILED");
  expect((await runsOf("total", 2))[1]).toBe("SCHEDULE SKIPPED UPSTREAM_FAILED");
  await until(async () => {
    const rows = await world.db.query(
      `SELECT FROM sluice.workflow_instances WHERE workflow = 'table:reader'
       AND trigger = 'SCHEDULE' AND status = 'SKIPPED' AND detail = 'UPSTREAM_FAILED'`,
    );
    return rows.length === 1;
  });
  expect((await states("reader")).filter((cell) => cell.state === "STALE")).toEqual([
    { partition: "ds=2024-01-04", state: "STALE", reason: "UPSTREAM_FAILED" },
    { partition: "ds=2024-01-05", state: "STALE", reason: "UPSTREAM_FAILED" },
  ]);
  expect(await states("total")).toEqual([
    { partition: "", state: "STALE", reason: "UPSTREAM_FAILED" },
  ]);
  await world.db.query("UPDATE orders SET divisor = 1");
  expect((await world.refresh("source")).status).toBe("SUCCESSFUL");
  expect((await runsOf("reader", 4)).slice(2)).toEqual([
    "REPAIR SUCCESSFUL ds=2024-01-05",
    "REPAIR SUCCESSFUL ds=2024-01-04",
  ]);
  expect((await runsOf("total", 3)).slice(2)).toEqual(["REPAIR SUCCESSFUL"]);
  expect((await states("total"))[0]?.state).toBe("FRESH");
});

test("after 'upstream.wait.timeout' it runs, and says so", async () => {
  await world.create("late", daily, byDay);
  await world.create("hasty", "SELECT count(*) AS n FROM late", {
    options: { "upstream.wait.timeout": "10 min" },
  });
  await world.create("careless", "SELECT count(*) AS n FROM late", {
    options: { "upstream.wait": "false" },
  });
  hold("late");
  await nextDay();
  await untilWaiting("hasty");
  expect((await runsOf("careless", 2))[1]).toBe("SCHEDULE SUCCESSFUL");
  await pass(601);
  expect((await runsOf("hasty", 2))[1]).toBe("SCHEDULE SUCCESSFUL UPSTREAM_TIMEOUT");
  letGo("late");
  await runsOf("late", 2);
});

test("only what reads a changed partition becomes stale", async () => {
  await world.create("days", "SELECT ts::date AS d, sum(id) AS n FROM orders GROUP BY 1", {
    partitionKeys: ["d"],
  });
  await world.create("same", "SELECT d, n FROM days", { partitionKeys: ["d"] });
  await world.create(
    "months",
    "SELECT to_char(date_trunc('month', d), 'YYYY-MM') AS m, sum(n) AS n FROM days GROUP BY 1",
    { partitionKeys: ["m"], options: { "partition.fields.m.date-formatter": "yyyy-MM" } },
  );
  await world.create("spread", "SELECT (d + 1) AS d, n FROM days", { partitionKeys: ["d"] });
  const stale = async (name: string) =>
    (await states(name)).filter((cell) => cell.state === "STALE").map((cell) => cell.partition);
  const all = async () => [await stale("same"), await stale("months"), await stale("spread")];

  expect((await world.refresh("days")).status).toBe("SUCCESSFUL");
  expect(await all()).toEqual([[], [], []]);

  await world.db.query("UPDATE orders SET id = id + 1000 WHERE ts < '2024-01-01'");
  await world.refresh("days", { d: "2023-12-31" });
  expect(await all()).toEqual([
    ["d=2023-12-31"],
    ["m=2023-12"],
    (await states("spread")).map((cell) => cell.partition),
  ]);
  expect((await states("same"))[1]?.reason).toBe("UPSTREAM_CHANGED");

  // The whole table changes in one other partition.
  await world.refresh("days");
  expect((await stale("same")).toSorted()).toEqual(["d=2023-12-30", "d=2023-12-31"]);

  await nextDay();
  for (const name of ["same", "months", "spread"]) {
    await eventually(async () => ((await stale(name)).length === 0 ? true : null));
    const marks = await eventually(async () => {
      const rows = await world.db.query(
        `SELECT FROM sluice_private.cell_marks
         JOIN sluice_private.materialized_tables USING (table_id)
         WHERE name = '${name}'`,
      );
      return rows.length === 0 ? rows : null;
    });
    expect(marks).toEqual([]);
  }
  expect((await world.runs("same")).at(-1)).toMatch(
    /^REPAIR SUCCESSFUL .*d=2023-12-31,d=2023-12-30$/,
  );
  expect(await world.runs("spread")).toContain("REPAIR SUCCESSFUL");
  const wrong = await world.db.query(
    "(SELECT d + 1, n FROM days EXCEPT TABLE spread) UNION (TABLE spread EXCEPT SELECT d + 1, n FROM days)",
  );
  expect(wrong).toEqual([]);
});

// covers: G-12
test("the lag counts from the base tables through all tables in between", async () => {
  await world.create("bottom", "SELECT count(*) AS n FROM orders", {
    freshness: interval("1", "DAY"),
  });
  await pass(3600);
  await world.create("top", "SELECT n FROM bottom", { freshness: interval("1", "HOUR") });
  await pass(60);
  const rows = await world.db.query(
    `SELECT name, lag::text, root_timestamp < data_timestamp AS older
     FROM sluice.materialized_tables WHERE name IN ('bottom', 'top') ORDER BY name`,
  );
  expect(rows).toEqual([
    { name: "bottom", lag: "01:01:00", older: false },
    { name: "top", lag: "01:01:00", older: true },
  ]);
});

test("freshness: warned, violated, recovered, each recorded once", async () => {
  await world.create("slo", "SELECT count(*) AS n FROM orders", {
    freshness: interval("1", "HOUR"),
    options: { "notify.email": "ops@example.com" },
  });
  await world.create("patient", "SELECT count(*) AS n FROM orders", {
    freshness: interval("1", "HOUR"),
    options: { "freshness.violated.after": "1 d" },
  });
  hold("slo");
  hold("patient");
  const check = () =>
    world.db.query<{ name: string; state: string }>(
      "SELECT name, state FROM sluice_private.check_freshness()",
    );
  await check();
  await pass(5500);
  expect(await check()).toEqual([{ name: "slo", state: "WARN" }]);
  expect(await check()).toEqual([]);
  await pass(3600);
  expect(await check()).toEqual([{ name: "slo", state: "VIOLATED" }]);
  const [state] = await world.db.query(
    "SELECT freshness_state, healthy FROM sluice.materialized_tables WHERE name = 'slo'",
  );
  expect(state).toEqual({ freshness_state: "VIOLATED", healthy: false });
  letGo("slo");
  await runsOf("slo", 2);
  expect(await check()).toEqual([{ name: "slo", state: "RECOVERED" }]);
  const events = await world.db.query(
    "SELECT state, previous, freshness::text FROM sluice.freshness_events WHERE name = 'slo' ORDER BY event_id",
  );
  expect(events).toEqual([
    { state: "WARN", previous: "OK", freshness: "01:00:00" },
    { state: "VIOLATED", previous: "WARN", freshness: "01:00:00" },
    { state: "RECOVERED", previous: "VIOLATED", freshness: "01:00:00" },
  ]);
  letGo("patient");
});

test("nothing failed without a row", () => {
  expect(world.errors).toEqual([]);
});
