// Backfills of tables: which intervals, in which order, and what becomes of each.

import { afterAll, beforeAll, expect, test } from "vitest";
import { interval } from "../refresh/world.ts";
import { type BackfillWorld, openBackfillWorld } from "./world.ts";

let world: BackfillWorld;

beforeAll(async () => {
  world = await openBackfillWorld("2026-01-06T12:00:00Z");
  await world.db.query(`
    CREATE TABLE orders AS
    SELECT timestamptz '2026-01-01 00:30:00Z' + g * interval '6 hours' AS at,
      g % 3 AS shop, g AS amount
    FROM generate_series(0, 21) AS g`);
  await world.create(
    "daily",
    "SELECT to_char(at, 'YYYY-MM-DD') AS ds, sum(amount) AS total FROM orders GROUP BY 1",
    { partitionKeys: ["ds"], options: { "partition.fields.ds.date-formatter": "yyyy-MM-dd" } },
  );
});
afterAll(() => world.close());

test("each day of the range is computed again, and nothing else", async () => {
  await world.db.query("UPDATE orders SET amount = amount + 100");
  const id = await world.backfill("daily", "2026-01-02", "2026-01-04");
  expect(await world.ended(id)).toBe("SUCCESSFUL 2 0 0 2 0 0");
  expect(await world.intervals(id)).toEqual([
    "0 ds=2026-01-02 SUCCESSFUL",
    "1 ds=2026-01-03 SUCCESSFUL",
  ]);
  expect(await world.rows("daily")).toEqual([
    "(2026-01-01,6)",
    "(2026-01-02,422)",
    "(2026-01-03,438)",
    "(2026-01-04,54)",
    "(2026-01-05,70)",
    "(2026-01-06,41)",
  ]);
  expect((await world.runs("daily")).slice(-2)).toEqual([
    "BACKFILL SUCCESSFUL ds=2026-01-02",
    "BACKFILL SUCCESSFUL ds=2026-01-03",
  ]);
});

test("only intervals that begin in the range and have ended are in the plan", async () => {
  expect(await world.plan("daily", "2026-01-04 01:00:00", "2026-01-20")).toEqual([
    "2026-01-05T00:00 2026-01-06T00:00 ds=2026-01-05",
  ]);
  expect(await world.plan("daily", "2025-12-31", "2026-01-02", { order: "descending" })).toEqual([
    "2026-01-01T00:00 2026-01-02T00:00 ds=2026-01-01",
    "2025-12-31T00:00 2026-01-01T00:00 ds=2025-12-31",
  ]);
});

test("ranges that cannot be, and options that do not exist, are refused", async () => {
  const refused = (from: string, to: string, options?: Record<string, string>) =>
    world.backfill("daily", from, to, options).then(
      () => null,
      (error: unknown) => error,
    );
  expect(await refused("2026-01-03", "2026-01-03")).toMatchObject({ code: "BF-RANGE" });
  expect(await refused("2026-01-04", "2026-01-03")).toMatchObject({ code: "BF-RANGE" });
  expect(await refused("2026-02-01", "2026-02-03")).toMatchObject({ code: "BF-FUTURE" });
  expect(await refused("2026-01-06", "2026-01-07")).toMatchObject({ code: "BF-EMPTY" });
  expect(await refused("yesterday", "2026-01-03")).toMatchObject({ code: "BF-VALUE" });
  expect(await refused("2026-01-01", "2026-01-03", { paralelism: "2" })).toMatchObject({
    code: "BF-OPTION-UNKNOWN",
    hint: "Did you mean 'parallelism'?",
  });
  expect(await refused("2026-01-01", "2026-01-03", { parallelism: "0" })).toMatchObject({
    code: "BF-OPTION-VALUE",
  });
  expect(await refused("2026-01-01", "2026-01-03", { queue: "nowhere" })).toMatchObject({
    code: "WF-QUEUE-UNKNOWN",
  });
  expect(await world.db.query("SELECT FROM sluice.backfills WHERE status <> 'SUCCESSFUL'")).toEqual(
    [],
  );
});

test("reprocess looks at the ledger", async () => {
  // 2025-12-30 is missing; 01-01 failed; 01-02 stale; the others are fresh.
  await world.db.query(`
    UPDATE sluice_private.cells SET state = CASE partition WHEN 'ds=2026-01-01' THEN 'FAILED'
      WHEN 'ds=2026-01-02' THEN 'STALE' ELSE 'FRESH' END`);
  const reasons = async (reprocess: string) =>
    (await world.plan("daily", "2025-12-30", "2026-01-04", { reprocess })).map((line) =>
      line.replace(/^\S+ \S+ ds=/, ""),
    );
  expect(await reasons("missing")).toEqual([
    "2025-12-30",
    "2025-12-31",
    "2026-01-01 already fresh",
    "2026-01-02 already fresh",
    "2026-01-03 already fresh",
  ]);
  expect(await reasons("failed")).toEqual([
    "2025-12-30",
    "2025-12-31",
    "2026-01-01",
    "2026-01-02 already fresh",
    "2026-01-03 already fresh",
  ]);
  expect(await reasons("stale")).toEqual([
    "2025-12-30",
    "2025-12-31",
    "2026-01-01",
    "2026-01-02",
    "2026-01-03 already fresh",
  ]);
  const id = await world.backfill("daily", "2026-01-01", "2026-01-05", { reprocess: "stale" });
  expect(await world.ended(id)).toBe("SUCCESSFUL 4 0 0 2 0 2");
  expect(await world.intervals(id)).toEqual([
    "0 ds=2026-01-01 SUCCESSFUL",
    "1 ds=2026-01-02 SUCCESSFUL",
    "2 ds=2026-01-03 SKIPPED already fresh",
    "3 ds=2026-01-04 SKIPPED already fresh",
  ]);
  const none = await world.backfill("daily", "2026-01-01", "2026-01-05", { reprocess: "stale" });
  expect(await world.ended(none)).toBe("SUCCESSFUL 4 0 0 0 0 4");
});

test("frozen partitions are left alone unless forced", async () => {
  await world.create(
    "frozen",
    "SELECT to_char(at, 'YYYY-MM-DD') AS ds, count(*) AS n FROM orders GROUP BY 1",
    { partitionKeys: ["ds"], options: { "freeze.after": "3 d" } },
  );
  const id = await world.backfill("frozen", "2026-01-01", "2026-01-04");
  expect(await world.ended(id)).toBe("SUCCESSFUL 3 0 0 1 0 2");
  expect(await world.intervals(id)).toEqual([
    "0 ds=2026-01-01 SKIPPED frozen",
    "1 ds=2026-01-02 SKIPPED frozen",
    "2 ds=2026-01-03 SUCCESSFUL",
  ]);
  await world.db.query("INSERT INTO orders VALUES ('2026-01-01 12:00Z', 1, 0)");
  const forced = await world.backfill("frozen", "2026-01-01", "2026-01-02", { force: "true" });
  expect(await world.ended(forced)).toBe("SUCCESSFUL 1 0 0 1 0 0");
  expect(await world.rows("frozen")).toContain("(2026-01-01,5)");
});

test("a key that is not time: its values in the range, as the query yields them", async () => {
  await world.create("by_shop", "SELECT shop, count(*) AS n FROM orders GROUP BY 1", {
    partitionKeys: ["shop"],
  });
  expect(await world.plan("by_shop", "1", "10")).toEqual(["- - shop=1", "- - shop=2"]);
  await world.db.query(
    "INSERT INTO orders VALUES ('2026-01-02 12:00Z', 0, 0), ('2026-01-02 12:00Z', 7, 0)",
  );
  const id = await world.backfill("by_shop", "1", "10");
  expect(await world.ended(id)).toBe("SUCCESSFUL 3 0 0 3 0 0");
  expect(await world.intervals(id)).toEqual([
    "0 shop=1 SUCCESSFUL",
    "1 shop=2 SUCCESSFUL",
    "2 shop=7 SUCCESSFUL",
  ]);
  expect((await world.rows("by_shop")).length).toBe(4);
  await expect(world.backfill("by_shop", "5", "1")).rejects.toMatchObject({ code: "BF-RANGE" });
  await expect(world.backfill("by_shop", "one", "9")).rejects.toMatchObject({
    code: "MT-SPEC-VALUE",
  });
});

test("several keys, one of them time: the cells of a day are all its rows", async () => {
  await world.create(
    "by_day_and_shop",
    "SELECT at::date AS day, shop, count(*) AS n FROM orders GROUP BY 1, 2",
    { partitionKeys: ["day", "shop"] },
  );
  await world.db.query("INSERT INTO orders VALUES ('2026-01-05 12:00Z', 9, 0)");
  const id = await world.backfill("by_day_and_shop", "2026-01-05", "2026-01-06");
  expect(await world.ended(id)).toBe("SUCCESSFUL 1 0 0 1 0 0");
  expect(await world.intervals(id)).toEqual(["0 day=2026-01-05 SUCCESSFUL"]);
  expect(await world.rows("by_day_and_shop")).toContain("(2026-01-05,9,1)");
});

test("a unit holds whole cells and whole intervals", async () => {
  const hourly = { partitionKeys: ["h"], freshness: interval("1", "DAY") };
  await world.create(
    "hours",
    "SELECT date_trunc('hour', at) AS h, count(*) AS n FROM orders GROUP BY 1",
    hourly,
  );
  expect(await world.plan("hours", "2026-01-02", "2026-01-04")).toEqual([
    "2026-01-02T00:00 2026-01-03T00:00 -",
    "2026-01-03T00:00 2026-01-04T00:00 -",
  ]);
  const id = await world.backfill("hours", "2026-01-02", "2026-01-04");
  expect(await world.ended(id)).toBe("SUCCESSFUL 2 0 0 2 0 0");
  const cells = await world.db.query(`
    SELECT count(*)::int AS n FROM sluice.partitions WHERE name = 'hours' AND state = 'FRESH'`);
  // 24 cells a day were computed, four a day have rows on the other days.
  expect(cells).toEqual([{ n: 48 + 4 + 4 + 4 + 2 }]);
});

test("before an explicit begin there is nothing; a table from now on has a past", async () => {
  const query = "SELECT to_char(at, 'YYYY-MM-DD') AS ds, count(*) AS n FROM orders GROUP BY 1";
  const start = (kind: "FROM_TIMESTAMP" | "FROM_NOW") => ({
    partitionKeys: ["ds"],
    startMode: {
      kind,
      interval: null,
      timestamp: kind === "FROM_NOW" ? null : { text: "2026-01-03 00:00:00", local: true },
    },
  });
  await world.create("since", query, start("FROM_TIMESTAMP"));
  expect(await world.plan("since", "2026-01-02", "2026-01-04")).toEqual([
    "2026-01-02T00:00 2026-01-03T00:00 ds=2026-01-02 beyond start",
    "2026-01-03T00:00 2026-01-04T00:00 ds=2026-01-03",
  ]);
  await world.create("from_now", query, start("FROM_NOW"));
  const id = await world.backfill("from_now", "2026-01-02", "2026-01-03");
  expect(await world.ended(id)).toBe("SUCCESSFUL 1 0 0 1 0 0");
  expect(
    (await world.rows("from_now")).filter((row) => row.startsWith("(2026-01-02,")).length,
  ).toBe(1);
});

test("a table without partitions, or whose partitions hang together, is refused", async () => {
  await world.create("whole", "SELECT count(*) AS n FROM orders");
  await expect(world.backfill("whole", "2026-01-01", "2026-01-02")).rejects.toMatchObject({
    code: "BF-NOT-PARTITIONED",
  });
  await world.create(
    "ranked",
    "SELECT to_char(at, 'YYYY-MM-DD') AS ds, row_number() OVER (ORDER BY at) AS n FROM orders",
    { partitionKeys: ["ds"] },
  );
  await expect(world.backfill("ranked", "2026-01-01", "2026-01-02")).rejects.toMatchObject({
    code: "MT-PARTITION-NOT-LOCAL",
  });
});
