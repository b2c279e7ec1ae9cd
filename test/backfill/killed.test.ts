// Two gateways on one database, one after the other cut off from it in the middle of a backfill:
// every interval is computed once, never more at a time than asked for, and the figures agree.

import { afterAll, beforeAll, expect, test } from "vitest";
import { RestSession } from "../../tools/demo/rest-session.ts";
import { expectNoRunTwice } from "../faults/record.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type TestGateway, testGateway } from "../support/gateway.ts";
import { until } from "../support/until.ts";

let database: TestDatabase;
const living: TestGateway[] = [];

async function start(): Promise<TestGateway> {
  const options = { "scheduler.lease": "2 s" };
  const gateway = await testGateway({ database, options });
  living.push(gateway);
  return gateway;
}

beforeAll(async () => {
  database = await testDatabase({ max: 12 });
  await database.query(`
    CREATE TABLE orders AS
    SELECT timestamptz '2026-01-01 00:30:00Z' + g * interval '6 hours' AS at
    FROM generate_series(0, 399) AS g`);
});
afterAll(async () => {
  for (const gateway of living) await gateway.close();
  await database.close();
});

const days = 60;
const parallelism = 3;

test("whoever dies, each interval is computed once", async () => {
  const first = await start();
  const session = await RestSession.open(first.url, { "table.dml-sync": "true" });
  await session.execute(`
    CREATE MATERIALIZED TABLE daily PARTITIONED BY (ds) FRESHNESS = INTERVAL '1' DAY
    REFRESH_MODE = FULL
    AS SELECT to_char(at, 'YYYY-MM-DD') AS ds, count(*) AS n FROM orders GROUP BY 1`);
  await session.execute("SET 'table.dml-sync' = 'false'");
  await start();
  const { rows } = await session.execute(`
    ALTER MATERIALIZED TABLE daily BACKFILL FROM '2026-01-02' TO '2026-03-03'
    WITH ('parallelism' = '${parallelism}')`);
  const id = String(rows[0]?.[0]);
  for (const share of [0.15, 0.4, 0.7]) {
    await until(async () => (await look(id)).done >= days * share);
    const victim = living.shift();
    await victim?.crash();
    await start();
    await victim?.close();
  }
  await until(async () => (await look(id)).ended, 60_000);
  const [figures] = await database.query(`
    SELECT status, total::int, successful::int FROM sluice.backfills WHERE backfill_id = '${id}'`);
  expect(figures).toEqual({ status: "SUCCESSFUL", total: days, successful: days });
  const once = await database.query(`
    SELECT count(*)::int AS instances, count(DISTINCT ordinal)::int AS intervals
    FROM sluice_private.instance_history WHERE backfill_id = '${id}'`);
  expect(once).toEqual([{ instances: days, intervals: days }]);
  await expectNoRunTwice(database);
  const left = await database.query(
    "SELECT FROM sluice_private.instances WHERE trigger = 'BACKFILL'",
  );
  expect(left).toEqual([]);
}, 120_000);

/** One look at it; fails if more than `parallelism` are open, or the figures do not agree. */
async function look(id: string): Promise<{ done: number; ended: boolean }> {
  const [row] = await database.query<{ done: number; ended: boolean; open: number; sum: number }>(`
    SELECT successful::int AS done, finished_at IS NOT NULL AS ended,
      (pending + running + successful + failed + skipped)::int AS sum,
      (SELECT count(*)::int FROM sluice_private.instances WHERE backfill_id = '${id}') AS open
    FROM sluice.backfills WHERE backfill_id = '${id}'`);
  expect(row?.open).toBeLessThanOrEqual(parallelism);
  expect(row?.sum).toBe(days);
  return { done: row?.done ?? 0, ended: row?.ended ?? false };
}
