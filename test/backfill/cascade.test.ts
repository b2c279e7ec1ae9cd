// Cascades: the tables below are computed after those they read, each once, and only what the
// period means to them.

import { afterAll, beforeAll, expect, test } from "vitest";
import { sql } from "../../src/common/sql.ts";
import { type BackfillWorld, openBackfillWorld } from "./world.ts";

let world: BackfillWorld;
/** Tables in the order in which their refreshes began. */
const begun: string[] = [];

beforeAll(async () => {
  world = await openBackfillWorld("2026-03-10T12:00:00Z", (engine) => ({
    reap: (pid, startedAt) => engine.reap(pid, startedAt),
    render: (target, step) => engine.render(target, step),
    refresh(job) {
      begun.push(job.target.name);
      return engine.refresh(job);
    },
  }));
  await world.db.query(`
    CREATE TABLE orders AS
    SELECT timestamptz '2026-01-01 00:30:00Z' + g * interval '6 hours' AS at, g % 3 AS shop
    FROM generate_series(0, 240) AS g`);
  const cells = (key: string) => ({ partitionKeys: [key] });
  await world.create(
    "daily",
    "SELECT at::date AS day, count(*) AS n FROM orders GROUP BY 1",
    cells("day"),
  );
  await world.create("copy", "SELECT day, n FROM daily", cells("day"));
  await world.create(
    "monthly",
    "SELECT date_trunc('month', day)::date AS month, sum(n) AS n FROM daily GROUP BY 1",
    cells("month"),
  );
  await world.create(
    "total",
    "SELECT sum(c.n) AS n FROM copy c CROSS JOIN (SELECT count(*) FROM monthly) m",
  );
});
afterAll(() => world.close());

/** Backfills of the cascade with their tables: `table status parent?`. */
async function family(root: string): Promise<string[]> {
  const rows = await world.db.query<{ line: string }>(sql`
    SELECT concat_ws(' ', table_name, status, total, successful, skipped,
      parent_id IS NOT NULL) AS line
    FROM sluice.backfills WHERE ${root} IN (backfill_id, parent_id) ORDER BY table_name`);
  return rows.map((row) => row.line);
}

async function familyEnded(root: string): Promise<string[]> {
  const rows = await world.db.query<{ id: string }>(sql`
    SELECT backfill_id AS id FROM sluice.backfills WHERE ${root} IN (backfill_id, parent_id)`);
  for (const { id } of rows) await world.ended(id);
  return family(root);
}

test("one backfill for each table below, in topological order", async () => {
  const before = begun.length;
  const id = await world.backfill("daily", "2026-01-30", "2026-02-02", { cascade: "true" });
  expect(await familyEnded(id)).toEqual([
    "copy SUCCESSFUL 3 3 0 t",
    "daily SUCCESSFUL 3 3 0 f",
    "monthly SUCCESSFUL 2 2 0 t",
    "total SUCCESSFUL 1 1 0 t",
  ]);
  const names = begun.slice(before);
  expect(names.lastIndexOf("daily")).toBeLessThan(names.indexOf("copy"));
  expect(names.lastIndexOf("daily")).toBeLessThan(names.indexOf("monthly"));
  expect(names.indexOf("total")).toBe(names.length - 1);
  const partitions = await world.db.query<{ p: string }>(sql`
    SELECT i.partition AS p FROM sluice.backfill_intervals i
    JOIN sluice.backfills b USING (backfill_id)
    WHERE b.parent_id = ${id} AND b.table_name = 'monthly' ORDER BY ordinal`);
  expect(partitions.map(({ p }) => p)).toEqual(["month=2026-01-01", "month=2026-02-01"]);
});

//
test("REFRESH … CASCADE refreshes the partition, then what reads it", async () => {
  await world.db.query("INSERT INTO orders VALUES ('2026-02-20 12:00Z', 1)");
  const { instanceId, backfillId } = await world.backfills.refreshCascade({
    identifier: world.id("daily"),
    partition: { day: "2026-02-20" },
    cascade: true,
    options: {},
  });
  expect((await world.end(instanceId)).status).toBe("SUCCESSFUL");
  expect(await familyEnded(backfillId)).toEqual([
    "copy SUCCESSFUL 1 1 0 t",
    "daily SUCCESSFUL 1 1 0 f",
    "monthly SUCCESSFUL 1 1 0 t",
    "total SUCCESSFUL 1 1 0 t",
  ]);
  expect(await world.rows("copy")).toContain("(2026-02-20,5)");
  expect(await world.rows("total")).toEqual(["(242)"]);
  const [run] = await world.db.query(sql`
    SELECT trigger FROM sluice.workflow_instances WHERE instance_id = ${instanceId}`);
  expect(run).toEqual({ trigger: "MANUAL" });
});

test("what waited for a failed backfill is given up, and comes back with it", async () => {
  const { backfills, db } = world;
  await db.query("UPDATE orders SET shop = 0 WHERE at::date = '2026-02-21'");
  await world.create(
    "fragile",
    "SELECT at::date AS day, sum(1 / (shop + 1)) AS n FROM orders GROUP BY 1",
    {
      partitionKeys: ["day"],
    },
  );
  await world.create("reader", "SELECT day, n FROM fragile", { partitionKeys: ["day"] });
  await db.query("UPDATE orders SET shop = -1 WHERE at::date = '2026-02-21'");
  const id = await world.backfill("fragile", "2026-02-20", "2026-02-23", { cascade: "true" });
  expect(await familyEnded(id)).toEqual(["fragile FAILED 3 2 0 f", "reader FAILED 3 0 3 t"]);
  const reasons = await db.query(sql`
    SELECT DISTINCT i.reason, b.reason AS why FROM sluice.backfill_intervals i
    JOIN sluice.backfills b USING (backfill_id) WHERE b.parent_id = ${id}`);
  expect(reasons).toEqual([{ reason: "UPSTREAM_FAILED", why: "UPSTREAM_FAILED" }]);
  const [child] = await db.query<{ id: string }>(sql`
    SELECT backfill_id AS id FROM sluice.backfills WHERE parent_id = ${id}`);
  await expect(backfills.retryFailed(child?.id ?? "")).rejects.toMatchObject({
    code: "BF-NOT-FAILED",
  });
  await db.query("UPDATE orders SET shop = 1 WHERE at::date = '2026-02-21'");
  await backfills.retryFailed(id);
  expect(await familyEnded(id)).toEqual([
    "fragile SUCCESSFUL 3 3 0 f",
    "reader SUCCESSFUL 3 3 0 t",
  ]);
});

test("canceled, the whole cascade is", async () => {
  await world.tables.suspend(world.id("daily"), {});
  await world.db.query("UPDATE sluice_private.queues SET concurrency = 1 WHERE queue = 'tables'");
  const id = await world.backfill("daily", "2026-01-02", "2026-02-20", { cascade: "true" });
  await world.backfills.cancel(id);
  const lines = await familyEnded(id);
  expect(lines.map((line) => line.split(" ").slice(0, 2).join(" "))).toEqual([
    "copy CANCELED",
    "daily CANCELED",
    "monthly CANCELED",
    "total CANCELED",
  ]);
});
