// The pool for our own statements: values, transactions, savepoints, lost connections.

import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "../../src/common/pg.ts";
import { ident, sql } from "../../src/common/sql.ts";
import { asAdmin, type TestDatabase, testDatabase } from "../support/database.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase({ template: "empty" });
  await db.query("CREATE TABLE t (x int)");
});
afterAll(() => db.close());

test("values arrive as documented", async () => {
  expect(
    await db.query(`
      SELECT timestamptz '2026-01-02 03:04:05.678901+02' AS at, int8 '9007199254740991' AS safe,
             int8 '9007199254740993' AS unsafe, numeric '1.50' AS amount, date '2026-01-02' AS day,
             timestamp '2026-01-02 03:04:05' AS wall, jsonb '{"a": [1]}' AS value`),
  ).toEqual([
    {
      at: Date.parse("2026-01-02T01:04:05.678Z"),
      safe: 9007199254740991,
      unsafe: "9007199254740993",
      amount: "1.50",
      day: "2026-01-02",
      wall: "2026-01-02 03:04:05",
      value: { a: [1] },
    },
  ]);
});

test("a transaction commits, or leaves nothing", async () => {
  const { database } = db;
  await database.transaction((tx) => tx.execute(sql`INSERT INTO t VALUES (1)`));
  const failing = database.transaction(async (tx) => {
    await tx.execute(sql`INSERT INTO t VALUES (2)`);
    throw new Error("no");
  });
  await expect(failing).rejects.toThrow("no");
  expect(await db.query("SELECT x FROM t")).toEqual([{ x: 1 }]);
});

test("a savepoint that failed inside another does not take its place", async () => {
  await db.database.transaction(async (tx) => {
    await tx.execute(sql`INSERT INTO t VALUES (10)`);
    const outer = tx.savepoint(async () => {
      await tx.execute(sql`INSERT INTO t VALUES (11)`);
      const inner = tx.savepoint(() => tx.execute(sql`SELECT 1 / 0`));
      await expect(inner).rejects.toMatchObject({ code: "22012" });
      await tx.execute(sql`INSERT INTO t VALUES (12)`);
      throw new Error("outer");
    });
    await expect(outer).rejects.toThrow("outer");
  });
  expect(await db.query("SELECT x FROM t WHERE x >= 10")).toEqual([{ x: 10 }]);
});

test("limits of the role do not reach our own connections", async () => {
  await asAdmin(sql`ALTER ROLE tester IN DATABASE ${ident(db.name)} SET statement_timeout = '5s'`);
  const fresh = openDatabase({
    url: db.url,
    max: 1,
    applicationName: "tests",
    onError: () => undefined,
  });
  expect(await fresh.query(sql`SELECT current_setting('statement_timeout') AS timeout`)).toEqual([
    { timeout: "0" },
  ]);
  await fresh.close();
});

test("a connection that is lost fails its statement, and the next one gets another", async () => {
  const pid = (tx: { backendPid: number }) => tx.backendPid;
  const lost = db.database.transaction(async (tx) => {
    await asAdmin(sql`SELECT pg_terminate_backend(${pid(tx)}, 5000)`);
    await tx.query(sql`SELECT 1`);
  });
  await expect(lost).rejects.toThrow(/terminat|closed|not queryable/i);
  expect(await db.query("SELECT 1 AS x")).toEqual([{ x: 1 }]);
});
