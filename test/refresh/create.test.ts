// CREATE: first load, what is refused, IF NOT EXISTS, CREATE OR ALTER; nothing is left behind by
// what fails.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GatewayError } from "../../src/common/gateway-error.ts";
import { interval, openWorld, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await world.db.query(`
    CREATE TABLE orders (id int PRIMARY KEY, shop text, amount int, ts timestamptz NOT NULL);
    INSERT INTO orders VALUES
      (1, 'a', 10, '2024-01-01 10:00Z'), (2, 'a', 20, '2024-01-01 11:00Z'),
      (3, 'b', 30, '2024-01-02 10:00Z'), (4, NULL, 40, '2024-01-02 12:00Z')`);
});
afterAll(() => world.close());

const daily = `SELECT to_char(ts, 'YYYY-MM-DD') AS ds, shop, sum(amount) AS total, count(*) AS n
  FROM orders GROUP BY 1, 2`;
const byDay = {
  partitionKeys: ["ds"],
  options: { "partition.fields.ds.date-formatter": "yyyy-MM-dd" },
};

async function code(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => null,
    (failure: unknown) => failure,
  );
  if (!(error instanceof GatewayError)) throw new Error(`no error of ours: ${String(error)}`);
  return error.code;
}

// covers: G-15, G-56
test("the first load fills the table, the ledger and the record", async () => {
  await world.create("daily", daily, byDay);
  expect(await world.rows("daily")).toEqual([
    "(2024-01-01,a,30,2)",
    "(2024-01-02,,40,1)",
    "(2024-01-02,b,30,1)",
  ]);
  expect(await world.ledger("daily")).toEqual(["ds=2024-01-01 FRESH 1", "ds=2024-01-02 FRESH 2"]);
  expect(await world.runs("daily")).toEqual(["INITIAL SUCCESSFUL"]);
  const rows = await world.db.query(`
    SELECT status, refresh_mode, requested_mode, freshness::text, last_status, row_count, healthy,
           owner, next_refresh IS NOT NULL AS scheduled
    FROM sluice.materialized_tables WHERE name = 'daily'`);
  expect(rows).toEqual([
    {
      status: "ACTIVATED",
      refresh_mode: "FULL",
      requested_mode: "FULL",
      freshness: "1 day",
      last_status: "SUCCESSFUL",
      row_count: 3,
      healthy: true,
      owner: "tester",
      scheduled: true,
    },
  ]);
});

test("an unpartitioned table has one cell", async () => {
  await world.create("shops", "SELECT shop, count(*) AS n FROM orders GROUP BY shop");
  expect(await world.ledger("shops")).toEqual([" FRESH 3"]);
});

test("an empty result is a load too", async () => {
  await world.create("none", "SELECT * FROM orders WHERE false");
  expect(await world.rows("none")).toEqual([]);
  expect(await world.ledger("none")).toEqual([" FRESH 0"]);
});

// covers: A-15, G-60
test("a column list orders or types, a primary key makes NOT NULL and an index", async () => {
  await world.create("typed", "SELECT shop, count(*) AS n FROM orders WHERE shop > '' GROUP BY 1", {
    columns: {
      kind: "typed",
      columns: [
        { name: "n", type: "numeric(10,2)", notNull: false, comment: "how many" },
        { name: "shop", type: "varchar(20)", notNull: true, comment: null },
      ],
    },
    primaryKey: { name: null, columns: ["shop"] },
    comment: "typed table",
  });
  expect(await world.rows("typed")).toEqual(["(a,2.00)", "(b,1.00)"]);
  const columns = await world.db.query(`
    SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
           a.attnotnull AS "notNull",
           col_description(a.attrelid, a.attnum) AS comment, obj_description(a.attrelid) AS "of"
    FROM pg_attribute a WHERE a.attrelid = 'typed'::regclass AND a.attnum > 0 ORDER BY attnum`);
  expect(columns).toEqual([
    {
      name: "shop",
      type: "character varying(20)",
      notNull: true,
      comment: null,
      of: "typed table",
    },
    { name: "n", type: "numeric(10,2)", notNull: false, comment: "how many", of: "typed table" },
  ]);
});

// covers: G-43
test("START_MODE says where the ledger begins", async () => {
  const startMode = {
    kind: "FROM_TIMESTAMP",
    interval: null,
    timestamp: { text: "2024-01-02 00:00:00", local: false },
  } as const;
  await world.db.setClock("2024-01-03T00:00:00Z");
  await world.create("later", daily, { ...byDay, startMode });
  expect(await world.ledger("later")).toEqual(["ds=2024-01-02 FRESH 2"]);
  const now = { kind: "FROM_NOW", interval: null, timestamp: null } as const;
  const created = await world.tables.create(
    world.request("empty", daily, { ...byDay, startMode: now }),
  );
  expect(created.instanceId).toBeNull();
  expect(await world.ledger("empty")).toEqual([]);
  await world.db.setClock(null);
});

test("CONTINUOUS: refused if asked for, said why if inferred", async () => {
  const query = "SELECT shop FROM orders";
  const asked = world.request("c1", query, { mode: "CONTINUOUS" });
  expect(await code(world.tables.create(asked))).toBe("MT-CONTINUOUS-NOT-YET");
  await world.create("c2", query, { mode: "AUTOMATIC", freshness: interval("3", "MINUTE") });
  const details = await world.tables.details(world.id("c2"));
  const found = Object.fromEntries(details.map(({ name, value }) => [name, value]));
  expect(found).toMatchObject({
    "refresh mode": "FULL",
    "requested mode": "AUTOMATIC",
    "mode reason":
      "CONTINUOUS_NOT_YET: CONTINUOUS was inferred, but this version of Sluice does not " +
      "have it yet",
    freshness: "INTERVAL '3' MINUTE",
    "last status": "SUCCESSFUL",
    healthy: "true",
  });
});

// covers: G-44, G-45
describe("refused, and nothing left behind", () => {
  test.each([
    ["SELECT 1 AS a, 2 AS a", {}, "MT-SCHEMA-DUPLICATE"],
    ["SELECT * FROM no_such_table", {}, "GW-POSTGRES"],
    ["SELECT shop FROM orders", { partitionKeys: ["ds"] }, "MT-PART-NOTINQUERY"],
    ["SELECT shop FROM orders", { options: { nope: "1" } }, "MT-OPTION-UNKNOWN"],
    ["SELECT shop FROM orders", { options: { queue: "nope" } }, "WF-QUEUE-UNKNOWN"],
    ["SELECT shop FROM orders", { freshness: interval("0", "DAY") }, "MT-FRESH-NONPOS"],
    [
      "SELECT shop FROM orders",
      { context: { searchPath: ["public"], timeZone: "Mars/Olympus" } },
      "MT-OPTION-VALUE",
    ],
    [
      "SELECT shop FROM orders",
      {
        columns: {
          kind: "typed" as const,
          columns: [{ name: "shop", type: "no_such_type", notNull: false, comment: null }],
        },
      },
      "MT-SCHEMA-UNKNOWN-TYPE",
    ],
    [
      "SELECT id FROM orders",
      {
        columns: {
          kind: "typed" as const,
          columns: [{ name: "id", type: "date", notNull: false, comment: null }],
        },
      },
      "MT-SCHEMA-TYPE",
    ],
  ])("%s %o", async (query, parts, expected) => {
    expect(await code(world.tables.create(world.request("refused", query, parts)))).toBe(expected);
    const left = await world.db.query(`
      SELECT relname::text AS name FROM pg_class WHERE relname LIKE 'refused%'
      UNION ALL SELECT name FROM sluice.materialized_tables WHERE name = 'refused'
      UNION ALL SELECT workflow FROM sluice.workflows WHERE table_name = 'refused'`);
    expect(left).toEqual([]);
  });

  // covers: G-55
  test("a name that is taken", async () => {
    const again = world.request("shops", "SELECT 1 AS one");
    expect(await code(world.tables.create(again))).toBe("MT-EXISTS");
    expect(await code(world.tables.create(world.request("orders", "SELECT 1 AS one")))).toBe(
      "MT-EXISTS",
    );
    const known = await world.tables.create({ ...again, ifNotExists: true });
    expect(known).toMatchObject({ outcome: "unchanged", instanceId: null });
  });

  test("another catalog, another database", async () => {
    const request = world.request("x", "SELECT 1 AS one");
    const catalog = { ...request, identifier: { ...request.identifier, catalog: "elsewhere" } };
    expect(await code(world.tables.create(catalog))).toBe("MT-CATALOG");
    const database = { ...request, identifier: world.id("x", "nowhere") };
    expect(await code(world.tables.create(database))).toBe("MT-DATABASE-NOTFOUND");
  });
});

test("nothing failed without a row", () => {
  expect(world.errors).toEqual([]);
});
