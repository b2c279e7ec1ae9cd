// What the server says a query is, on real PostgreSQL: canonical text, columns, sources, refusals
// with positions.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GatewayError } from "../../src/common/gateway-error.ts";
import { sql, trusted } from "../../src/common/sql.ts";
import { describeQuery, type QueryDescription } from "../../src/query/describe.ts";
import { testDatabase, type TestDatabase } from "../support/database.ts";

let db: TestDatabase;

beforeAll(async () => {
  db = await testDatabase();
  await db.query(`
    CREATE SCHEMA shop;
    CREATE TYPE shop.mood AS ENUM ('low', 'high');
    CREATE TABLE shop.orders (
      id bigint PRIMARY KEY, ts timestamptz NOT NULL, amount numeric(10,2), mood shop.mood,
      customer int NOT NULL);
    CREATE TABLE shop.customers (id int PRIMARY KEY, name text NOT NULL);
    CREATE VIEW shop.recent AS SELECT id, ts, amount FROM shop.orders WHERE ts > '2020-01-01';
    CREATE MATERIALIZED VIEW shop.cached AS SELECT count(*) AS n FROM shop.orders;
    CREATE FUNCTION shop.twice(x numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT x * 2';
    CREATE FUNCTION shop.rate() RETURNS numeric LANGUAGE sql STABLE AS 'SELECT 1.5';
    CREATE OPERATOR shop.|+| (LEFTARG = numeric, RIGHTARG = numeric, FUNCTION = numeric_add)`);
});
afterAll(() => db.close());

const ask = (query: string, more: object = {}): Promise<QueryDescription> =>
  describeQuery(db.database, { query, searchPath: ["shop"], timeZone: "UTC", ...more });

async function refusal(query: string, more: object = {}): Promise<GatewayError> {
  const error = await ask(query, more).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof GatewayError)) throw new Error(`no refusal of ${query}: ${String(error)}`);
  return error;
}

describe("columns", () => {
  it("have names, types without a search path and proven nullability", async () => {
    const { columns } = await ask(
      "SELECT o.id, ts, amount, mood, count(*), NULL AS nothing, 'x' AS letter FROM orders o GROUP BY o.id",
    );
    expect(columns.map(({ name, type, nullable }) => [name, type, nullable])).toEqual([
      ["id", "bigint", false],
      ["ts", "timestamp with time zone", false],
      ["amount", "numeric(10,2)", true],
      ["mood", "shop.mood", true],
      ["count", "bigint", false],
      ["nothing", "text", true],
      ["letter", "text", false],
    ]);
    expect(columns[0]?.typeOid).toBe(20);
  });

  it("of the nullable side of a join may be null", async () => {
    const { columns } = await ask(
      "SELECT o.id, c.name FROM orders o LEFT JOIN customers c ON c.id = o.customer",
    );
    expect(columns.map((column) => column.nullable)).toEqual([false, true]);
  });

  it("without a name keep PostgreSQL's", async () => {
    const { columns } = await ask("SELECT 1 + 1, upper('a')");
    expect(columns.map((column) => column.name)).toEqual(["?column?", "upper"]);
  });
});

describe("canonical text", () => {
  it("is valid under an empty search path, with operators and functions of the user", async () => {
    const { expandedQuery } = await ask(
      "SELECT shop.twice(amount) |+| 1, mood::mood FROM orders WHERE mood = 'low' -- last",
    );
    await db.database.transaction(async (tx) => {
      await tx.execute(trusted("SET LOCAL search_path = ''"));
      expect(await tx.query(sql`SELECT count(*) AS n FROM (${trusted(expandedQuery)}) q`)).toEqual([
        { n: 0 },
      ]);
    });
    expect(expandedQuery).toContain("shop.orders");
    expect(expandedQuery).not.toMatch(/;\s*$/);
  });

  it("reads constants in the table's zone", async () => {
    const winter = await ask("SELECT * FROM orders WHERE ts > '2024-01-01'", {
      timeZone: "Asia/Tokyo",
    });
    expect(winter.expandedQuery).toMatch(/2024-01-01 00:00:00\+09/);
  });

  it("leaves nothing behind, in a transaction of the caller's neither", async () => {
    await db.database.transaction(async (tx) => {
      await describeQuery(tx, { query: "SELECT 1", searchPath: ["shop"], timeZone: "Asia/Tokyo" });
      const rows = await tx.query<{ zone: string; path: string; left: number }>(sql`
        SELECT current_setting('TimeZone') AS zone, current_setting('search_path') AS path,
          (SELECT count(*) FROM pg_class
           WHERE relname LIKE 'sluice\\_%' AND relpersistence = 't') AS left`);
      expect(rows).toEqual([{ zone: "UTC", path: '"$user", public', left: 0 }]);
    });
  });
});

describe("sources", () => {
  it("are found through views and known by kind", async () => {
    const { sources, analysis } = await ask("SELECT r.id, c.n FROM recent r, cached c, pg_class p");
    expect(
      sources
        .map(({ schema, name, kind, throughView }) => [schema, name, kind, throughView])
        .sort(),
    ).toEqual([
      ["pg_catalog", "pg_class", "table", false],
      ["shop", "cached", "matview", false],
      ["shop", "orders", "table", true],
      ["shop", "recent", "view", false],
    ]);
    expect(analysis.notes.map((note) => note.code)).toEqual(["NOT_LOCKABLE"]);
  });

  it("do not count a WITH query for a table", async () => {
    const { sources } = await ask("WITH customers AS (SELECT 1 AS id) SELECT * FROM customers");
    expect(sources).toEqual([]);
  });
});

describe("refusals", () => {
  it("of the server keep SQLSTATE, and positions point into the user's statement", async () => {
    const error = await refusal("SELECT 'é', nosuch FROM orders", { offset: 40 });
    expect([error.code, error.sqlstate, error.position]).toEqual(["GW-POSTGRES", "42703", 40 + 12]);
  });

  it("of the syntax have a position too", async () => {
    const error = await refusal("SELECT 'é', 1 fro m x", { offset: 7 });
    expect([error.code, error.sqlstate, error.position]).toEqual(["GW-POSTGRES", "42601", 7 + 18]);
  });

  it.each([
    ["SELECT 1 AS a, 2 AS a", "MT-SCHEMA-DUPLICATE"],
    ["SELECT", "MT-SCHEMA-NO-COLUMNS"],
    ["SELECT 1; SELECT 2", "MT-QUERY"],
    ["SELECT 1; DROP TABLE shop.orders", "MT-QUERY"],
    ["DELETE FROM orders", "MT-QUERY"],
    ["", "GW-POSTGRES"],
    ["SELECT 1 \0; DROP TABLE shop.orders", "GW-POSTGRES"],
    ["-- nothing", "MT-QUERY"],
    ["SELECT $1::int", "MT-QUERY"],
    ["SELECT * INTO x FROM orders", "MT-QUERY"],
    ["SELECT * FROM orders FOR UPDATE", "MT-QUERY"],
    ["SELECT * FROM (SELECT * FROM orders FOR SHARE) s", "MT-QUERY"],
    ["SELECT id FROM orders UNION ALL (SELECT id FROM orders FOR SHARE)", "MT-QUERY"],
    ["WITH d AS (DELETE FROM orders RETURNING id) SELECT * FROM d", "MT-QUERY"],
    ["SELECT * FROM sluice_private.cells", "MT-QUERY"],
    ["SELECT nosuch()", "GW-POSTGRES"],
  ])("%s: %s", async (query, code) => {
    expect((await refusal(query)).code).toBe(code);
  });

  it("of the table itself, directly and through a view", async () => {
    const self = { database: "shop", name: "orders" };
    expect((await refusal("SELECT id FROM orders", { self })).code).toBe("MT-SELF-REFERENCE");
    const through = await refusal("SELECT id FROM recent", { self });
    expect([through.code, through.detail]).toEqual([
      "MT-SELF-REFERENCE",
      "A view that it reads does so.",
    ]);
  });

  //
  it("of temporary relations", async () => {
    await db.database.transaction(async (tx) => {
      await tx.execute(trusted("CREATE TEMP TABLE mine (a int)"));
      await expect(
        describeQuery(tx, { query: "SELECT a FROM mine", searchPath: ["shop"], timeZone: "UTC" }),
      ).rejects.toMatchObject({ code: "MT-TEMPORARY" });
    });
  });

  it("of relations whose rows a policy would hide", async () => {
    await db.query(`
      CREATE TABLE shop.secret (a int);
      ALTER TABLE shop.secret ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY`);
    expect((await refusal("SELECT a FROM secret")).code).toBe("MT-ROW-SECURITY");
  });
});

describe("notes", () => {
  it.each([
    ["SELECT now()", "NONDETERMINISTIC"],
    ["SELECT CURRENT_DATE", "NONDETERMINISTIC"],
    ["SELECT * FROM orders WHERE ts > now() - interval '1 day'", "NONDETERMINISTIC"],
    ["SELECT random()", "NONDETERMINISTIC"],
    ["SELECT rate()", "NONDETERMINISTIC"],
    ["SELECT current_setting('a.b', true)", "NONDETERMINISTIC"],
    ["SELECT age(ts) FROM orders", "NONDETERMINISTIC"],
    ["SELECT * FROM orders TABLESAMPLE bernoulli (10)", "NONDETERMINISTIC"],
    ["SELECT 'now'::timestamptz", "FROZEN_TIME"],
  ])("%s: %s", async (query, code) => {
    const { analysis } = await ask(query);
    expect(analysis.notes.map((note) => note.code)).toContain(code);
    expect(analysis.deterministic).toBe(code === "FROZEN_TIME");
  });

  it.each([
    "SELECT to_char(ts, 'YYYY'), ts::date, age(ts, ts) FROM orders",
    "SELECT twice(amount) FROM orders",
    "SELECT CURRENT_USER",
  ])("%s: none", async (query) => {
    const { analysis } = await ask(query);
    expect([analysis.notes, analysis.deterministic]).toEqual([[], true]);
  });
});
