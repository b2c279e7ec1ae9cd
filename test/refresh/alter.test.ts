// ALTER, CREATE OR ALTER, DROP: what changes, what is refused, in which words.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { GatewayError } from "../../src/common/gateway-error.ts";
import type { CreateTable } from "../../src/refresh/table-requests.ts";
import { interval, openWorld, type World } from "./world.ts";

let world: World;
let count = 0;
/** Name of the table of the running test. */
let name = "";
beforeAll(async () => {
  world = await openWorld();
  await world.db.query(`
    CREATE TABLE orders (id int PRIMARY KEY, shop text, amount int NOT NULL);
    INSERT INTO orders VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 30)`);
});
afterAll(() => world.close());
beforeEach(() => {
  name = `t${++count}`;
});

const totals = "SELECT shop, sum(amount) AS total FROM orders GROUP BY shop";

async function failure(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof GatewayError)) throw new Error(`no error of ours: ${String(error)}`);
  return `${error.code}: ${error.flink?.text.replaceAll(world.db.name, "c") ?? error.message}`;
}

function alterQuery(query: string, options: Record<string, string> = {}) {
  return world.tables.alterQuery({
    identifier: world.id(name),
    context: { searchPath: ["public"], timeZone: "UTC" },
    options,
    query,
  });
}

async function definition(): Promise<Record<string, unknown>> {
  const table = await world.tables.get(world.id(name), "alter");
  const { version, status, options, comment, columns, freshness, requestedMode } = table;
  const names = columns.map((column) => `${column.name}${column.nullable ? "?" : ""}`);
  return { version, status, options, comment, columns: names, freshness, requestedMode };
}

describe("SUSPEND and RESUME", () => {
  test("each twice is an error with Flink's sentence", async () => {
    await world.create(name, totals);
    const id = world.id(name);
    expect(await failure(world.tables.resume(id, {}))).toBe(
      `MT-STATE-ACTIVE: Materialized table \`c\`.\`public\`.\`${name}\` refresh workflow ` +
        "has been resumed.",
    );
    await world.tables.suspend(id, {});
    expect(await failure(world.tables.suspend(id, {}))).toBe(
      `MT-STATE-SUSPENDED: Materialized table \`c\`.\`public\`.\`${name}\` refresh ` +
        "workflow has been suspended.",
    );
    const state = "SELECT status, next_refresh FROM sluice.materialized_tables WHERE name = ";
    expect(await world.db.query(`${state} '${name}'`)).toEqual([
      { status: "SUSPENDED", next_refresh: null },
    ]);
    await world.tables.resume(id, { retries: "7" });
    expect(await definition()).toMatchObject({ status: "ACTIVATED", options: { retries: "7" } });
  });

  test("of what is not there, and of what is none", async () => {
    expect(await failure(world.tables.suspend(world.id("nope"), {}))).toBe(
      "MT-NOTFOUND: Cannot find table '`c`.`public`.`nope`' in any of the catalogs [c], " +
        "nor as a temporary table.",
    );
    expect(await failure(world.tables.suspend(world.id("orders"), {}))).toBe(
      "MT-NOT-MT: Table `c`.`public`.`orders` is not a materialized table, does not " +
        "support materialized table related operation.",
    );
    expect(await failure(world.tables.comment(world.id("orders"), "x"))).toBe(
      "MT-ALTER-ON-TABLE: ALTER MATERIALIZED TABLE for a table is not allowed",
    );
    expect(await failure(world.tables.comment(world.id("nope"), "x"))).toBe(
      "MT-NOTFOUND: Materialized table `c`.`public`.`nope` doesn't exist.",
    );
  });
});

describe("options, freshness, comment, name", () => {
  test("SET merges, RESET removes, the workflow follows", async () => {
    await world.create(name, totals, { options: { retries: "1", timeout: "5 min" } });
    const id = world.id(name);
    await world.tables.setOptions(id, { retries: "2", queue: "default-queue" });
    await world.tables.resetOptions(id, ["timeout", "nope"]);
    expect((await definition())["options"]).toEqual({ retries: "2", queue: "default-queue" });
    const tasks = await world.db.query(
      `SELECT options FROM sluice.workflow_tasks WHERE workflow = 'table:${name}'`,
    );
    expect(tasks).toEqual([
      {
        options: {
          queue: "default-queue",
          timeout: null,
          retry: { retries: 2, delay: 5000, backoff: 2 },
        },
      },
    ]);
    expect(await failure(world.tables.setOptions(id, {}))).toMatch(/^MT-SET-EMPTY/);
    expect(await failure(world.tables.resetOptions(id, []))).toMatch(/^MT-RESET-EMPTY/);
    expect(await failure(world.tables.resetOptions(id, ["connector"]))).toMatch(/^MT-RESET-CONN/);
    expect(await failure(world.tables.setOptions(id, { "pk.enforced": "false" }))).toBe(
      "MT-OPTION-VALUE: option 'pk.enforced' is fixed when a table is created",
    );
    expect(await failure(world.tables.setOptions(id, { queue: "nope" }))).toMatch(/^WF-QUEUE/);
    expect((await definition())["options"]).toEqual({ retries: "2", queue: "default-queue" });
  });

  // covers: A-12, G-36
  test("SET FRESHNESS and REFRESH_MODE", async () => {
    await world.create(name, totals);
    const id = world.id(name);
    await world.tables.setFreshness(id, interval("90", "MINUTE"));
    expect(await definition()).toMatchObject({ freshness: { amount: 90, unit: "MINUTE" } });
    await world.tables.setRefreshMode(id, "AUTOMATIC");
    expect(await definition()).toMatchObject({ requestedMode: "AUTOMATIC" });
    expect(await failure(world.tables.setRefreshMode(id, "CONTINUOUS"))).toMatch(/^MT-CONTINUOUS/);
    expect(await failure(world.tables.setFreshness(id, interval("0", "DAY")))).toMatch(/^MT-FRESH/);
  });

  // covers: G-41
  test("COMMENT and RENAME take the stored table along", async () => {
    await world.create(name, totals);
    await world.tables.comment(world.id(name), "it's new");
    const renamed = `${name}_renamed`;
    await world.tables.rename(world.id(name), renamed);
    expect(await world.rows(renamed)).toHaveLength(2);
    const rows = await world.db.query(
      `SELECT obj_description('${renamed}'::regclass) AS c,
              (SELECT workflow FROM sluice.workflows WHERE table_name = '${renamed}') AS w`,
    );
    expect(rows).toEqual([{ c: "it's new", w: `table:${renamed}` }]);
    expect((await world.refresh(renamed)).status).toBe("SUCCESSFUL");
    expect(await failure(world.tables.rename(world.id(renamed), "orders"))).toBe(
      'MT-EXISTS: table "orders" exists already',
    );
  });

  test("RENAME is refused while another materialized table reads it", async () => {
    await world.create(name, totals);
    await world.create(`${name}_child`, `SELECT * FROM ${name}`);
    expect(await failure(world.tables.rename(world.id(name), "other"))).toMatch(/^MT-DEPENDENTS/);
  });
});

describe("AS query", () => {
  //
  test("columns are appended, nullable; old rows serve, stale, until recomputed", async () => {
    await world.create(name, totals);
    const altered = await alterQuery(`${totals.replace(" FROM", ", count(*) AS n FROM")}`);
    expect(altered.instanceId).toBeNull();
    expect(await world.rows(name)).toEqual(["(a,30,)", "(b,30,)"]);
    expect(await world.ledger(name)).toEqual([" STALE 2"]);
    expect(await definition()).toMatchObject({ version: 2, columns: ["shop?", "total?", "n?"] });
    await world.refresh(name);
    expect(await world.rows(name)).toEqual(["(a,30,2)", "(b,30,1)"]);
    expect(await world.ledger(name)).toEqual([" FRESH 2"]);
    // The very same again: no column is missed because it is stored nullable.
    await alterQuery(`${totals.replace(" FROM", ", count(*) AS n FROM")}`);
  });

  test("with rebuild it is computed again at once", async () => {
    await world.create(name, totals);
    const altered = await alterQuery(totals.replace("sum(amount)", "sum(amount) * 2"), {
      rebuild: "true",
    });
    expect((await world.end(altered.instanceId)).status).toBe("SUCCESSFUL");
    expect(await world.rows(name)).toEqual(["(a,60)", "(b,60)"]);
  });

  // covers: G-40
  test("with rebuild any columns can be had: the stored table is made anew", async () => {
    await world.create(name, totals);
    const altered = await alterQuery("SELECT id FROM orders", { rebuild: "true" });
    expect((await world.end(altered.instanceId)).status).toBe("SUCCESSFUL");
    expect(await world.rows(name)).toEqual(["(1)", "(2)", "(3)"]);
  });

  // covers: G-46
  test.each([
    ["SELECT shop FROM orders", "MT-EVOLVE-DROP"],
    ["SELECT shop, sum(amount)::int AS total FROM orders GROUP BY 1", "MT-EVOLVE-MISMATCH"],
    ["SELECT shop AS s2, sum(amount) AS total FROM orders GROUP BY 1", "MT-EVOLVE-MISMATCH"],
    ["SELECT nope FROM orders", "GW-POSTGRES"],
  ])("%s is refused, and nothing changed", async (query, code) => {
    await world.create(name, totals);
    expect(await failure(alterQuery(query))).toMatch(new RegExp(`^${code}: `));
    expect(await definition()).toMatchObject({ version: 1, status: "ACTIVATED" });
    expect(await world.ledger(name)).toEqual([" FRESH 2"]);
  });

  test("a query that reads the table itself, directly or through others", async () => {
    await world.create(name, totals);
    expect(await failure(alterQuery(`SELECT shop, total FROM ${name}`))).toMatch(/^MT-/);
    await world.create(`${name}_child`, `SELECT * FROM ${name}`);
    expect(await failure(alterQuery(`SELECT shop, total FROM ${name}_child`))).toMatch(
      /^MT-SELF-REFERENCE/,
    );
  });
});

describe("CREATE OR ALTER", () => {
  const declare = (query: string, parts: Partial<CreateTable> = {}) =>
    world.tables.createOrAlter(world.request(name, query, parts));

  // covers: G-39
  test("creates what is missing, leaves alone what agrees", async () => {
    const first = await declare(totals, { comment: "c", options: { retries: "1" } });
    expect(first.outcome).toBe("created");
    await world.end(first.instanceId);
    const again = await declare(totals, { comment: "c", options: { retries: "1" } });
    expect(again).toMatchObject({ outcome: "unchanged", instanceId: null });
    expect(await definition()).toMatchObject({ version: 1 });
  });

  // covers: G-37
  test("changes what differs: comment, freshness, options, query", async () => {
    await world.create(name, totals, { comment: "old", options: { retries: "1" } });
    const changed = await declare(totals.replace(" FROM", ", 1 AS one FROM"), {
      freshness: interval("2", "HOUR"),
      options: { "retry.delay": "1 s" },
    });
    expect(changed.outcome).toBe("altered");
    expect(await definition()).toEqual({
      version: 2,
      status: "ACTIVATED",
      options: { "retry.delay": "1 s" },
      comment: null,
      columns: ["shop?", "total?", "one?"],
      freshness: { amount: 2, unit: "HOUR" },
      requestedMode: "FULL",
    });
    expect(await world.ledger(name)).toEqual([" STALE 2"]);
  });

  // covers: G-37, G-41
  test("partitioning and key need a rebuild", async () => {
    await world.create(name, totals);
    const parts = { partitionKeys: ["shop"] };
    expect(await failure(declare(totals, parts))).toMatch(/^MT-PART-CHANGE/);
    expect(
      await failure(declare(totals, { primaryKey: { name: null, columns: ["shop"] } })),
    ).toMatch(/^MT-EVOLVE-KEY/);
    const rebuilt = await declare(totals, { ...parts, options: { rebuild: "true" } });
    expect((await world.end(rebuilt.instanceId)).status).toBe("SUCCESSFUL");
    expect(await world.ledger(name)).toEqual(["shop=a FRESH 1", "shop=b FRESH 1"]);
    expect((await definition())["options"]).toEqual({});
  });

  test("a plain table and a view stay what they are", async () => {
    await world.db.query(`CREATE TABLE ${name} (a int)`);
    expect(await failure(declare(totals))).toBe(
      `MT-CONVERT-DISABLED: Table c.public.${name} is not a materialized table. Only ` +
        "materialized table support create or alter operation.",
    );
  });
});

describe("DROP", () => {
  const drop = (table: string, how: { ifExists?: boolean; cascade?: boolean } = {}) =>
    world.tables.drop(world.id(table), { ifExists: false, cascade: false, ...how });

  test("takes storage, definition, workflow and ledger; history stays", async () => {
    await world.create(name, totals);
    await drop(name);
    const left = await world.db.query(`
      SELECT relname::text AS name FROM pg_class WHERE relname = '${name}'
      UNION ALL SELECT name FROM sluice.materialized_tables WHERE name = '${name}'
      UNION ALL SELECT workflow FROM sluice.workflows WHERE workflow = 'table:${name}'
      UNION ALL SELECT partition FROM sluice.partitions WHERE name = '${name}'`);
    expect(left).toEqual([]);
    expect(await world.runs(name)).toEqual(["INITIAL SUCCESSFUL"]);
    await world.create(name, totals);
  });

  test("of what is not there", async () => {
    expect(await failure(drop("nope"))).toBe(
      "MT-NOTFOUND: Materialized table with identifier `c`.`public`.`nope` does not exist.",
    );
    await drop("nope", { ifExists: true });
    expect(await failure(drop("orders", { ifExists: true }))).toMatch(/^MT-NOT-MT/);
  });

  // covers: G-51
  test("RESTRICT while others read it, CASCADE takes them along", async () => {
    await world.create(name, totals);
    await world.create(`${name}_child`, `SELECT * FROM ${name}`);
    await world.db.query(`CREATE VIEW ${name}_view AS SELECT * FROM ${name}_child`);
    expect(await failure(drop(name))).toMatch(/^MT-DEPENDENTS/);
    expect(await failure(drop(`${name}_child`))).toMatch(/^MT-DEPENDENTS/);
    await drop(name, { cascade: true });
    const left = await world.db.query(`SELECT relname FROM pg_class WHERE relname LIKE '${name}%'`);
    expect(left).toEqual([]);
  });

  // covers: G-44
  test("a first load that runs is cancelled, and the table goes", async () => {
    const created = await world.tables.create(
      world.request(name, "SELECT pg_sleep(60)::text AS a"),
    );
    await drop(name);
    expect((await world.scheduler.find(created.instanceId ?? ("" as never)))?.status).toBe(
      "CANCELED",
    );
    expect(await world.db.query(`SELECT FROM pg_class WHERE relname = '${name}'`)).toEqual([]);
  });
});

describe("EXPLAIN", () => {
  test("of a CREATE says what would be made, and makes nothing", async () => {
    const text = await world.tables.explainCreate(
      world.request(name, totals, { partitionKeys: ["shop"] }),
    );
    // The canonical text of the query differs from version to version of the server.
    const lines = text.split("\n").filter((line) => !line.startsWith("     | "));
    expect(lines).toEqual([
      `Table public.${name}`,
      "  columns: shop text, total bigint",
      "  primary key: none",
      "  partitioned by: shop",
      "  freshness: INTERVAL '1' DAY, time zone UTC",
      "  refresh mode: FULL",
      "  start: FROM_BEGINNING",
      `First load: Refresh of public.${name}: the whole table`,
      "1. lock public.orders, the target before the snapshot",
      "2. stage the whole table of the query",
      "3. verify nothing",
      "4. publish by swap",
    ]);
    expect(await world.db.query(`SELECT FROM pg_class WHERE relname = '${name}'`)).toEqual([]);
  });

  test("of an ALTER … AS", async () => {
    await world.create(name, totals);
    const text = await world.tables.explainAlterQuery({
      identifier: world.id(name),
      context: { searchPath: ["public"], timeZone: "UTC" },
      options: {},
      query: totals.replace(" FROM", ", 1 AS one FROM"),
    });
    expect(text).toContain("columns: shop text, total bigint, one integer");
    expect(text).toContain("A refresh of the whole table: Refresh of public.");
    expect(await definition()).toMatchObject({ version: 1 });
  });
});

test("nothing failed without a row", () => {
  expect(world.errors).toEqual([]);
});
