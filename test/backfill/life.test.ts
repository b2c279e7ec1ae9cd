// The life of a backfill: how many run at a time, pause, cancel, retry, what happens when the table
// goes away, and what others see of it.

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../src/common/clock.ts";
import { sql } from "../../src/common/sql.ts";
import type { Engine, RefreshJob } from "../../src/engine/engine.ts";
import { interval } from "../refresh/world.ts";
import { until } from "../support/until.ts";
import { type BackfillWorld, openBackfillWorld } from "./world.ts";

let world: BackfillWorld;
let name = "";
let count = 0;
/** Refreshes wait here while it is closed. */
let gate: Promise<void> = Promise.resolve();
let open: () => void = () => undefined;
let running = 0;
let most = 0;
/** Of the last refresh: it was to run without parallel workers. */
let serial = false;
/** So many refreshes to come meet an error that another attempt can help. */
let failures = 0;

function closeGate(): void {
  gate = new Promise((resolve) => {
    open = () => {
      resolve();
      gate = Promise.resolve();
    };
  });
}

function gated(engine: Engine): Engine {
  return {
    reap: (pid, startedAt) => engine.reap(pid, startedAt),
    render: (target, step) => engine.render(target, step),
    async refresh(job: RefreshJob) {
      serial = job.serial ?? false;
      running += 1;
      most = Math.max(most, running);
      try {
        const aborted = new Promise<void>((resolve) => {
          job.signal.addEventListener("abort", () => resolve(), { once: true });
        });
        await Promise.race([gate, aborted]);
        if (failures > 0) {
          failures -= 1;
          throw Object.assign(new Error("bad luck"), { code: "40001" });
        }
        return await engine.refresh(job);
      } finally {
        running -= 1;
      }
    },
  };
}

beforeAll(async () => {
  world = await openBackfillWorld("2026-01-20T12:00:00Z", gated);
  await world.db.query(`
    CREATE TABLE orders AS
    SELECT timestamptz '2026-01-01 00:30:00Z' + g * interval '6 hours' AS at, g AS amount
    FROM generate_series(0, 70) AS g`);
});
afterAll(() => world.close());
beforeEach(async () => {
  open();
  count += 1;
  name = `daily${count}`;
  await create(name);
  most = 0;
});

async function create(table: string, options: Record<string, string> = {}): Promise<void> {
  await world.create(
    table,
    "SELECT to_char(at, 'YYYY-MM-DD') AS ds, sum(100 / amount) AS n FROM orders " +
      "WHERE amount > 0 GROUP BY 1",
    { partitionKeys: ["ds"], options, freshness: interval("1", "DAY") },
  );
}

const runs = (n: number) => until(() => running === n);

test("at most `parallelism` instances are open, in the order asked for", async () => {
  closeGate();
  const options = { parallelism: "3", order: "descending" };
  const id = await world.backfill(name, "2026-01-02", "2026-01-10", options);
  await runs(3);
  expect(await world.figures(id)).toBe("RUNNING 8 5 3 0 0 0");
  const started = await world.db.query<{ day: string }>(sql`
    SELECT (interval_start AT TIME ZONE 'UTC')::date::text AS day FROM sluice.workflow_instances
    WHERE backfill_id = ${id} ORDER BY 1`);
  expect(started.map(({ day }) => day)).toEqual(["2026-01-07", "2026-01-08", "2026-01-09"]);
  open();
  expect(await world.ended(id)).toBe("SUCCESSFUL 8 0 0 8 0 0");
  expect(most).toBe(3);
  const priorities = await world.db.query(sql`
    SELECT DISTINCT k.priority FROM sluice_private.task_history k
    JOIN sluice_private.instance_history h USING (instance_id) WHERE h.backfill_id = ${id}`);
  expect(priorities).toEqual([{ priority: 5 }]);
});

test("paused, what runs ends and nothing new begins; resumed, it goes on", async () => {
  closeGate();
  const id = await world.backfill(name, "2026-01-02", "2026-01-06");
  await runs(1);
  await world.backfills.pause(id);
  await world.backfills.pause(id);
  expect(await world.figures(id)).toBe("PAUSED 4 3 1 0 0 0");
  open();
  await until(async () => (await world.figures(id)) === "PAUSED 4 3 0 1 0 0");
  closeGate();
  await world.backfills.resume(id);
  await runs(1);
  open();
  expect(await world.ended(id)).toBe("SUCCESSFUL 4 0 0 4 0 0");
  for (const change of [world.backfills.pause, world.backfills.resume, world.backfills.cancel]) {
    await expect(change(id)).rejects.toMatchObject({ code: "BF-ENDED" });
  }
  await expect(world.backfills.pause("nobody")).rejects.toMatchObject({ code: "BF-NOTFOUND" });
});

test("canceled, what runs is canceled and the rest is skipped, none is forgotten", async () => {
  closeGate();
  const id = await world.backfill(name, "2026-01-02", "2026-01-06", { parallelism: "2" });
  await runs(2);
  await world.backfills.cancel(id);
  expect(await world.ended(id)).toBe("CANCELED 4 0 0 0 0 4");
  expect(await world.intervals(id)).toEqual([
    "0 ds=2026-01-02 CANCELED",
    "1 ds=2026-01-03 CANCELED",
    "2 ds=2026-01-04 SKIPPED canceled",
    "3 ds=2026-01-05 SKIPPED canceled",
  ]);
  await expect(world.backfills.retryFailed(id)).rejects.toMatchObject({ code: "BF-NOT-FAILED" });
});

test("an interval that fails is tried again as its table wants", async () => {
  await create("unlucky", { retries: "2", "retry.delay": "0 s" });
  failures = 2;
  const id = await world.backfill("unlucky", "2026-01-02", "2026-01-04");
  expect(await world.ended(id)).toBe("SUCCESSFUL 2 0 0 2 0 0");
  const attempts = await world.db.query(sql`
    SELECT k.attempts::int FROM sluice.task_instances k
    JOIN sluice.workflow_instances i USING (instance_id)
    WHERE i.backfill_id = ${id} ORDER BY i.interval_start`);
  expect(attempts).toEqual([{ attempts: 3 }, { attempts: 1 }]);
  failures = 3;
  const failed = await world.backfill("unlucky", "2026-01-02", "2026-01-04");
  expect(await world.ended(failed)).toBe("FAILED 2 0 0 1 1 0");
});

test("one failing interval fails alone; retried, it is made again alone", async () => {
  await create("retrying");
  await world.db.query("INSERT INTO orders VALUES ('2026-01-03 23:00Z', 0)");
  await world.tables.alterQuery({
    identifier: world.id("retrying"),
    context: { searchPath: ["public"], timeZone: "UTC" },
    options: {},
    query: "SELECT to_char(at, 'YYYY-MM-DD') AS ds, sum(100 / amount) AS n FROM orders GROUP BY 1",
  });
  const id = await world.backfill("retrying", "2026-01-02", "2026-01-06", { parallelism: "2" });
  expect(await world.ended(id)).toBe("FAILED 4 0 0 3 1 0");
  const failed = "1 ds=2026-01-03 FAILED MT-REFRESH-FAILED";
  expect(await world.intervals(id)).toEqual([
    "0 ds=2026-01-02 SUCCESSFUL",
    failed,
    "2 ds=2026-01-04 SUCCESSFUL",
    "3 ds=2026-01-05 SUCCESSFUL",
  ]);
  await world.db.query("UPDATE orders SET amount = 1 WHERE amount = 0 AND at > '2026-01-03'");
  await world.backfills.retryFailed(id);
  expect(await world.ended(id)).toBe("SUCCESSFUL 4 0 0 4 0 0");
  const instances = await world.db.query<{ n: number }>(sql`
    SELECT count(*)::int AS n FROM sluice.workflow_instances WHERE backfill_id = ${id}`);
  expect(instances).toEqual([{ n: 5 }]);
  await expect(world.backfills.retryFailed(id)).rejects.toMatchObject({ code: "BF-NOT-FAILED" });
});

test("two backfills of one table need ranges that are apart", async () => {
  closeGate();
  const first = await world.backfill(name, "2026-01-02", "2026-01-06");
  await expect(world.backfill(name, "2026-01-05", "2026-01-08")).rejects.toMatchObject({
    code: "BF-OVERLAP",
  });
  const second = await world.backfill(name, "2026-01-06", "2026-01-08");
  await runs(2);
  open();
  expect(await world.ended(first)).toBe("SUCCESSFUL 4 0 0 4 0 0");
  expect(await world.ended(second)).toBe("SUCCESSFUL 2 0 0 2 0 0");
  const again = await world.backfill(name, "2026-01-05", "2026-01-07");
  expect(await world.ended(again)).toBe("SUCCESSFUL 2 0 0 2 0 0");
});

test("of two that begin at once over one range only one does", async () => {
  closeGate();
  const both = await Promise.allSettled([
    world.backfill(name, "2026-01-02", "2026-01-06"),
    world.backfill(name, "2026-01-04", "2026-01-08"),
  ]);
  expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  open();
  for (const one of both) {
    if (one.status === "fulfilled") {
      expect(await world.ended(one.value)).toBe("SUCCESSFUL 4 0 0 4 0 0");
    }
  }
});

test("a cell that somebody else computes is skipped", async () => {
  closeGate();
  const refresh = world.refresh(name, { ds: "2026-01-03" });
  await runs(1);
  const id = await world.backfill(name, "2026-01-02", "2026-01-05");
  expect((await world.intervals(id))[1]).toBe("1 ds=2026-01-03 SKIPPED in flight");
  open();
  expect((await refresh).status).toBe("SUCCESSFUL");
  expect(await world.ended(id)).toBe("SUCCESSFUL 3 0 0 2 0 1");
});

test("a dropped table takes its backfill with it; a suspended one is backfilled", async () => {
  closeGate();
  const id = await world.backfill(name, "2026-01-02", "2026-01-06");
  await runs(1);
  await world.tables.drop(world.id(name), { ifExists: false, cascade: false });
  expect(await world.ended(id)).toBe("CANCELED 4 0 0 0 0 4");
  // The second may have been on its way when the table went.
  expect((await world.intervals(id)).slice(2)).toEqual([
    "2 ds=2026-01-04 SKIPPED dropped",
    "3 ds=2026-01-05 SKIPPED dropped",
  ]);
  open();
  await create("asleep");
  await world.tables.suspend(world.id("asleep"), {});
  const other = await world.backfill("asleep", "2026-01-02", "2026-01-04");
  expect(await world.ended(other)).toBe("SUCCESSFUL 2 0 0 2 0 0");
});

// covers: S1-65
test("'queue' is the queue of its instances", async () => {
  await world.db.query("INSERT INTO sluice_private.queues VALUES ('night', 1)");
  const id = await world.backfill(name, "2026-01-02", "2026-01-04", { queue: "night" });
  await world.ended(id);
  const queues = await world.db.query(sql`
    SELECT DISTINCT k.queue FROM sluice.task_instances k
    JOIN sluice.workflow_instances i USING (instance_id) WHERE i.backfill_id = ${id}`);
  expect(queues).toEqual([{ queue: "night" }]);
});

test("throttled, it rests nine times as long as it ran", async () => {
  closeGate();
  const id = await world.backfill(name, "2026-01-02", "2026-01-04", { throttle: "on" });
  await runs(1);
  expect(serial).toBe(true);
  await world.db.setClock("2026-01-20T12:00:10Z");
  open();
  await until(async () => (await world.figures(id)) === "RUNNING 2 1 0 1 0 0");
  await world.db.setClock("2026-01-20T12:01:39Z");
  await world.db.query(sql`SELECT pg_notify('sluice', '')`);
  expect(await world.figures(id)).toBe("RUNNING 2 1 0 1 0 0");
  await world.db.setClock("2026-01-20T12:01:41Z");
  expect(await world.ended(id)).toBe("SUCCESSFUL 2 0 0 2 0 0");
  await world.db.setClock("2026-01-20T12:00:00Z");
});

test("ten thousand intervals are planned and written at once, and shown", async () => {
  await world.create(
    "hours",
    "SELECT date_trunc('hour', at) AS h, count(*) AS n FROM orders GROUP BY 1",
    { partitionKeys: ["h"], freshness: interval("1", "HOUR") },
  );
  closeGate();
  const before = process.memoryUsage().heapUsed;
  const begun = systemClock.monotonic();
  const id = await world.backfill("hours", "2024-11-01", "2026-01-01");
  const took = systemClock.monotonic() - begun;
  const grown = process.memoryUsage().heapUsed - before;
  expect(await world.figures(id)).toMatch(/^RUNNING 10224 /);
  // Alone it takes a quarter of a second; the limit leaves room for a loaded machine.
  expect(took).toBeLessThan(4000);
  expect(grown).toBeLessThan(100_000_000);
  await world.backfills.cancel(id);
  open();
  expect(await world.ended(id)).toBe("CANCELED 10224 0 0 0 0 10224");
});
