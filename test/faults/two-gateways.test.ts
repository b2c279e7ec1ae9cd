// Two gateways on one database, one of them killed in the middle of a refresh: the other takes the
// work over when the lease has run out, the backend of the dead one is ended, and both saw to it
// that no slot ran twice.

import { afterAll, beforeAll, expect, test } from "vitest";
import { RestSession } from "../../tools/demo/rest-session.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type SpawnedGateway, spawnGateway } from "../support/gateway.ts";
import { until } from "../support/until.ts";
import {
  expectEachIntervalOnce,
  expectNoRunTwice,
  untilIntervals,
  untilRunning,
  untilRuns,
} from "./record.ts";

let database: TestDatabase;
let gateways: readonly SpawnedGateway[];

beforeAll(async () => {
  database = await testDatabase();
  const environment = { SLUICE_DATABASE_URL: database.url, SLUICE_SCHEDULER_LEASE: "3 s" };
  gateways = await Promise.all([spawnGateway(environment), spawnGateway(environment)]);
}, 60_000);
afterAll(async () => {
  for (const gateway of gateways) await gateway.kill("SIGKILL");
  await database.close();
});

// covers: G-02
test("the other gateway takes over what the killed one was doing, once", async () => {
  const [one] = gateways;
  const session = await RestSession.open(one?.url ?? "");
  await session.execute(
    "CREATE MATERIALIZED TABLE ticking FRESHNESS = INTERVAL '1' SECOND REFRESH_MODE = FULL AS SELECT 1 AS one",
  );
  await session.execute(`CREATE MATERIALIZED TABLE heavy FRESHNESS = INTERVAL '1' DAY
    REFRESH_MODE = FULL AS SELECT count(*) AS n FROM generate_series(1, 25000000)`);
  const owner = await untilRunning(database, "heavy");
  const victim = gateways.find((gateway) => gateway.pid === owner.pid);
  const survivor = gateways.find((gateway) => gateway.pid !== owner.pid);
  await victim?.kill("SIGKILL");

  const heir = await until(async () => {
    const claim = await untilRunning(database, "heavy");
    return claim.token === owner.token ? null : claim;
  }, 30_000);
  expect(heir.pid).toBe(survivor?.pid);
  const left = await database.query(`SELECT FROM pg_stat_activity WHERE pid = ${owner.backend}`);
  expect(left).toEqual([]);

  expect(await untilRuns(database, "heavy", 1)).toEqual(["INITIAL SUCCESSFUL"]);
  expect(await database.query("SELECT n::int FROM heavy")).toEqual([{ n: 25000000 }]);
  const ended = await untilIntervals(database, "ticking", 8);
  expect(ended).toBeGreaterThanOrEqual(8);
  await expectEachIntervalOnce(database, "ticking");
  await expectNoRunTwice(database);
}, 120_000);

test("a session of the killed gateway is served by the other", async () => {
  const alive = await until(async () => {
    for (const gateway of gateways) {
      const answer = await fetch(`${gateway.url}/healthz`).catch(() => null);
      if (answer?.ok === true) return gateway;
    }
    return null;
  });
  const session = await RestSession.open(alive.url, { "table.dml-sync": "true" });
  const [row] = await session.select("SHOW REFRESHES FROM heavy");
  expect(row?.["status"]).toBe("SUCCESSFUL");
});
