// Sessions: durable, shared by gateways, expired when idle, cheap by the thousand, and kept
// through a restart of the database.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seconds } from "../../src/common/time.ts";
import { asAdmin, testDatabase, type TestDatabase } from "../support/database.ts";
import { ident, sql } from "../../src/common/sql.ts";
import { until } from "../support/until.ts";
import { type RestGateway, restGateway } from "./support/rest-gateway.ts";
import { send, ServerError, StrictClient } from "./support/strict-client.ts";

let database: TestDatabase;
let rest: RestGateway;
beforeAll(async () => {
  database = await testDatabase();
  rest = await restGateway({ database });
});
afterAll(async () => {
  await rest.close();
  await database.close();
});

async function cell(session: StrictClient, statement: string): Promise<unknown> {
  return (await session.run(statement)).rows[0]?.[0];
}

/** The same session through another gateway, or after a restart. */
function through(url: string, session: StrictClient): StrictClient {
  const same = new StrictClient(url);
  same.session = session.session;
  return same;
}

async function v2(client: StrictClient): Promise<StrictClient> {
  const handle = client.session;
  await client.open();
  const opened = client.session;
  client.session = handle;
  const spare = new StrictClient(rest.url);
  spare.session = opened;
  return client;
}

describe("durable", () => {
  test("a handle works after a restart, with everything that was set", async () => {
    const first = await restGateway({ database });
    const session = new StrictClient(first.url);
    await session.open({ "my.key": "mine" });
    await session.run("SET 'table.local-time-zone' = 'Asia/Tokyo'");
    await session.run("SET work_mem = '11MB'");
    await session.run("CREATE SCHEMA IF NOT EXISTS kept");
    await session.run("USE kept");
    await first.close();
    const second = await restGateway({ database });
    const same = await v2(through(second.url, session));
    expect(await same.properties()).toMatchObject({
      "my.key": "mine",
      "table.local-time-zone": "Asia/Tokyo",
    });
    expect(await cell(same, "SHOW work_mem")).toBe("11MB");
    expect(await cell(same, "SHOW timezone")).toBe("Asia/Tokyo");
    expect(await cell(same, "SELECT current_schema()::text")).toBe("kept");
    await same.close();
    await second.close();
  });

  test("two gateways serve one session, and each sees what the other set", async () => {
    const other = await restGateway({ database });
    const here = new StrictClient(rest.url);
    await here.open();
    const there = await v2(through(other.url, here));
    await there.run("SET 'shared' = 'one'");
    await until(async () => (await here.properties())["shared"] === "one");
    await here.run("SET 'shared' = 'two'");
    await until(async () => (await there.properties())["shared"] === "two");
    await there.close();
    await until(() =>
      here.heartbeat().then(
        () => false,
        (error: unknown) => error instanceof ServerError,
      ),
    );
    await other.close();
  });
});

describe("limits", () => {
  test("an idle session expires, one with a heartbeat does not", async () => {
    const short = await restGateway({ sessions: { idleTimeout: seconds(1) } });
    const [idle, beating] = [new StrictClient(short.url), new StrictClient(short.url)];
    await idle.open();
    await beating.open();
    const running = await idle.submit("SELECT pg_sleep(60) /* idle_one */");
    const gone = async () => {
      await beating.heartbeat();
      const rows = await short.database.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM sluice_private.sessions`,
      );
      return rows[0]?.count === 1;
    };
    await until(gone);
    await beating.heartbeat();
    await expect(idle.status(running)).rejects.toThrow(`Session '${idle.session}' does not exist.`);
    await until(async () => {
      const rows = await short.database.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM pg_stat_activity
         WHERE state = 'active' AND query LIKE '%idle_one%' AND pid <> pg_backend_pid()`,
      );
      await beating.heartbeat();
      return rows[0]?.count === 0;
    });
    await beating.close();
    await short.close();
  });

  test("one session too many is refused in Flink's words", async () => {
    const few = await restGateway({ sessions: { maxNum: 2 } });
    const [one, two, three] = [1, 2, 3].map(() => new StrictClient(few.url));
    await one?.open();
    await two?.open();
    await expect(three?.open()).rejects.toThrow(
      "Failed to create session, the count of active sessions exceeds the max count: 2",
    );
    await one?.close();
    await three?.open();
    await few.close();
  });

  test("10,000 sessions are opened and dropped without a connection of their own", async () => {
    const handles: string[] = [];
    const open = async () => {
      const answer = await fetch(`${rest.url}/v2/sessions`, { method: "POST", body: "{}" });
      handles.push(((await answer.json()) as { sessionHandle: string }).sessionHandle);
    };
    await inParallel(10_000, open);
    expect(new Set(handles).size).toBe(10_000);
    expect(rest.passage.pool.counts().busy).toBe(0);
    const connections = await database.query<{ count: number }>(
      "SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database()",
    );
    expect(connections[0]?.count).toBeLessThan(40);
    const drop = async (k: number) => {
      const answer = await fetch(`${rest.url}/v2/sessions/${handles[k]}`, { method: "DELETE" });
      expect(await answer.text()).toBe('{"status":"CLOSED"}');
    };
    await inParallel(10_000, drop);
    const left = await database.query<{ count: number }>(
      "SELECT count(*)::int AS count FROM sluice_private.sessions",
    );
    expect(left[0]?.count).toBeLessThan(10);
  }, 120_000);
});

async function inParallel(count: number, body: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await body(next++);
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

describe("a database that is away", () => {
  test("sessions are kept, statements are told, and work goes on", async () => {
    const session = new StrictClient(rest.url);
    await session.open();
    await session.run("SET 'before' = 'yes'");
    await session.run("CREATE TABLE away (a int)");
    const lost = await session.submit("INSERT INTO away SELECT 1 FROM pg_sleep(60)");
    const query = await session.submit("SELECT pg_sleep(60)");
    await until(() => rest.passage.pool.counts().busy > 0);
    await asAdmin(sql`ALTER DATABASE ${ident(database.name)} ALLOW_CONNECTIONS false`);
    await asAdmin(sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = ${database.name} AND pid <> pg_backend_pid()`);
    await expect(session.read(lost)).rejects.toThrow("commit outcome unknown");
    const refused = await until(async () => {
      const path = `/v2/sessions/${session.session}/operations/${query}/result/0`;
      const answer = await send(rest.url, `GET ${path}`, null);
      return answer.status === 200 ? null : answer;
    });
    expect(refused.status).toBeGreaterThanOrEqual(500);
    expect((await session.properties())["before"]).toBe("yes");
    await asAdmin(sql`ALTER DATABASE ${ident(database.name)} ALLOW_CONNECTIONS true`);
    await until(() =>
      session.run("SELECT 1").then(
        (result) => result.rows.length === 1,
        () => false,
      ),
    );
    expect((await session.properties())["before"]).toBe("yes");
    await session.close();
  });
});
