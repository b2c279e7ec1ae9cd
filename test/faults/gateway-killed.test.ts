// kill -9 of the product, as a process, in the middle of a refresh: readers see the old rows, the
// refresh that was accepted is carried out once after the restart, and every due interval of a
// schedule lies in exactly one instance.

import { afterAll, beforeAll, expect, test } from "vitest";
import { RestSession } from "../../tools/demo/rest-session.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type SpawnedGateway, spawnGateway } from "../support/gateway.ts";
import {
  expectEachIntervalOnce,
  expectNoRunTwice,
  runsOf,
  untilIntervals,
  untilRunning,
  untilRuns,
} from "./record.ts";

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
  await database.query("CREATE TABLE numbers AS SELECT g AS n FROM generate_series(1, 100) AS g");
});
afterAll(async () => {
  for (const gateway of living) await gateway.kill("SIGKILL");
  await database.close();
});

/** Long enough to be met in the middle; the rows say how often it was computed on which input. */
const heavy =
  "SELECT max(n) AS top, (SELECT count(*) FROM generate_series(1, 12000000)) AS work FROM numbers";

test("a refresh that was accepted survives its gateway, and readers never notice", async () => {
  const first = await start();
  const session = await RestSession.open(first.url);
  await session.execute("SET 'table.dml-sync' = 'true'");
  await session.execute(
    `CREATE MATERIALIZED TABLE heavy FRESHNESS = INTERVAL '1' DAY REFRESH_MODE = FULL AS ${heavy}`,
  );
  await session.execute("RESET 'table.dml-sync'");
  await database.query("INSERT INTO numbers VALUES (101)");
  await session.execute("ALTER MATERIALIZED TABLE heavy REFRESH");
  await untilRunning(database, "heavy");
  await first.kill("SIGKILL");

  expect(await database.query("SELECT top::int FROM heavy")).toEqual([{ top: 100 }]);
  expect(await runsOf(database, "heavy")).toEqual(["INITIAL SUCCESSFUL"]);

  const second = await start();
  expect(await untilRuns(database, "heavy", 2)).toEqual([
    "INITIAL SUCCESSFUL",
    "MANUAL SUCCESSFUL",
  ]);
  expect(await database.query("SELECT top::int FROM heavy")).toEqual([{ top: 101 }]);
  await expectNoRunTwice(database);

  // The session was opened on a gateway that is no more.
  const again = await RestSession.open(second.url);
  const shown = await again.select("SHOW REFRESHES FROM heavy");
  expect(shown.map((row) => `${String(row["trigger"])} ${String(row["status"])}`)).toEqual([
    "MANUAL SUCCESSFUL",
    "INITIAL SUCCESSFUL",
  ]);
}, 90_000);

test("every due interval stands in one instance, over a kill and a pause", async () => {
  const first = living.at(-1) ?? (await start());
  const session = await RestSession.open(first.url);
  await session.execute(
    "CREATE MATERIALIZED TABLE ticking FRESHNESS = INTERVAL '1' SECOND REFRESH_MODE = FULL AS SELECT count(*) AS n FROM numbers",
  );
  await untilIntervals(database, "ticking", 3);
  await first.kill("SIGKILL");
  const before = await expectEachIntervalOnce(database, "ticking");
  // Slots pass while nobody is there: they must not be lost, nor be replayed one by one.
  const [moment] = await database.query<{ at: string }>("SELECT clock_timestamp()::text AS at");
  await database.query("SELECT pg_sleep(3)");
  await start();
  await untilIntervals(database, "ticking", before + 4);
  await expectEachIntervalOnce(database, "ticking");
  await expectNoRunTwice(database);
  const missed = await database.query<{ detail: string }>(`
    SELECT h.detail FROM sluice_private.instance_history h
    JOIN sluice_private.materialized_tables t USING (workflow_id)
    WHERE t.name = 'ticking' AND h.status = 'SKIPPED' AND h.interval_end > '${moment?.at ?? ""}'`);
  expect(missed.map((row) => row.detail)).toEqual(["MISSED"]);
}, 90_000);
