// kill -9 of the gateway while it takes commands: each command that was committed is carried out
// once, none is lost, none is stuck, and its effect is there with its record.

import { afterAll, beforeAll, expect, test } from "vitest";
import { RestSession } from "../../tools/demo/rest-session.ts";
import { sql } from "../../src/common/sql.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type SpawnedGateway, spawnGateway } from "../support/gateway.ts";
import { until } from "../support/until.ts";

let database: TestDatabase;
const living: SpawnedGateway[] = [];

async function start(): Promise<SpawnedGateway> {
  const gateway = await spawnGateway({
    SLUICE_DATABASE_URL: database.url,
    SLUICE_SCHEDULER_LEASE: "3 s",
  });
  living.push(gateway);
  return gateway;
}

beforeAll(async () => {
  database = await testDatabase();
  await database.query("CREATE TABLE days AS SELECT g AS day FROM generate_series(1, 60) AS g");
});
afterAll(async () => {
  for (const gateway of living) await gateway.kill("SIGKILL");
  await database.close();
});

/** Gives a refresh of each day from `first` on, in transactions of their own. */
async function give(first: number, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let day = first; day < first + count; day++) {
    const rows = await database.query<{ id: string }>(
      sql`SELECT sluice.refresh('by_day', ${`day=${day}`}) AS id`,
    );
    ids.push(rows[0]?.id ?? "");
  }
  return ids;
}

test("each command is carried out exactly once, whenever its gateway dies", async () => {
  let gateway = await start();
  const session = await RestSession.open(gateway.url);
  await session.execute("SET 'table.dml-sync' = 'true'");
  await session.execute(
    `CREATE MATERIALIZED TABLE by_day PARTITIONED BY (day) FRESHNESS = INTERVAL '1' DAY
     REFRESH_MODE = FULL AS SELECT day, count(*) AS n FROM days GROUP BY day`,
  );
  const ids: string[] = [];
  for (let round = 0; round < 3; round++) {
    const before = ids.length;
    ids.push(...(await give(1 + round * 20, 20)));
    // Somewhere in the middle of taking them: some are done, others wait.
    await until(async () => {
      const [row] = await database.query<{ done: number }>(
        sql`SELECT count(*) AS done FROM sluice.commands WHERE status = 'SUCCESSFUL'`,
      );
      return (row?.done ?? 0) > before + 2 * round;
    });
    await gateway.kill("SIGKILL");
    gateway = await start();
  }
  await until(async () => {
    const rows = await database.query(sql`
      SELECT FROM sluice.commands c
      LEFT JOIN sluice.workflow_instances i ON i.instance_id = c.command_id
      WHERE c.status <> 'SUCCESSFUL' OR i.finished_at IS NULL`);
    return rows.length === 0;
  }, 60_000);
  const rows = await database.query<{ id: string; instance: string; runs: number }>(sql`
    SELECT c.command_id AS id, c.instance_id AS instance,
      (SELECT count(*) FROM sluice.refresh_runs r
       WHERE r.instance_id = c.instance_id AND r.status = 'SUCCESSFUL') AS runs
    FROM sluice.commands c ORDER BY c.requested_at, c.command_id`);
  expect(rows.map((row) => row.id).sort()).toEqual([...ids].sort());
  expect(rows.filter((row) => row.instance !== row.id || row.runs !== 1)).toEqual([]);
  const [count] = await database.query(
    "SELECT count(*)::int AS n FROM sluice.workflow_instances WHERE trigger = 'COMMAND'",
  );
  expect(count).toEqual({ n: 60 });
}, 180_000);
