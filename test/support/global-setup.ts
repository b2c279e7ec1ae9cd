// One PostgreSQL for a whole run of the tests, and in it the migrated template whose clock is
// virtual. TEST_POSTGRES_HOME names another installation (the folder with bin/), TEST_DATABASE_URL
// a running server as a role that may create databases and roles; otherwise it is the packaged one,
// without fsync, in a temporary folder.

import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { systemClock, systemRandom } from "../../src/common/clock.ts";
import { loadMigrations, migrate, migrationsFolder } from "../../src/common/migrate.ts";
import { openDatabase } from "../../src/common/pg.ts";
import { literal, sql, trusted } from "../../src/common/sql.ts";
import { binariesIn } from "../../src/engine/embedded/binaries.ts";
import { startEmbedded } from "../../src/engine/embedded/embedded-postgres.ts";
import { stopEmbedded } from "../../src/ops/stop-embedded.ts";
import { ensureBuilt } from "../../tools/build/build.js";

declare module "vitest" {
  interface ProvidedContext {
    /** The server of this run, as a role that may create databases. */
    readonly adminUrl: string;
    /** Password of the ordinary role `tester`, which owns the databases of the tests. */
    readonly testerPassword: string;
  }
}

/** The virtual clock: the machine's until a test sets it, then it stands where it was set. */
const virtualClock = `
  CREATE TABLE sluice_private.test_clock (at timestamptz NOT NULL);
  CREATE OR REPLACE FUNCTION sluice_private.clock() RETURNS timestamptz
    LANGUAGE sql VOLATILE PARALLEL SAFE
    AS $$ SELECT coalesce((SELECT at FROM sluice_private.test_clock), clock_timestamp()) $$`;

/** Called by the runner; what it returns ends the server. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await ensureBuilt();
  const server = await serverOfThisRun();
  const password = systemRandom.hex32();
  await makeTemplate(server.adminUrl, password);
  project.provide("adminUrl", server.adminUrl);
  project.provide("testerPassword", password);
  return () => server.close();
}

async function serverOfThisRun(): Promise<{ adminUrl: string; close(): Promise<void> }> {
  const external = process.env["TEST_DATABASE_URL"];
  if (external !== undefined) return { adminUrl: external, close: async () => undefined };
  await sweepKilledRuns();
  const folder = mkdtempSync(join(tmpdir(), "sluice-test-"));
  const home = process.env["TEST_POSTGRES_HOME"];
  const server = await startEmbedded({
    dataDirectory: join(folder, "data"),
    clock: systemClock,
    random: systemRandom,
    onEvent: () => undefined,
    binaries: home === undefined ? null : binariesIn(home),
    settings: {
      fsync: "off",
      synchronous_commit: "off",
      full_page_writes: "off",
      max_connections: "400",
      shared_buffers: "256MB",
    },
  });
  return {
    adminUrl: server.adminUrl,
    async close() {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A run that was killed could not stop its server; the next one does. */
async function sweepKilledRuns(): Promise<void> {
  const young = systemClock.now() - 10 * 60_000;
  for (const name of readdirSync(tmpdir())) {
    const folder = join(tmpdir(), name);
    if (!/^sluice-(test|embedded)-/.test(name) || statSync(folder).mtimeMs > young) continue;
    const data = readdirSync(folder).map((inner) => join(folder, inner));
    const left = await Promise.all(data.map((path) => stopEmbedded(path, systemClock)));
    if (left.every((one) => one.stopped)) rmSync(folder, { recursive: true, force: true });
  }
}

async function makeTemplate(adminUrl: string, password: string): Promise<void> {
  const admin = openDatabase({
    url: adminUrl,
    max: 1,
    applicationName: "tests",
    onError: () => undefined,
  });
  const roles = await admin.query(sql`SELECT FROM pg_roles WHERE rolname = 'tester'`);
  const verb = trusted(roles.length === 0 ? "CREATE" : "ALTER");
  await admin.execute(sql`${verb} ROLE tester LOGIN PASSWORD ${literal(password)}`);
  await admin.execute(sql`DROP DATABASE IF EXISTS sluice_template WITH (FORCE)`);
  await admin.execute(sql`CREATE DATABASE sluice_template OWNER tester`);
  await admin.close();
  const template = openDatabase({
    url: urlOf(adminUrl, "tester", password, "sluice_template"),
    max: 1,
    applicationName: "tests",
    onError: () => undefined,
  });
  await migrate(template, loadMigrations(migrationsFolder));
  await template.execute(trusted(virtualClock));
  await template.close();
}

/** The same server as another role on another database. */
export function urlOf(adminUrl: string, role: string, password: string, database: string): string {
  const url = new URL(adminUrl);
  url.username = role;
  url.password = password;
  url.pathname = `/${database}`;
  return url.href;
}
