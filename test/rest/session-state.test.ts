// What a session keeps between statements: settings, current database, zone, and connections of its
// own.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../support/until.ts";
import { type RestGateway, restGateway } from "./support/rest-gateway.ts";
import { ServerError, StrictClient } from "./support/strict-client.ts";

let rest: RestGateway;
beforeAll(async () => {
  rest = await restGateway();
});
afterAll(() => rest.close());

async function client(
  properties: Record<string, string> = {},
  format: "JSON" | "PLAIN_TEXT" = "JSON",
): Promise<StrictClient> {
  const made = new StrictClient(rest.url, format);
  await made.open(properties);
  return made;
}

async function refusal(action: Promise<unknown>): Promise<string> {
  const error = await action.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ServerError);
  return (error as ServerError).message;
}

async function cell(session: StrictClient, statement: string): Promise<unknown> {
  return (await session.run(statement)).rows[0]?.[0];
}

describe("settings", () => {
  test("SET of PostgreSQL's lasts for the session and for it alone", async () => {
    const [one, two] = [await client(), await client()];
    await one.run("SET work_mem = '7MB'");
    await one.run("SET app.tenant = '5'");
    for (let k = 0; k < 5; k++) {
      expect(await cell(two, "SHOW work_mem")).toBe("4MB");
      expect(await cell(one, "SHOW work_mem")).toBe("7MB");
      expect(await cell(one, "SELECT current_setting('app.tenant')")).toBe("5");
    }
    await one.run("RESET work_mem");
    expect(await cell(one, "SHOW work_mem")).toBe("4MB");
    await one.run("RESET ALL");
    expect(await cell(one, "SELECT coalesce(current_setting('app.tenant', true), '')")).toBe("");
    await one.close();
    await two.close();
  });

  test("the zone is one thing for Flink's key and PostgreSQL's setting", async () => {
    const session = await client();
    const query = "SELECT timestamptz '2026-01-31 12:00:00+00'";
    expect(await cell(session, query)).toBe("2026-01-31T12:00:00Z");
    await session.run("SET TIME ZONE 'Europe/Berlin'");
    expect(await cell(session, query)).toBe("2026-01-31T13:00:00Z");
    expect((await session.properties())["table.local-time-zone"]).toBe("Europe/Berlin");
    await session.run("SET 'table.local-time-zone' = 'GMT+02:00'");
    expect(await cell(session, query)).toBe("2026-01-31T14:00:00Z");
    await session.close();
  });

  test("USE moves the current database, SET search_path too", async () => {
    const session = await client();
    await session.run("CREATE SCHEMA sales");
    await session.configure("USE sales;");
    expect(await cell(session, "SELECT current_schema()::text")).toBe("sales");
    await session.run("CREATE TABLE here (a int)");
    expect(await cell(session, "SELECT to_regclass('sales.here')::text")).toBe("here");
    await session.run("SET search_path = public, sales");
    expect(await cell(session, "SHOW search_path")).toBe("public, sales");
    await session.run("USE sales");
    expect(await cell(session, "SHOW search_path")).toBe('"sales"');
    await session.close();
  });

  test("output formats cannot be set to what results are not read in", async () => {
    const session = await client();
    await session.run("SET datestyle = 'SQL, DMY'");
    expect(await cell(session, "SELECT date '31/01/2026'")).toBe("2026-01-31");
    expect(await refusal(session.run("SET client_encoding = 'LATIN1'"))).toContain("always UTF8");
    await session.run("SET NAMES 'utf8'");
    await session.run("SET bytea_output = 'escape'");
    expect(await cell(session, "SELECT '\\xcafe00'::bytea")).toBe("yv4A");
    await session.close();
  });
});

describe("pinned connections", () => {
  test("a transaction is one, and its SETs count when it commits", async () => {
    const session = await client();
    await session.run("CREATE TABLE tx (a int)");
    await session.run("BEGIN");
    await session.run("INSERT INTO tx VALUES (1)");
    await session.run("SET work_mem = '9MB'");
    await session.run("ROLLBACK");
    expect(await cell(session, "SHOW work_mem")).toBe("4MB");
    expect(await cell(session, "SELECT count(*)::int FROM tx")).toBe(0);
    await session.run("BEGIN");
    await session.run("INSERT INTO tx VALUES (1)");
    await session.run("SET work_mem = '9MB'");
    expect(await refusal(session.run("SELECT 1/0"))).toContain("22012");
    expect(await refusal(session.run("SELECT 1"))).toContain("25P02");
    await session.run("COMMIT");
    expect(await cell(session, "SHOW work_mem")).toBe("4MB");
    await session.run("BEGIN");
    await session.run("SET work_mem = '9MB'");
    await session.run("COMMIT");
    expect(await cell(session, "SHOW work_mem")).toBe("9MB");
    expect(rest.passage.connections.pinned).toBe(0);
    await session.close();
  });

  test("temporary tables, prepared statements and locks keep the connection", async () => {
    const session = await client();
    await session.run("CREATE TEMP TABLE mine (a int)");
    expect(rest.passage.connections.pinned).toBe(1);
    await session.run("INSERT INTO mine VALUES (5)");
    await session.run("PREPARE p AS SELECT a FROM mine");
    expect((await session.run("EXECUTE p")).rows).toEqual([[5]]);
    expect(await cell(session, "SELECT pg_try_advisory_lock(77)")).toBe(true);
    const other = await client();
    expect(await cell(other, "SELECT pg_try_advisory_lock(77)")).toBe(false);
    expect(rest.passage.connections.pinned).toBe(2);
    await session.run("DISCARD ALL");
    await other.close();
    await session.run("SELECT 1");
    expect(rest.passage.connections.pinned).toBe(0);
    expect(await refusal(session.run("TABLE mine"))).toContain("42P01");
    await session.close();
  });

  test("an open cursor of a big result is drained before the next statement", async () => {
    const session = await client();
    await session.run("BEGIN");
    const big = await session.submit("SELECT g FROM generate_series(1, 50000) AS g");
    expect(await cell(session, "SELECT 2")).toBe(2);
    expect((await session.read(big)).rows).toHaveLength(50_000);
    await session.run("COMMIT");
    await session.close();
  });

  test("USE and the zone reach a pinned connection", async () => {
    const session = await client();
    await session.run("CREATE SCHEMA pinned_schema");
    await session.run("CREATE TEMP TABLE stays (a int)");
    await session.run("USE pinned_schema");
    expect(await cell(session, "SELECT current_schema()::text")).toBe("pinned_schema");
    await session.run("SET 'table.local-time-zone' = 'Asia/Tokyo'");
    expect(await cell(session, "SHOW timezone")).toBe("Asia/Tokyo");
    await session.close();
  });

  test("the end of a session rolls back and frees the connection", async () => {
    const session = await client();
    await session.run("CREATE TABLE ended (a int)");
    await session.run("BEGIN");
    await session.run("INSERT INTO ended VALUES (1)");
    await session.close();
    expect(rest.passage.connections.pinned).toBe(0);
    const other = await client();
    await until(async () => (await cell(other, "SELECT count(*)::int FROM ended")) === 0);
    await other.run("DROP TABLE ended");
    await other.close();
  });

  test("more pinned sessions than allowed are refused, others go on", async () => {
    const sessions = await Promise.all(Array.from({ length: 6 }, () => client()));
    for (const session of sessions.slice(0, 5)) await session.run("BEGIN");
    const last = sessions[5] as StrictClient;
    expect(await refusal(last.run("BEGIN"))).toContain("[GW-TOO-MANY-PINNED]");
    expect(await cell(last, "SELECT 1")).toBe(1);
    await (sessions[0] as StrictClient).run("COMMIT");
    await last.run("BEGIN");
    await Promise.all(sessions.map((session) => session.close()));
    expect(rest.passage.connections.pinned).toBe(0);
  });
});
