// Migrations: once however many start at once, never changed afterwards, refused by builds that are
// too old.

import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  checkReadable,
  loadMigrations,
  type Migration,
  migrate,
  migrationsFolder,
} from "../../src/common/migrate.ts";
import { openDatabase } from "../../src/common/pg.ts";
import { ident, sql } from "../../src/common/sql.ts";
import { asAdmin, type TestDatabase, testDatabase } from "../support/database.ts";
import { describeSchema } from "../support/describe-schema.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase({ template: "empty" });
});
afterAll(() => db.close());

function migration(version: number, text: string, minReader = Math.max(1, version - 1)): Migration {
  return { version, name: `m${version}`, text, checksum: `sum of ${text}`, minReader };
}

const first = migration(1, "CREATE TABLE sluice_private.a (x int)");
const second = migration(
  2,
  "CREATE TABLE sluice_private.b (x int); INSERT INTO sluice_private.b VALUES (1)",
);
const third = migration(3, "CREATE TABLE sluice_private.c (x int)", 3);

test("four gateways at once: one applies, all end with the same schema", async () => {
  const others = [1, 2, 3, 4].map(() =>
    openDatabase({ url: db.url, max: 1, applicationName: "tests", onError: () => undefined }),
  );
  const results = await Promise.all(others.map((one) => migrate(one, [first, second])));
  await Promise.all(others.map((one) => one.close()));
  expect(results.map((one) => one.version)).toEqual([2, 2, 2, 2]);
  expect(results.flatMap((one) => one.applied)).toEqual([1, 2]);
  expect(await db.query("SELECT x FROM sluice_private.b")).toEqual([{ x: 1 }]);
});

test("nothing pending does nothing", async () => {
  expect(await migrate(db.database, [first, second])).toEqual({ applied: [], version: 2 });
});

test("a migration that was applied must not change", async () => {
  const changed = migration(1, "CREATE TABLE sluice_private.other (x int)");
  await expect(migrate(db.database, [changed, second])).rejects.toMatchObject({
    code: "GW-MIGRATION-CHANGED",
    message: "migration 1 has changed",
  });
});

test("one that fails leaves nothing of those beside it", async () => {
  const broken = migration(4, "CREATE TABLE sluice_private.d (x nonsense)");
  await expect(migrate(db.database, [first, second, third, broken])).rejects.toMatchObject({
    code: "42704",
  });
  expect(await db.query("SELECT to_regclass('sluice_private.c') AS c")).toEqual([{ c: null }]);
});

test("an older build goes on with a schema it can read, and refuses one it cannot", async () => {
  await migrate(db.database, [first, second]);
  await expect(checkReadable(db.database, [first])).resolves.toBeUndefined();
  expect(await migrate(db.database, [first])).toEqual({ applied: [], version: 2 });
  await migrate(db.database, [first, second, third]);
  const refusal = {
    code: "GW-SCHEMA-NEWER",
    detail: "It needs a gateway of schema version 3; this one knows 2.",
  };
  await expect(checkReadable(db.database, [first, second])).rejects.toMatchObject(refusal);
  await expect(migrate(db.database, [first, second])).rejects.toMatchObject(refusal);
});

test("the owner of the database may dump what another role's gateway made", async () => {
  const role = `gateway_${db.name}`;
  const other = await testDatabase({ template: "empty" });
  try {
    await asAdmin(sql`CREATE ROLE ${ident(role)} LOGIN PASSWORD 'x'`);
    await asAdmin(sql`GRANT CREATE ON DATABASE ${ident(other.name)} TO ${ident(role)}`);
    const url = new URL(other.url);
    url.username = role;
    url.password = "x";
    const gateway = openDatabase({
      url: url.href,
      max: 1,
      applicationName: "tests",
      onError: () => undefined,
    });
    await migrate(gateway, [first, second]);
    await gateway.execute(sql`CREATE TABLE sluice_private.later (x int)`);
    await gateway.close();
    expect(await other.query("SELECT x FROM sluice_private.b")).toEqual([{ x: 1 }]);
    expect(await other.query("SELECT x FROM sluice_private.later")).toEqual([]);
  } finally {
    await other.close();
    await asAdmin(sql`DROP ROLE IF EXISTS ${ident(role)}`);
  }
});

test("the schema is the one of the golden dump", async () => {
  const fresh = await testDatabase({ template: "empty" });
  await migrate(fresh.database, loadMigrations(migrationsFolder));
  const text = await describeSchema(fresh.database);
  await fresh.close();
  const golden = new URL("../golden/schema.sql", import.meta.url);
  if (process.env["UPDATE"] === "1") writeFileSync(golden, text);
  expect(text).toBe(readFileSync(golden, "utf8"));
});
