// kill -9 of the embedded PostgreSQL in the middle of a refresh: the gateway notices, starts it
// again, keeps its sessions, and carries the refresh out once.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RestSession } from "../../tools/demo/rest-session.ts";
import { type SpawnedGateway, spawnGateway } from "../support/gateway.ts";
import { until } from "../support/until.ts";

const folder = mkdtempSync(join(tmpdir(), "sluice-killed-"));
const dataDirectory = join(folder, "data");
let gateway: SpawnedGateway;

beforeAll(async () => {
  gateway = await spawnGateway({ SLUICE_DATA_DIR: dataDirectory, SLUICE_SCHEDULER_LEASE: "3 s" });
}, 60_000);
afterAll(async () => {
  await gateway.kill("SIGTERM");
  rmSync(folder, { recursive: true, force: true });
});

/** Number of the server's main process, from the file it writes itself. */
function postmaster(): number {
  return Number(
    readFileSync(join(dataDirectory, "postgres/postmaster.pid"), "utf8").split("\n")[0],
  );
}

/** The first value of the first row; null while the database is away. */
async function ask(session: RestSession, statement: string): Promise<unknown> {
  try {
    return (await session.execute(statement)).rows[0]?.[0] ?? null;
  } catch {
    return null; // asked again until it is back
  }
}

test("the server is started again, the session goes on, the refresh is done once", async () => {
  const session = await RestSession.open(gateway.url);
  await session.execute("CREATE TABLE numbers AS SELECT g AS n FROM generate_series(1, 100) AS g");
  await session.execute("SET 'my.key' = 'kept'");
  await session.execute(`CREATE MATERIALIZED TABLE heavy FRESHNESS = INTERVAL '1' DAY
    REFRESH_MODE = FULL AS SELECT max(n) AS top,
      (SELECT count(*) FROM generate_series(1, 15000000)) AS work FROM numbers`);
  const running = `SELECT count(*) FROM sluice.task_instances WHERE status = 'RUNNING'`;
  await until(async () => Number(await ask(session, running)) === 1, 30_000);
  const killed = postmaster();
  process.kill(killed, "SIGKILL");

  const runs = "SELECT count(*) FROM sluice.refresh_runs WHERE status = 'SUCCESSFUL'";
  await until(async () => Number(await ask(session, runs)) === 1, 60_000);
  expect(postmaster()).not.toBe(killed);
  expect(await ask(session, "SELECT top FROM heavy")).toBe(100);
  const shown = await session.select("SHOW REFRESHES FROM heavy WITH STATUS 'SUCCESSFUL'");
  expect(shown.map((row) => row["trigger"])).toEqual(["INITIAL"]);
  const settings = await session.select("SET");
  expect(settings).toContainEqual({ key: "my.key", value: "kept" });
}, 120_000);

test("statements at a database that is away get a coded error, later ones an answer", async () => {
  const session = await RestSession.open(gateway.url);
  process.kill(postmaster(), "SIGKILL");
  const sentence = await session.execute("SELECT 1").then(
    () => "answered: it had been started again already",
    (error: Error) => error.message,
  );
  expect(sentence).toMatch(/\[(GW-UNAVAILABLE|GW-POSTGRES)\]|^answered/);
  await until(async () => (await ask(session, "SELECT 2")) === 2, 60_000);
}, 90_000);
