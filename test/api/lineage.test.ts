// Lineage over /api/v1 and in the view: edges of tables and columns, up and down through all steps.

import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiKit, apiKit } from "./kit.ts";

let kit: ApiKit;
beforeAll(async () => {
  kit = await apiKit();
  await kit.gateway.database.query("CREATE TABLE orders (ds text, amount int, customer int)");
  await kit.gateway.database.query("CREATE VIEW big AS SELECT * FROM orders WHERE amount > 10");
  for (const [name, query] of [
    ["daily", "SELECT ds, sum(amount) AS total, count(*) AS n FROM big GROUP BY ds"],
    ["monthly", "SELECT left(ds, 7) AS month, sum(total) AS total FROM daily GROUP BY 1"],
    ["yearly", "SELECT left(month, 4) AS year, sum(total) AS total FROM monthly GROUP BY 1"],
    ["other", "SELECT ds, total AS t FROM daily"],
  ]) {
    await kit.session.execute(
      `CREATE MATERIALIZED TABLE ${name} FRESHNESS = INTERVAL '1' DAY REFRESH_MODE = FULL AS ${query}`,
    );
  }
});
afterAll(() => kit.close());

interface End {
  readonly name: string;
  readonly column: string | null;
}
interface Lineage {
  readonly nodes: readonly (End & { depth: number; materialized: boolean })[];
  readonly edges: readonly { from: End; to: End; transformation: string | null }[];
}

const nodes = ({ nodes: list }: Lineage) =>
  list.map((one) => `${one.depth} ${one.name}${one.column === null ? "" : `.${one.column}`}`);
const edges = ({ edges: list }: Lineage) =>
  list.map(({ from, to }) => `${from.name}.${from.column} > ${to.name}.${to.column}`).sort();

// covers: A-13, G-11
test("of a table, both ways, to a depth", async () => {
  const get = async (query: string): Promise<Lineage> =>
    (await kit.get(`/api/v1/lineage?${query}`)).body;
  expect(nodes(await get("name=monthly"))).toEqual([
    "0 monthly",
    "1 daily",
    "1 yearly",
    "2 big",
    "2 orders",
  ]);
  expect(nodes(await get("name=monthly&direction=upstream&depth=1"))).toEqual([
    "0 monthly",
    "1 daily",
  ]);
  expect(nodes(await get("name=orders&direction=downstream"))).toEqual([
    "0 orders",
    "1 daily",
    "2 monthly",
    "2 other",
    "3 yearly",
  ]);
  const all = await get("");
  expect(all.edges).toHaveLength(5);
  expect(all.nodes.filter((one) => !one.materialized).map((one) => one.name)).toEqual([
    "big",
    "orders",
  ]);
});

test("of a column, through views, with what is done on the way", async () => {
  const { body: up } = await kit.get("/api/v1/lineage?name=yearly&column=total&direction=upstream");
  expect(nodes(up)).toEqual([
    "0 yearly.total",
    "1 monthly.total",
    "2 daily.total",
    "3 orders.amount",
  ]);
  expect(edges(up)).toEqual([
    "daily.total > monthly.total",
    "monthly.total > yearly.total",
    "orders.amount > daily.total",
  ]);
  const { body: down } = await kit.get("/api/v1/lineage?name=orders&column=amount");
  expect(nodes(down)).toEqual([
    "0 orders.amount",
    "1 daily.total",
    "2 monthly.total",
    "2 other.t",
    "3 yearly.total",
  ]);
  const plain = down.edges.find((one: { to: End }) => one.to.name === "other");
  expect(plain.transformation).toBe("IDENTITY");
  const { body: whole } = await kit.get(
    "/api/v1/lineage?name=other&kind=column&direction=upstream",
  );
  expect(edges(whole)).toEqual([
    "daily.ds > other.ds",
    "daily.total > other.t",
    "orders.amount > daily.total",
    "orders.ds > daily.ds",
  ]);
  expect(whole.unresolved).toEqual([]);
});

test("follows ALTER … AS, and says what could not be followed", async () => {
  await kit.session.execute(
    `ALTER MATERIALIZED TABLE other AS
     WITH RECURSIVE walk AS (
       SELECT ds, total AS t FROM daily
       UNION ALL SELECT w.ds, w.t - 1 FROM walk w WHERE w.t > 1000000)
       SEARCH DEPTH FIRST BY ds SET path
     SELECT ds, t, path::text AS path FROM walk`,
  );
  const { body } = await kit.get(
    "/api/v1/lineage?name=other&kind=column&direction=upstream&depth=1",
  );
  expect(edges(body)).toEqual(["daily.ds > other.ds", "daily.total > other.t"]);
  expect(body.unresolved).toMatchObject([{ name: "other", column: "path" }]);
  const gaps = await kit.gateway.database.query(
    "SELECT name, column_name FROM sluice.lineage_gaps",
  );
  expect(gaps).toEqual([{ name: "other", column_name: "path" }]);
  const rows = await kit.gateway.database.query(
    `SELECT kind, column_name, source_name, source_column, transformation,
            source_is_materialized_table AS ours
     FROM sluice.lineage WHERE name = 'other' ORDER BY 1, 2`,
  );
  expect(rows).toEqual([
    {
      kind: "column",
      column_name: "ds",
      source_name: "daily",
      source_column: "ds",
      transformation: "IDENTITY",
      ours: true,
    },
    {
      kind: "column",
      column_name: "t",
      source_name: "daily",
      source_column: "total",
      transformation: "EXPRESSION",
      ours: true,
    },
    {
      kind: "table",
      column_name: null,
      source_name: "daily",
      source_column: null,
      transformation: null,
      ours: true,
    },
  ]);
});
