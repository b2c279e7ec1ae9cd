// Which columns feed a column: each query goes through the server, so that its own canonical form
// is what is followed.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ColumnLineage } from "../../src/query/column-lineage.ts";
import { describeQuery } from "../../src/query/describe.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
  await db.query(`
    CREATE SCHEMA shop;
    CREATE TABLE shop.orders (
      id bigint PRIMARY KEY, ts timestamptz, amount numeric, customer int, items jsonb,
      region text);
    CREATE TABLE shop.customers (customer int PRIMARY KEY, name text, region text);
    CREATE TABLE shop.edges (child int, parent int, weight int);
    CREATE TABLE shop."Odd ""t""" ("a.b" int, "select" int);
    CREATE VIEW shop.per_day AS
      SELECT date_trunc('day', ts) AS day, sum(amount) AS total, count(*) AS n
      FROM shop.orders GROUP BY 1;
    CREATE VIEW shop.over_view AS SELECT day AS d, total * 2 AS twice FROM shop.per_day`);
});
afterAll(() => db.close());

async function lineage(query: string): Promise<readonly ColumnLineage[]> {
  const input = { query, searchPath: ["shop"], timeZone: "UTC" };
  return (await describeQuery(db.database, input)).analysis.lineage ?? [];
}

/** `column: relation.column/step, …`, or `column? reason`. */
async function told(query: string): Promise<string[]> {
  return (await lineage(query)).map(({ column, sources, gap }) => {
    if (gap !== null) return `${column}? ${gap}`;
    const list = sources.map(
      (one) => `${one.name}.${one.column}/${one.transformation.slice(0, 3).toLowerCase()}`,
    );
    return `${column}: ${list.sort().join(" ")}`.trimEnd();
  });
}

describe("a column is fed by", () => {
  test.each([
    ["a plain column", "SELECT amount FROM orders", ["amount: orders.amount/ide"]],
    ["a renamed one", "SELECT amount AS a FROM orders AS o", ["a: orders.amount/ide"]],
    ["a constant: nothing", "SELECT 1 AS one, now() AS at FROM orders", ["one:", "at:"]],
    ["count(*): nothing", "SELECT count(*) AS n FROM orders", ["n:"]],
    [
      "an expression, a cast, CASE, COALESCE",
      `SELECT amount + id AS a, ts::date AS b, CASE WHEN amount > 1 THEN region END AS c,
              coalesce(region, 'x') AS d FROM orders`,
      [
        "a: orders.amount/exp orders.id/exp",
        "b: orders.ts/exp",
        "c: orders.amount/exp orders.region/exp",
        "d: orders.region/exp",
      ],
    ],
    [
      "an aggregate, its filter and order included, its GROUP BY not",
      `SELECT region, sum(amount * 2) FILTER (WHERE customer > 1) AS s,
              string_agg(region, ',' ORDER BY ts) AS l FROM orders GROUP BY region`,
      [
        "region: orders.region/ide",
        "s: orders.amount/agg orders.customer/agg",
        "l: orders.region/agg orders.ts/agg",
      ],
    ],
    [
      "a window and what it goes by, named or not",
      `SELECT row_number() OVER (PARTITION BY region ORDER BY ts) AS n,
              sum(amount) OVER w AS s FROM orders WINDOW w AS (ORDER BY id)`,
      ["n: orders.region/agg orders.ts/agg", "s: orders.amount/agg orders.id/agg"],
    ],
    [
      "a join: values, not conditions",
      `SELECT o.amount, c.name FROM orders o JOIN customers c ON c.customer = o.customer
       WHERE o.region = c.region`,
      ["amount: orders.amount/ide", "name: customers.name/ide"],
    ],
    [
      "USING: one side, or both of a full join",
      "SELECT customer, c.name FROM orders FULL JOIN customers c USING (customer)",
      ["customer: customers.customer/ide orders.customer/ide", "name: customers.name/ide"],
    ],
    [
      "an aliased join",
      "SELECT j.customer, j.name FROM (orders JOIN customers USING (customer, region)) AS j",
      ["customer: orders.customer/ide", "name: customers.name/ide"],
    ],
    [
      "a star",
      "SELECT * FROM (SELECT id, amount AS a FROM orders) AS s",
      ["id: orders.id/ide", "a: orders.amount/ide"],
    ],
    [
      "a whole row",
      "SELECT to_jsonb(c) AS j FROM customers c",
      ["j: customers.customer/exp customers.name/exp customers.region/exp"],
    ],
    [
      "sub-queries, nested and renamed",
      `SELECT x AS y FROM (SELECT a + 1 FROM (SELECT amount FROM orders) AS i (a)) AS o (x)`,
      ["y: orders.amount/exp"],
    ],
    [
      "WITH, read twice",
      `WITH s AS (SELECT customer, sum(amount) AS total FROM orders GROUP BY 1)
       SELECT a.customer, a.total - b.total AS diff FROM s a JOIN s b ON b.customer = a.customer`,
      ["customer: orders.customer/ide", "diff: orders.amount/agg"],
    ],
    [
      "a recursive WITH, through the recursion too",
      `WITH RECURSIVE up (node, top, w) AS (
         SELECT child, parent, 0 FROM edges
         UNION ALL
         SELECT u.node, e.parent, u.w + e.weight FROM up u JOIN edges e ON e.child = u.top)
       SELECT node, top, w FROM up`,
      ["node: edges.child/ide", "top: edges.parent/ide", "w: edges.weight/exp"],
    ],
    [
      "UNION, column by column",
      `SELECT region, amount FROM orders UNION ALL SELECT name, customer FROM customers`,
      [
        "region: customers.name/ide orders.region/ide",
        "amount: customers.customer/ide orders.amount/ide",
      ],
    ],
    [
      "a scalar sub-query, correlated",
      `SELECT (SELECT max(c.name) FROM customers c WHERE c.customer = o.customer) AS n,
              (SELECT o.amount + 1) AS a FROM orders o`,
      ["n: customers.name/agg", "a: orders.amount/exp"],
    ],
    [
      "IN and EXISTS: what decides",
      `SELECT region IN (SELECT region FROM customers) AS i,
              EXISTS (SELECT FROM customers c WHERE c.customer = o.customer) AS e FROM orders o`,
      [
        "i: customers.region/exp orders.region/exp",
        "e: customers.customer/exp orders.customer/exp",
      ],
    ],
    [
      "LATERAL and functions in FROM",
      `SELECT i.value ->> 'sku' AS sku, l.twice, g AS k
       FROM orders o, LATERAL (SELECT o.amount * 2 AS twice) l,
            jsonb_array_elements(o.items) AS i (value), generate_series(1, 2) AS g`,
      ["sku: orders.items/exp", "twice: orders.amount/exp", "k:"],
    ],
    [
      "views, through views",
      "SELECT d, twice FROM over_view",
      ["d: orders.ts/exp", "twice: orders.amount/agg"],
    ],
    ["VALUES: nothing", "SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS v (n, l)", ["n:", "l:"]],
    [
      "odd names",
      `SELECT t."a.b", t."select" + 1 AS s FROM "Odd ""t""" t`,
      [`a.b: Odd "t".a.b/ide`, `s: Odd "t".select/exp`],
    ],
    ["system columns", "SELECT tableoid::bigint AS t FROM orders", ["t: orders.tableoid/exp"]],
  ])("%s", async (_, query, expected) => {
    expect(await told(query)).toEqual(expected);
  });
});

test("what cannot be followed is a gap, and says why; the others are told", async () => {
  const query = `
    WITH RECURSIVE walk AS (
      SELECT child AS node FROM edges
      UNION ALL SELECT e.parent FROM edges e JOIN walk w ON w.node = e.child)
      SEARCH DEPTH FIRST BY node SET path
    SELECT node, path::text AS path FROM walk`;
  const [node, path] = await lineage(query);
  expect(node).toMatchObject({ column: "node", gap: null });
  expect(path).toMatchObject({ column: "path", sources: [] });
  expect(path?.gap).toMatch(/could not be followed/);
});
