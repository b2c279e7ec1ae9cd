// complete-statement: words by the grammar, names by the catalog, as the user of a client sees
// them.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestGateway, testGateway } from "../support/gateway.ts";
import { RestClient } from "./rest-client.ts";

let gateway: TestGateway;
let client: RestClient;
let name: string;

beforeAll(async () => {
  gateway = await testGateway();
  client = new RestClient(gateway.url);
  name = gateway.database.name;
  await client.execute("s", "CREATE TABLE orders (order_id bigint, amount int)");
  await client.execute("s", "CREATE DATABASE sales");
  await client.execute("s", "CREATE TABLE sales.offers (a int)");
  await client.execute("s", "CREATE WORKFLOW orderly TASKS (a EXECUTE 'SELECT 1')");
  await client.execute("s", 'CREATE QUEUE "order queue"');
});

afterAll(() => gateway.close());

describe("completion", () => {
  it.each([
    ["CREATE TA", 9, ["TABLE"]],
    ["SHOW CA", 7, ["CATALOGS"]],
    ["SELECT * FROM ord", 17, ["{}.public.orders"]],
    ["SELECT * FROM sales.of", 22, ["offers"]],
    ["DESCRIBE ord", 12, ["{}.public.orders"]],
    ["ALTER MATERIALIZED TABLE t SUS", 30, ["SUSPEND"]],
    ["SELECT am FROM orders", 9, ["amount"]],
    ["EXECUTE WORKFLOW ord", 20, ["{}.public.orderly"]],
    ["DROP QUEUE ord", 14, ["`order queue`"]],
    ["SHOW BACKFILLS FROM ord", 23, ["{}.public.orderly", "{}.public.orders"]],
    ["CREATE WORKFLOW w TASKS (ordered EXECUTE 'x', b REFRESH t AFTER (ord", 68, ["ordered"]],
    ["SELECT 'ord", 11, []],
    ["SHOW TABLES", -1, []],
    ["SHOW TABLES", 99, []],
  ])("%j at %d", async (statement, position, expected) => {
    const candidates = await client.complete("s", statement, position);
    expect(candidates).toEqual(expected.map((one) => one.replace("{}", name)));
  });

  it("counts code points beyond the first plane as clients do", async () => {
    const statement = "SELECT '\u{1f600}', am FROM orders";
    expect(await client.complete("s", statement, statement.indexOf(" FROM"))).toEqual(["amount"]);
  });
});
