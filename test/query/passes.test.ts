// Which result rows a changed partition of a relation can reach: expected for each form of query,
// and proven on rows. Every change within one partition must leave the result outside it as it was.

import { afterAll, beforeAll, expect, it } from "vitest";
import { sql, trusted } from "../../src/common/sql.ts";
import { describeQuery } from "../../src/query/describe.ts";
import { testDatabase, type TestDatabase } from "../support/database.ts";

let db: TestDatabase;

beforeAll(async () => {
  db = await testDatabase();
  await db.query(`
    CREATE SCHEMA shop;
    CREATE TABLE shop.p (ds text, other text, d date, v int);
    CREATE TABLE shop.q (ds text, v int);
    CREATE VIEW shop.pv AS SELECT ds, other, v FROM shop.p WHERE v <> 5;
    CREATE VIEW shop.twice AS SELECT a.ds, b.v FROM shop.p a, shop.p b;
    INSERT INTO shop.p
    SELECT 'd' || g % 4, 'd' || g % 3, date '2024-01-30' + g % 4, g FROM generate_series(1, 12) g;
    INSERT INTO shop.q SELECT 'd' || g % 5, g FROM generate_series(1, 7) g;
    INSERT INTO shop.p VALUES (NULL, 'd1', NULL, 50)`);
});
afterAll(() => db.close());

/** Whether every reference of shop.p passes by `column` to the output column ds. */
async function passes(query: string, column = "ds"): Promise<boolean> {
  const input = { query, searchPath: ["shop"], timeZone: "UTC" };
  const { analysis } = await describeQuery(db.database, input);
  const key = analysis.columns.find(({ name }) => name === "ds");
  const own = key?.passes?.find((each) => each.relation === "shop.p" && each.column === column);
  return own !== undefined && own.references === analysis.reads?.["shop.p"];
}

const changes = [
  "DELETE FROM shop.p WHERE ds = 'd1'",
  "INSERT INTO shop.p VALUES ('d1', 'd2', '2024-01-31', 77), ('d1', 'd1', '2024-01-31', 1)",
  "UPDATE shop.p SET v = v + 100, other = 'd0' WHERE ds = 'd1'",
];

/** Rows outside d1 that a change within d1 added or took away. */
async function reached(query: string): Promise<number> {
  let count = 0;
  for (const change of changes) {
    await db.database
      .transaction(async (tx) => {
        await tx.execute(trusted("SET LOCAL search_path = shop"));
        await tx.execute(trusted(`CREATE TEMP TABLE before ON COMMIT DROP AS ${query}`));
        await tx.execute(trusted(change));
        await tx.execute(trusted(`CREATE TEMP TABLE after ON COMMIT DROP AS ${query}`));
        const rows = await tx.query(sql`
          SELECT 1 FROM (
            (TABLE before EXCEPT ALL TABLE after) UNION ALL (TABLE after EXCEPT ALL TABLE before)
          ) x WHERE ds IS DISTINCT FROM 'd1'`);
        count += rows.length;
        throw new Error("undo");
      })
      .catch((error: unknown) => {
        if (!(error instanceof Error) || error.message !== "undo") throw error;
      });
  }
  return count;
}

const passing = [
  "SELECT ds, v FROM p",
  "SELECT ds, sum(v) AS s FROM p GROUP BY ds",
  "SELECT ds, row_number() OVER (PARTITION BY ds ORDER BY v) AS n FROM p",
  "SELECT p.ds, q.v FROM p JOIN q ON p.ds = q.ds",
  "SELECT q.ds, sum(p.v) AS s FROM q JOIN p USING (ds) GROUP BY q.ds",
  "SELECT q.ds, p.v FROM q, p WHERE p.ds = q.ds",
  "SELECT q.ds, p.v FROM q LEFT JOIN p ON p.ds = q.ds",
  "SELECT a.ds, b.v FROM p a JOIN p b ON a.ds = b.ds",
  "SELECT a.ds, b.v, c.v AS w FROM p a LEFT JOIN p b ON a.ds = b.ds LEFT JOIN p c ON c.ds = b.ds",
  "SELECT a.ds, c.v FROM p a JOIN q ON q.ds = a.ds LEFT JOIN p c ON c.ds = a.ds",
  "SELECT ds, v FROM p UNION ALL SELECT ds, v + 1 FROM p WHERE v > 3",
  "SELECT ds, v FROM p EXCEPT SELECT ds, v FROM p WHERE v > 3",
  "SELECT ds, s FROM (SELECT ds, sum(v) AS s FROM p GROUP BY ds) x WHERE s > 3",
  "SELECT q.ds, s FROM q JOIN (SELECT ds, sum(v) AS s FROM p GROUP BY ds) x ON x.ds = q.ds",
  "WITH x AS (SELECT ds, v FROM p) SELECT ds, count(*) AS n FROM x GROUP BY ds",
  "SELECT ds, v FROM pv",
  "SELECT a.ds, b.v FROM pv a JOIN pv b ON a.ds = b.ds",
  "SELECT DISTINCT ds FROM p",
];

it.each(passing)("is by the same key: %s", async (query) => {
  expect(await passes(query)).toBe(true);
  expect(await reached(query)).toBe(0);
});

const spreading = [
  "SELECT other AS ds, v FROM p",
  "SELECT q.ds, p.v FROM q CROSS JOIN p",
  "SELECT a.ds, b.v FROM p a JOIN p b ON a.other = b.ds",
  "SELECT p.ds, q.v FROM q LEFT JOIN p ON p.ds = q.ds",
  "SELECT ds, v FROM p UNION ALL SELECT other, v FROM p",
  "SELECT ds, (SELECT max(v) FROM p) AS top FROM q",
  "SELECT ds FROM q WHERE EXISTS (SELECT FROM p WHERE p.v = q.v)",
  "SELECT a.ds, b.v FROM p a LEFT JOIN p b ON a.other = b.other AND a.v <> b.v",
  "SELECT ds, v FROM twice",
];

it.each(spreading)("may reach other keys: %s", async (query) => {
  expect(await passes(query)).toBe(false);
  expect(await reached(query)).toBeGreaterThan(0);
});

it.each([
  "WITH x AS (SELECT ds, v FROM p) SELECT a.ds, b.v FROM x a JOIN x b ON a.ds = b.ds",
  "SELECT ds, v FROM p ORDER BY v LIMIT 3",
  "SELECT ds || 'x' AS ds, v FROM p",
  "SELECT a.ds, b.v FROM p a FULL JOIN p b ON a.ds = b.ds",
  "SELECT a.ds FROM p a LEFT JOIN q ON a.ds = a.other AND q.ds = a.ds",
])("is not followed, or only where it is certain: %s", async (query) => {
  expect(await passes(query, "other")).toBe(false);
});

it("a function of the key that keeps order passes, not plainly", async () => {
  const query = "SELECT to_char(date_trunc('month', d), 'YYYY-MM') AS ds, v FROM p";
  const input = { query, searchPath: ["shop"], timeZone: "UTC" };
  const { analysis } = await describeQuery(db.database, input);
  expect(analysis.columns[0]?.passes).toEqual([
    { relation: "shop.p", column: "d", references: 1, plain: false },
  ]);
});
