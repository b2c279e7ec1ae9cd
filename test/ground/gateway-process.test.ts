// A gateway as a process: how it starts, how it ends, what survives.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asAdmin, type TestDatabase, testDatabase } from "../support/database.ts";
import { spawnGateway } from "../support/gateway.ts";
import { openSession, submit } from "../support/rest.ts";
import { until } from "../support/until.ts";
import { literal, sql } from "../../src/common/sql.ts";

const folder = mkdtempSync(join(tmpdir(), "sluice-process-"));
let db: TestDatabase;
let environment: Record<string, string>;
beforeAll(async () => {
  db = await testDatabase();
  environment = { SLUICE_DATABASE_URL: db.url, SLUICE_DATA_DIR: folder };
});
afterAll(async () => {
  await db.close();
  rmSync(folder, { recursive: true });
});

function isBusy(query: string): Promise<object | undefined> {
  return asAdmin(sql`
    SELECT FROM pg_stat_activity WHERE query = ${literal(query)} AND state = 'active'`).then(
    (rows) => rows[0],
  );
}

test("says where it is, in which database, and who acts there", async () => {
  const gateway = await spawnGateway(environment);
  expect(gateway.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const trust = await gateway.line(
    "every session acts as this role: one trust domain, nobody is asked for a password",
  );
  expect(trust).toMatchObject({ role: "tester", database: db.name });
  const ready = await fetch(`${gateway.url}/readyz`);
  expect(await ready.json()).toEqual({
    status: "ready",
    checks: { database: "ok", schema: "ok", gateway: "ok" },
  });
  // Beside it: a second one on the same port says plainly what is the matter.
  const port = new URL(gateway.url).port;
  await expect(spawnGateway({ ...environment, SLUICE_PORT: port })).rejects.toThrow(
    `error: port ${port} on 127.0.0.1 is taken [GW-CONFIG]`,
  );
  expect(await gateway.kill("SIGTERM")).toBe(0);
});

test("analyses the grammar before the first statement comes", async () => {
  const gateway = await spawnGateway({ ...environment, SLUICE_LOG_LEVEL: "debug" });
  expect(await gateway.line("grammar is analysed")).toMatchObject({ level: 20 });
  expect(await gateway.kill("SIGTERM")).toBe(0);
});

test("a refresh that fails leaves a line with the id of its run", async () => {
  const gateway = await spawnGateway(environment);
  const session = await openSession(gateway.url);
  for (const statement of [
    "CREATE TABLE divisors AS SELECT 0 AS n",
    "CREATE MATERIALIZED TABLE ratios FRESHNESS = INTERVAL '1' DAY AS SELECT 1 / n AS r FROM divisors",
  ]) {
    const result = await submit(gateway.url, session, statement);
    await result();
  }
  const line = await gateway.line("refresh failed");
  expect(line).toMatchObject({
    trigger: "INITIAL",
    attempt: 1,
    code: "MT-REFRESH-FAILED",
    error: "division by zero (SQLSTATE 22012)",
  });
  const runs = await db.query(
    "SELECT run_id AS run, instance_id AS instance, table_id AS table FROM sluice.refresh_runs",
  );
  expect(runs).toEqual([{ run: line["run"], instance: line["instance"], table: line["table"] }]);
  expect(await gateway.kill("SIGTERM")).toBe(0);
});

test("SIGTERM lets a statement end and answers it", async () => {
  const gateway = await spawnGateway(environment);
  const session = await openSession(gateway.url);
  const query = "SELECT 7 AS seven FROM pg_sleep(1)";
  const result = await submit(gateway.url, session, query);
  await until(() => isBusy(query));
  const fetched = result();
  const ended = gateway.kill("SIGTERM");
  const page = await fetched;
  expect(page.results?.data ?? page).toBeDefined();
  expect(await ended).toBe(0);
  expect(await isBusy(query)).toBeUndefined();
});

test("a second signal ends it at once, and PostgreSQL drops what it ran", async () => {
  const gateway = await spawnGateway(environment);
  const session = await openSession(gateway.url);
  const query = "SELECT 8 FROM pg_sleep(60)";
  await submit(gateway.url, session, query);
  await until(() => isBusy(query));
  const first = gateway.kill("SIGTERM");
  await gateway.line("stopping");
  expect(await gateway.kill("SIGTERM")).toBe(143);
  expect(await first).toBe(143);
  await until(async () => (await isBusy(query)) === undefined);
});

test("a killed gateway's session lives on in the next one", async () => {
  const first = await spawnGateway(environment);
  const session = await openSession(first.url);
  const set = await submit(first.url, session, "SET 'pipeline.name' = 'kept'");
  expect((await set()).errors).toBeUndefined();
  expect(await first.kill("SIGKILL")).toBe("SIGKILL");
  const second = await spawnGateway(environment);
  const answer = await fetch(`${second.url}/v1/sessions/${session}`);
  expect(await answer.json()).toMatchObject({ properties: { "pipeline.name": "kept" } });
  expect(await second.kill("SIGTERM")).toBe(0);
});
