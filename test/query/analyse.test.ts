// What follows from the canonical text: which base column feeds a key, whether its partitions can
// be computed alone. Each query goes through the server, so that its own canonical form is what is
// analysed.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeQuery } from "../../src/query/describe.ts";
import { type QueryAnalysis, whyNotLocal } from "../../src/query/query-analysis.ts";
import { testDatabase, type TestDatabase } from "../support/database.ts";

let db: TestDatabase;

beforeAll(async () => {
  db = await testDatabase();
  await db.query(`
    CREATE SCHEMA shop;
    CREATE TABLE shop.orders (
      id bigint PRIMARY KEY, ts timestamptz NOT NULL, lts timestamp, d date, amt numeric,
      customer int, region text);
    CREATE INDEX ON shop.orders (ts);
    CREATE TABLE shop.customers (id int PRIMARY KEY, since timestamptz, name text);
    CREATE TABLE shop.tags (order_id bigint, tag text);
    CREATE VIEW shop.days AS SELECT to_char(ts, 'YYYY-MM-DD') AS ds, ts, amt FROM shop.orders;
    CREATE VIEW shop.ranked AS
      SELECT to_char(ts, 'YYYY-MM-DD') AS ds, row_number() OVER (ORDER BY amt) AS n
      FROM shop.orders`);
});
afterAll(() => db.close());

async function analyse(query: string): Promise<QueryAnalysis> {
  const input = { query, searchPath: ["shop"], timeZone: "Europe/Berlin" };
  return (await describeQuery(db.database, input)).analysis;
}

const keyOf = (analysis: QueryAnalysis, name = "ds") =>
  analysis.columns.find((column) => column.name === name);

describe("the base column of a key", () => {
  it.each([
    ["to_char(ts, 'YYYY-MM-DD')", ["local", "to_char"], "day", "yyyy-MM-dd"],
    ["to_char(ts, 'YYYYMMDDHH24')", ["local", "to_char"], "hour", "yyyyMMddHH"],
    [`to_char(ts, 'YYYY-MM-DD"T"HH24')`, ["local", "to_char"], "hour", "yyyy-MM-dd'T'HH"],
    ["to_char(ts, 'YYYY-MM')", ["local", "to_char"], "month", "yyyy-MM"],
    ["to_char(lts, 'YYYY')", ["to_char"], "year", "yyyy"],
    ["to_char(d, 'YYYYMM')", ["zoned", "to_char"], "month", "yyyyMM"],
    ["ts::date", ["local", "date"], "day", null],
    ["lts::date", ["date"], "day", null],
    ["ts::date::text", ["local", "date", "to_char"], "day", "yyyy-MM-dd"],
    ["date_trunc('hour', ts)", ["local", "date_trunc"], "hour", null],
    ["date_trunc('month', ts)::date", ["local", "date_trunc", "date"], "month", null],
    ["date_trunc('week', lts)", ["date_trunc"], "week", null],
    ["date_trunc('day', ts, 'Asia/Tokyo')", ["local", "date_trunc"], "day", null],
    ["(ts AT TIME ZONE 'Asia/Tokyo')::date", ["local", "date"], "day", null],
    [
      "to_char(date_trunc('month', ts), 'YYYY-MM-DD')",
      ["local", "date_trunc", "to_char"],
      "month",
      "yyyy-MM-dd",
    ],
    ["date_trunc('month', d)::date", ["zoned", "date_trunc", "date"], "month", null],
  ])("%s", async (expression, steps, grain, pattern) => {
    const key = keyOf(await analyse(`SELECT ${expression} AS ds, sum(amt) FROM orders GROUP BY 1`));
    expect(key?.sources.map((each) => each.transformations.map((step) => step.kind))).toEqual([
      steps,
    ]);
    expect(key?.time).toEqual({ grain, pattern });
    expect(key?.notLocal).toBeNull();
  });

  it.each([
    "to_char(ts, 'DD')",
    "to_char(ts, 'FMYYYY-MM-DD')",
    "to_char(ts, 'YYYY-Mon')",
    "to_char(ts, 'YYYY-MM-DD HH12')",
    "to_char(ts, 'YYYYSSSS')",
    "to_char(ts, region)",
    "ts::timestamp(0)::date",
    "(lts AT TIME ZONE 'Asia/Tokyo')::date",
    "date_trunc('day', ts + amt * interval '1 day')",
    "coalesce(ts, lts)::date",
    "region",
  ])("%s is followed to none that could be used", async (expression) => {
    const key = keyOf(await analyse(`SELECT ${expression} AS ds, sum(amt) FROM orders GROUP BY 1`));
    expect(key?.time).toBeNull();
  });

  it("of type date is a time key without help", async () => {
    const key = keyOf(await analyse("SELECT d AS ds FROM orders"));
    expect([key?.time, key?.sources]).toEqual([{ grain: "day", pattern: null }, []]);
  });

  it("says whether an index begins with it", async () => {
    const { columns } = await analyse("SELECT ts::date AS a, lts::date AS b FROM orders");
    expect(columns.map((column) => column.sources[0]?.indexed)).toEqual([true, false]);
  });

  it.each([
    "SELECT to_char(o.ts, 'YYYY-MM-DD') AS ds FROM orders o LEFT JOIN customers c ON c.id = o.customer",
    "SELECT to_char(o.ts, 'YYYY-MM-DD') AS ds FROM customers c LEFT JOIN orders o ON c.id = o.customer",
    "SELECT s.ds FROM (SELECT to_char(ts, 'YYYY-MM-DD') AS ds, sum(amt) FROM orders GROUP BY 1) s",
    "WITH w AS (SELECT to_char(ts, 'YYYY-MM-DD') AS ds FROM orders) SELECT ds FROM w",
    "SELECT to_char(x.t, 'YYYY-MM-DD') AS ds FROM (SELECT ts AS t FROM orders WHERE amt > 1) x",
    "SELECT to_char(x.a, 'YYYY-MM-DD') AS ds FROM orders AS x(i, a) WHERE i > 1 OR i < 0",
    "SELECT to_char(ts, 'YYYY-MM-DD') AS ds FROM days",
    "SELECT to_char(o.ts, 'YYYY-MM-DD') AS ds, percentile_cont(0.5) WITHIN GROUP (ORDER BY amt) FROM orders o GROUP BY 1 HAVING count(*) > 1",
    `SELECT to_char(o.ts, 'YYYY-MM-DD') AS ds, 'where é group by' AS "order by" FROM orders o ORDER BY 1`,
  ])("has one place for a condition: %s", async (query) => {
    expect(keyOf(await analyse(query))?.sources).toHaveLength(1);
  });

  it("has one place in each branch of a UNION", async () => {
    const key = keyOf(
      await analyse(`SELECT to_char(ts, 'YYYY-MM-DD') AS ds FROM orders
        UNION ALL SELECT to_char(since, 'YYYY-MM-DD') FROM customers`),
    );
    expect(key?.sources.map((each) => each.relation)).toEqual(["shop.orders", "shop.customers"]);
  });

  it.each([
    "WITH w AS (SELECT to_char(ts, 'YYYY-MM-DD') AS ds, amt FROM orders) SELECT a.ds FROM w a JOIN w b USING (amt)",
    "SELECT ds FROM days",
  ])("has none where it would narrow something else: %s", async (query) => {
    expect(keyOf(await analyse(query))?.sources).toEqual([]);
  });

  it("inside a view still tells its grain", async () => {
    const key = keyOf(await analyse("SELECT ds, sum(amt) FROM days GROUP BY ds"));
    expect(key?.time).toEqual({ grain: "day", pattern: "yyyy-MM-dd" });
  });

  it("can be named by the user: all temporal columns in the text are known", async () => {
    const { references } = await analyse(
      "SELECT o.region AS ds FROM orders o JOIN days d USING (ts)",
    );
    expect(references.map(({ alias, source }) => `${alias}.${source.column}`)).toEqual([
      "o.ts",
      "o.lts",
      "o.d",
      "d.ts",
    ]);
  });
});

const day = "to_char(ts, 'YYYY-MM-DD')";

describe("partitions can be computed alone", () => {
  it.each([
    `SELECT ${day} AS ds, amt FROM orders`,
    `SELECT DISTINCT ${day} AS ds FROM orders`,
    `SELECT DISTINCT ON (${day}) ${day} AS ds, amt FROM orders ORDER BY ${day}, amt`,
    `SELECT ${day} AS ds, sum(amt) FROM orders GROUP BY 1 HAVING sum(amt) > 1`,
    `SELECT to_char(ts, 'YYYY-MM') AS ds, row_number() OVER (PARTITION BY ts ORDER BY amt) FROM orders`,
    `SELECT ${day} AS ds, row_number() OVER w FROM orders WINDOW w AS (PARTITION BY ${day} ORDER BY amt)`,
    `SELECT ${day} AS ds, sum(sum(amt)) OVER (PARTITION BY ${day}) FROM orders GROUP BY 1, region`,
    `SELECT ${day} AS ds, t.tag FROM orders o, LATERAL unnest(string_to_array(o.region, ',')) AS t(tag)`,
    `SELECT o.ds, c.n FROM days o JOIN (SELECT ds, count(*) AS n FROM days GROUP BY ds) c ON c.ds = o.ds`,
    `SELECT ds, c.n FROM days o JOIN (SELECT ds, count(*) AS n FROM days GROUP BY ds) c USING (ds)`,
    `SELECT ${day} AS ds, n FROM orders o JOIN (SELECT order_id, count(*) AS n FROM tags GROUP BY 1) t ON t.order_id = o.id`,
    `SELECT ${day} AS ds FROM orders o WHERE EXISTS (SELECT FROM tags t WHERE t.order_id = o.id)`,
    `SELECT ${day} AS ds FROM orders UNION SELECT to_char(since, 'YYYY-MM-DD') FROM customers`,
    `SELECT ${day} AS ds FROM orders EXCEPT ALL SELECT 'x'`,
    `SELECT * FROM (SELECT ${day} AS ds, count(*) FROM orders GROUP BY 1) s`,
  ])("%s", async (query) => {
    expect(whyNotLocal(await analyse(query), ["ds"])).toBeNull();
  });

  it.each([
    [`SELECT ${day} AS ds FROM orders LIMIT 10`, "LIMIT"],
    [`SELECT ds FROM (SELECT ${day} AS ds FROM orders ORDER BY amt LIMIT 10) s`, "LIMIT"],
    [`SELECT ds FROM (SELECT ${day} AS ds FROM orders UNION ALL SELECT 'x' OFFSET 1) s`, "LIMIT"],
    [`SELECT ${day} AS ds, row_number() OVER (ORDER BY amt) FROM orders`, "WINDOW"],
    [`SELECT ${day} AS ds, sum(amt) OVER (PARTITION BY region) FROM orders`, "WINDOW"],
    [`SELECT ${day} AS ds FROM orders ORDER BY row_number() OVER (ORDER BY amt)`, "WINDOW"],
    [
      `SELECT to_char(ts, 'YYYY-MM-DD') AS ds, rank() OVER (PARTITION BY to_char(ts, 'YYYY-MM')) FROM orders`,
      "WINDOW",
    ],
    ["SELECT ds, n FROM ranked", "WINDOW"],
    [`SELECT DISTINCT ON (region) ${day} AS ds FROM orders ORDER BY region`, "DISTINCT_ON"],
    ["SELECT to_char(max(ts), 'YYYY-MM-DD') AS ds FROM orders", "SCALAR_AGG"],
    ["SELECT customer, to_char(max(ts), 'YYYY-MM-DD') AS ds FROM orders GROUP BY 1", "AGG_KEY"],
    [`SELECT ${day} AS ds, sum(amt) FROM orders GROUP BY ROLLUP (1)`, "GROUPING_SETS"],
    [
      "WITH RECURSIVE r AS (SELECT 1 AS ds UNION ALL SELECT ds + 1 FROM r WHERE ds < 9) SELECT ds FROM r",
      "RECURSIVE",
    ],
    [
      `SELECT ${day} AS ds, t.total FROM orders CROSS JOIN (SELECT sum(amt) AS total FROM orders) t`,
      "SUBQUERY",
    ],
    [
      `SELECT o.ds, c.n FROM days o JOIN (SELECT amt, count(*) AS n FROM days GROUP BY 1) c USING (amt)`,
      "SUBQUERY",
    ],
    [`SELECT o.ds FROM days o JOIN (SELECT DISTINCT amt FROM days) c USING (amt)`, "SUBQUERY"],
    [
      `SELECT o.ds FROM days o JOIN (SELECT amt FROM days UNION SELECT 1) c USING (amt)`,
      "SUBQUERY",
    ],
    [`SELECT ${day} AS ds FROM orders WHERE amt > (SELECT avg(amt) FROM orders)`, "SUBQUERY"],
    ["SELECT (SELECT max(name) FROM customers) AS ds FROM orders", "LINEAGE"],
    ["SELECT to_char(now(), 'YYYY') AS ds FROM orders", "NONDETERMINISTIC"],
  ])("not: %s: %s", async (query, code) => {
    expect(whyNotLocal(await analyse(query), ["ds"])?.code).toBe(code);
  });

  it("by several keys only if by each of them", async () => {
    const analysis = await analyse(
      "SELECT ts::date AS a, region AS b, sum(amt) OVER (PARTITION BY region) FROM orders",
    );
    expect(whyNotLocal(analysis, ["b"])).toBeNull();
    expect(whyNotLocal(analysis, ["b", "a"])?.code).toBe("WINDOW");
    expect(whyNotLocal(analysis, ["nosuch"])?.code).toBe("LINEAGE");
  });
});
