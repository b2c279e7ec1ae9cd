// The launcher of the embedded PostgreSQL, with real servers in temporary directories.

import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock, systemRandom } from "../../src/common/clock.ts";
import { type Database, openDatabase } from "../../src/common/pg.ts";
import { sql } from "../../src/common/sql.ts";
import { findBinaries } from "../../src/engine/embedded/binaries.ts";
import {
  type EmbeddedPostgres,
  startEmbedded,
} from "../../src/engine/embedded/embedded-postgres.ts";
import { isAlive } from "../../src/engine/embedded/process-table.ts";
import { stopEmbedded } from "../../src/ops/stop-embedded.ts";
import { spawnGateway } from "../support/gateway.ts";
import { openSession, submit } from "../support/rest.ts";
import { until } from "../support/until.ts";

const asRoot = process.getuid?.() === 0;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-embedded-"));
  chmodSync(folder, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(name: string, events: string[] = []) {
  return startEmbedded({
    dataDirectory: join(folder, name),
    clock: systemClock,
    random: systemRandom,
    onEvent: (message) => events.push(message),
    binaries: null,
    settings: { fsync: "off" },
  });
}

function open(server: EmbeddedPostgres): Database {
  return openDatabase({
    url: server.url,
    max: 2,
    applicationName: "tests",
    onError: () => undefined,
  });
}

test("two gateways at once on an empty directory: one server, ended by the last", async () => {
  const events: string[] = [];
  const [one, two] = await Promise.all([start("shared", events), start("shared", events)]);
  expect(two.pid()).toBe(one.pid());
  expect(one.adopted).toBe(!two.adopted);
  expect(events).toHaveLength(1);
  await one.close();
  expect(isAlive(two.pid())).toBe(true);
  const database = open(two);
  expect(await database.query(sql`SELECT 1 AS x`)).toEqual([{ x: 1 }]);
  await database.close();
  await two.close();
  expect(isAlive(two.pid())).toBe(false);
});

describe("a running server", () => {
  let server: EmbeddedPostgres;
  let database: Database;
  const events: string[] = [];
  beforeAll(async () => {
    server = await start("shared", events);
    database = open(server);
  });
  afterAll(async () => {
    await database.close();
    await server.close();
  });

  test("is used through an ordinary role that owns its database", async () => {
    expect(
      await database.query(sql`
        SELECT current_user::text AS role, rolsuper, rolcreaterole, rolcreatedb,
               pg_get_userbyid(datdba)::text AS owner
          FROM pg_roles, pg_database
         WHERE rolname = current_user AND datname = current_database()`),
    ).toEqual([
      {
        role: "sluice",
        rolsuper: false,
        rolcreaterole: false,
        rolcreatedb: false,
        owner: "sluice",
      },
    ]);
  });

  test("keeps what is made without a schema out of ours, whose name the role has", async () => {
    expect(await database.query(sql`SELECT current_schema()::text AS schema`)).toEqual([
      { schema: "public" },
    ]);
  });

  test("lets nobody in without a password, and keeps the passwords from other users", async () => {
    for (const role of ["postgres", "sluice"]) {
      const url = new URL(server.adminUrl);
      url.username = role;
      url.password = "guess";
      const client = new pg.Client({ connectionString: url.href });
      await expect(client.connect()).rejects.toMatchObject({ code: "28P01" });
    }
    expect(statSync(join(folder, "shared", "pgpass")).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, "shared", "postgres")).mode & 0o777).toBe(0o700);
    const admin = openDatabase({
      url: server.adminUrl,
      max: 1,
      applicationName: "tests",
      onError: () => undefined,
    });
    expect(
      await admin.query(sql`
        SELECT current_setting('listen_addresses') AS tcp,
               current_setting('unix_socket_directories') AS sockets`),
    ).toEqual([{ tcp: "127.0.0.1", sockets: "" }]);
    await admin.close();
  });

  test("that is killed is started again, and work goes on with what was committed", async () => {
    await database.execute(sql`CREATE TABLE kept (x int)`);
    await database.execute(sql`INSERT INTO kept VALUES (1)`);
    const killed = server.pid();
    process.kill(killed, "SIGKILL");
    await until(
      () => server.pid() !== killed && events.some((text) => text.includes("runs again")),
    );
    const again = await until(() => database.query(sql`SELECT x FROM kept`).catch(() => null));
    expect(again).toEqual([{ x: 1 }]);
    expect(events.filter((text) => text.includes("ended unexpectedly"))).toHaveLength(1);
  });

  test("is not stopped by the operator while a gateway uses it", async () => {
    expect(await stopEmbedded(join(folder, "shared"), systemClock)).toEqual({
      stopped: false,
      message: `gateways still use it: stop processes ${process.pid} first`,
    });
  });
});

test("a pid file with the number of some other process does not hold up the start", async () => {
  const file = join(folder, "shared", "postgres", "postmaster.pid");
  writeFileSync(
    file,
    `${process.pid}\n${join(folder, "shared", "postgres")}\n1\n5432\n\n127.0.0.1\n0\nready\n`,
  );
  const server = await start("shared");
  expect(server.adopted).toBe(false);
  expect(server.pid()).not.toBe(process.pid);
  await server.close();
});

test("a lock of a process that is gone does not hold up the start", async () => {
  writeFileSync(join(folder, "shared", "start.lock"), "4194303 1");
  const server = await start("shared");
  expect(existsSync(join(folder, "shared", "start.lock"))).toBe(false);
  await server.close();
});

test("an initdb that was interrupted does not count", async () => {
  mkdirSync(join(folder, "broken", "postgres.new"), { recursive: true, mode: 0o711 });
  writeFileSync(join(folder, "broken", "postgres.new", "PG_VERSION"), "18\n");
  const server = await start("broken");
  expect(readFileSync(join(folder, "broken", "postgres", "PG_VERSION"), "utf8")).toBe("18\n");
  await server.close();
});

test("a killed gateway leaves the server, the next adopts it, its clean end stops it", async () => {
  const environment = { SLUICE_DATA_DIR: join(folder, "shared") };
  const first = await spawnGateway(environment);
  const serverPid = (await first.line("started PostgreSQL"))["serverPid"] as number;
  expect(await first.kill("SIGKILL")).toBe("SIGKILL");
  expect(isAlive(serverPid)).toBe(true);
  const second = await spawnGateway(environment);
  expect((await second.line("adopted the running PostgreSQL"))["serverPid"]).toBe(serverPid);
  expect(await second.kill("SIGTERM")).toBe(0);
  expect(isAlive(serverPid)).toBe(false);
});

test("the operator stops an orphan", async () => {
  const gateway = await spawnGateway({ SLUICE_DATA_DIR: join(folder, "shared") });
  const serverPid = (await gateway.line("started PostgreSQL"))["serverPid"] as number;
  await gateway.kill("SIGKILL");
  expect(await stopEmbedded(join(folder, "shared"), systemClock)).toEqual({
    stopped: true,
    message: `PostgreSQL, process ${serverPid}, has stopped`,
  });
  expect(isAlive(serverPid)).toBe(false);
});

test("a gateway survives the death of its server: 503 meanwhile, sessions kept", async () => {
  const gateway = await spawnGateway({ SLUICE_DATA_DIR: join(folder, "shared") });
  const serverPid = (await gateway.line("started PostgreSQL"))["serverPid"] as number;
  const session = await openSession(gateway.url);
  const select = async () => (await submit(gateway.url, session, "SELECT 5 AS five"))();
  expect((await select()).results?.data).toMatchObject([{ fields: [5] }]);
  process.kill(serverPid, "SIGKILL");
  await gateway.line("the embedded PostgreSQL has ended unexpectedly; starting it again");
  await until(async () => (await fetch(`${gateway.url}/readyz`)).status === 200);
  const page = await until(async () => {
    const answer = await select();
    return answer.results === undefined ? null : answer;
  });
  expect(page.results?.data).toMatchObject([{ fields: [5] }]);
  expect(await gateway.kill("SIGTERM")).toBe(0);
});

test.runIf(asRoot)("an ordinary user runs the server as themselves", async () => {
  const home = join(folder, "of-nobody");
  mkdirSync(home);
  chownSync(home, 65534, 65534);
  const gateway = await spawnGateway({ SLUICE_DATA_DIR: ".data" }, { folder: home, uid: 65534 });
  expect(statSync(join(home, ".data", "postgres")).uid).toBe(65534);
  expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
  expect(await gateway.kill("SIGTERM")).toBe(0);
});

test.runIf(asRoot)("root under a private folder runs it in a user namespace", async () => {
  mkdirSync(join(folder, "private"), { mode: 0o700 });
  const server = await start("private/data");
  expect(statSync(join(folder, "private", "data", "postgres")).uid).toBe(0);
  const database = open(server);
  expect(await database.query(sql`SELECT 1 AS x`)).toEqual([{ x: 1 }]);
  await database.close();
  await server.close();
  expect(isAlive(server.pid())).toBe(false);
});

test.runIf(asRoot)("so it does in a private folder that was there before", async () => {
  mkdirSync(join(folder, "made-private"), { mode: 0o700 });
  const server = await start("made-private");
  expect(statSync(join(folder, "made-private", "postgres")).uid).toBe(0);
  await server.close();
});

test("a platform without binaries is told what to do", () => {
  expect(() => findBinaries("sunos-sparc")).toThrowError(
    expect.objectContaining({
      code: "GW-NO-BINARIES",
      message: "no packaged PostgreSQL for platform sunos-sparc",
      hint: "Set SLUICE_DATABASE_URL to a PostgreSQL 15 or newer.",
    }),
  );
});
