// What the schedule does to a table, on the database's virtual clock: slots, look-back, gaps and
// their repair, SUSPEND, strict, frozen partitions.

import { afterAll, beforeAll, expect, test } from "vitest";
import { GatewayError } from "../../src/common/gateway-error.ts";
import { until } from "../support/until.ts";
import { interval, openWorld, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld({ clock: "2024-01-04T12:00:00Z" });
  await world.db.query(`
    CREATE TABLE orders (id int PRIMARY KEY, ts timestamptz NOT NULL);
    INSERT INTO orders
    SELECT g, timestamptz '2024-01-01 01:00Z' + g * interval '1 day'
    FROM generate_series(0, 60) g`);
});
afterAll(() => world.close());

const daily = `SELECT to_char(ts, 'YYYY-MM-DD') AS ds, count(*) AS n FROM orders
  WHERE ts < sluice_private.clock() GROUP BY 1`;
const byDay = {
  partitionKeys: ["ds"],
  options: { "partition.fields.ds.date-formatter": "yyyy-MM-dd" },
};

/** Moves the clock and lets the scheduler look. */
async function advance(to: string): Promise<void> {
  await world.db.setClock(to);
  world.scheduler.wake();
}

async function runsOf(name: string, enough: (runs: string[]) => boolean): Promise<string[]> {
  return until(async () => {
    const runs = await world.runs(name);
    return enough(runs) ? runs : null;
  });
}

test("a slot refreshes its cell and one before; gaps are repaired eight at a time", async () => {
  await world.create("slots", daily, byDay);
  const days = (from: number, to: number) =>
    Array.from(
      { length: to - from + 1 },
      (_, k) => `ds=2024-01-${String(from + k).padStart(2, "0")}`,
    );
  expect(await world.ledger("slots")).toEqual(days(1, 4).map((day) => `${day} FRESH 1`));

  await advance("2024-01-05T00:00:01Z");
  expect(await runsOf("slots", (runs) => runs.length === 2)).toEqual([
    "INITIAL SUCCESSFUL",
    "SCHEDULE SUCCESSFUL ds=2024-01-03,ds=2024-01-04",
  ]);

  // Fifteen days later one slot is run, and the cells of the others are found to be missing.
  await advance("2024-01-20T00:00:01Z");
  const runs = await runsOf("slots", (all) => all.length === 5);
  expect(runs[2]).toBe("SCHEDULE SUCCESSFUL ds=2024-01-18,ds=2024-01-19");
  expect(runs.slice(3)).toEqual([
    `REPAIR SUCCESSFUL ${days(10, 17).reverse().join(",")}`,
    `REPAIR SUCCESSFUL ${days(5, 9).reverse().join(",")}`,
  ]);
  expect(await world.ledger("slots")).toEqual(days(1, 19).map((day) => `${day} FRESH 1`));
  await until(async () => {
    const marks = await world.db.query("SELECT FROM sluice_private.cell_marks");
    return marks.length === 0;
  });
});

test("a new query makes every cell stale; the next slot's repairs bring them up", async () => {
  await world.tables.alterQuery({
    identifier: world.id("slots"),
    context: { searchPath: ["public"], timeZone: "UTC" },
    options: {},
    query: daily.replace("count(*)", "count(*) * 10"),
  });
  const stale = await world.db.query<{ state: string; reason: string; n: number }>(
    "SELECT state, reason, count(*) AS n FROM sluice.partitions WHERE name = 'slots' GROUP BY 1, 2",
  );
  expect(stale).toEqual([{ state: "STALE", reason: "QUERY_CHANGED", n: 19 }]);
  await advance("2024-01-21T00:00:01Z");
  await until(async () => {
    const rows = await world.rows("slots");
    return rows.length === 20 && rows.every((row) => row.endsWith(",10)"));
  });
  const after = await until(async () => {
    const ledger = await world.ledger("slots");
    return ledger.every((line) => line.includes(" FRESH ")) ? ledger : null;
  });
  expect(after).toHaveLength(20);
});

// covers: G-05
test("a suspended table is refreshed by hand only; nothing of it counts as missed", async () => {
  await world.create("asleep", "SELECT count(*) AS n FROM orders");
  await world.tables.suspend(world.id("asleep"), {});
  await advance("2024-01-23T10:00:00Z");
  expect((await world.refresh("asleep")).status).toBe("SUCCESSFUL");
  await world.tables.resume(world.id("asleep"), {});
  await advance("2024-01-24T00:00:01Z");
  expect(await runsOf("asleep", (runs) => runs.length === 3)).toEqual([
    "INITIAL SUCCESSFUL",
    "MANUAL SUCCESSFUL",
    "SCHEDULE SUCCESSFUL",
  ]);
});

// covers: G-16, G-36
test("SET FRESHNESS counts from its commit on", async () => {
  await world.create("quicker", "SELECT count(*) AS n FROM orders");
  await world.tables.setFreshness(world.id("quicker"), interval("1", "HOUR"));
  await advance("2024-01-24T01:00:01Z");
  expect((await runsOf("quicker", (runs) => runs.length === 2))[1]).toBe("SCHEDULE SUCCESSFUL");
  const rows = await world.db.query(
    `SELECT w.schedule, w.version, m.freshness::text FROM sluice.workflows w
     JOIN sluice.materialized_tables m ON m.name = w.table_name WHERE w.table_name = 'quicker'`,
  );
  expect(rows).toEqual([
    { schedule: "EVERY INTERVAL '1' HOUR", version: 2, freshness: "01:00:00" },
  ]);
});

test("frozen partitions are left alone, and refused unless forced", async () => {
  await world.create("icy", daily, {
    ...byDay,
    options: { ...byDay.options, "freeze.after": "5 d", "refresh.lookback": "20" },
  });
  const frozen = (await world.ledger("icy")).filter((line) => line.includes("FROZEN"));
  expect(frozen.at(0)).toBe("ds=2024-01-01 FROZEN 1");
  expect(frozen.at(-1)).toBe("ds=2024-01-18 FROZEN 1");
  await advance("2024-01-25T00:00:01Z");
  expect((await runsOf("icy", (runs) => runs.length === 2))[1]).toBe(
    "SCHEDULE SUCCESSFUL ds=2024-01-20,ds=2024-01-21,ds=2024-01-22,ds=2024-01-23,ds=2024-01-24",
  );
  const refused = world.refresh("icy", { ds: "2024-01-02" });
  await expect(refused).rejects.toThrow(GatewayError);
  await expect(world.refresh("icy")).rejects.toMatchObject({ code: "MT-SPEC-FROZEN" });
  const forced = await world.refresh("icy", { ds: "2024-01-02" }, { force: "true" });
  expect(forced.status).toBe("SUCCESSFUL");
});

test("bad data in one partition: the others of the slot are computed all the same", async () => {
  await world.create(
    "ratio",
    `SELECT to_char(ts, 'YYYY-MM-DD') AS ds, 1 / (id - 1000) AS r FROM orders
     WHERE ts < sluice_private.clock()`,
    byDay,
  );
  await world.db.query("INSERT INTO orders VALUES (1000, '2024-01-24 10:00Z')");
  await advance("2024-01-26T00:00:01Z");
  const runs = await runsOf("ratio", (all) => all.length === 4);
  expect(runs[1]).toBe("SCHEDULE FAILED ds=2024-01-24,ds=2024-01-25 MT-REFRESH-FAILED");
  expect(runs.slice(2).toSorted()).toEqual([
    "REPAIR FAILED ds=2024-01-24 MT-REFRESH-FAILED",
    "REPAIR SUCCESSFUL ds=2024-01-25",
  ]);
  const ledger = await world.ledger("ratio");
  expect(ledger.slice(-2)).toEqual(["ds=2024-01-24 FAILED 1", "ds=2024-01-25 FRESH 1"]);
  await world.db.query("DELETE FROM orders WHERE id = 1000");
});

test("a slot that finds the stored table gone fails and suspends the table", async () => {
  await world.create("vanished", "SELECT count(*) AS n FROM orders");
  await world.db.query("DROP TABLE vanished");
  await advance("2024-01-27T00:00:01Z");
  expect((await runsOf("vanished", (runs) => runs.length === 2))[1]).toBe(
    "SCHEDULE FAILED MT-STORAGE-MISSING",
  );
  const rows = await world.db.query(
    "SELECT status, healthy, bytes FROM sluice.materialized_tables WHERE name = 'vanished'",
  );
  expect(rows).toEqual([{ status: "SUSPENDED", healthy: false, bytes: null }]);
  await world.tables.drop(world.id("vanished"), { ifExists: false, cascade: false });
});

test("strict: no first load, no look-back, Flink's single partition", async () => {
  const created = await world.tables.create(
    world.request("flink", daily, {
      ...byDay,
      options: { ...byDay.options, "flink-strict": "true" },
    }),
  );
  expect(created.instanceId).toBeNull();
  await advance("2024-01-28T00:00:01Z");
  expect(await runsOf("flink", (runs) => runs.length === 1)).toEqual([
    "SCHEDULE SUCCESSFUL ds=2024-01-27",
  ]);
});

test("the partitions of a scheduled time, asked for over Flink's endpoint", async () => {
  const { instanceId } = await world.tables.refreshAt({
    identifier: world.id("slots"),
    scheduleTime: "2024-01-03 00:00:00",
    timeZone: "UTC",
  });
  expect((await world.end(instanceId)).status).toBe("SUCCESSFUL");
  expect(await world.runs("slots")).toContain("MANUAL SUCCESSFUL ds=2024-01-02");
  const missing = world.tables.refreshAt({
    identifier: world.id("slots"),
    scheduleTime: null,
    timeZone: "UTC",
  });
  await expect(missing).rejects.toMatchObject({ code: "MT-TIME-NULL" });
});

test("nothing failed without a row", () => {
  expect(world.errors).toEqual([]);
});
