// The database that every other test stands on.

import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

test("is used through an ordinary role that owns it", async () => {
  expect(
    await db.query(`
      SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls,
             pg_get_userbyid(datdba) AS owner
        FROM pg_roles, pg_database WHERE rolname = current_user AND datname = current_database()`),
  ).toEqual([
    {
      rolsuper: false,
      rolcreatedb: false,
      rolcreaterole: false,
      rolreplication: false,
      rolbypassrls: false,
      owner: "tester",
    },
  ]);
});

test("the clock runs with the machine's until it is set, then stands", async () => {
  const seen = () =>
    db.query(
      "SELECT abs(extract(epoch FROM sluice_private.clock() - clock_timestamp())) < 1 AS real, sluice_private.clock() AS at",
    );
  expect(await seen()).toMatchObject([{ real: true }]);
  await db.setClock("2030-01-02T03:04:05Z");
  expect(await seen()).toEqual([{ real: false, at: Date.parse("2030-01-02T03:04:05Z") }]);
  await db.setClock(null);
  expect(await seen()).toMatchObject([{ real: true }]);
});
