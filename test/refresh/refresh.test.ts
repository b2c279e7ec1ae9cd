// What a refresh computes, publishes and records: by hand, by schedule, for one partition or all.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GatewayError } from "../../src/common/gateway-error.ts";
import { openWorld, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await world.db.query(`
    CREATE TABLE orders (id int PRIMARY KEY, shop text, amount int, ts timestamptz);
    CREATE INDEX ON orders (ts)`);
});
afterAll(() => world.close());

const daily = `SELECT to_char(ts, 'YYYY-MM-DD') AS ds, shop, sum(amount) AS total
  FROM orders GROUP BY 1, 2`;
const byDay = {
  partitionKeys: ["ds"],
  options: { "partition.fields.ds.date-formatter": "yyyy-MM-dd" },
};

async function fill(): Promise<void> {
  await world.db.query(`
    DELETE FROM orders;
    INSERT INTO orders VALUES
      (1, 'a', 10, '2024-01-01 10:00Z'), (2, 'a', 20, '2024-01-01 11:00Z'),
      (3, 'b', 30, '2024-01-02 10:00Z'), (4, 'c', 40, '2024-01-03 12:00Z'), (5, 'd', 1, NULL)`);
}

async function failureOf(promise: Promise<unknown>): Promise<GatewayError> {
  const error = await promise.then(
    () => null,
    (failure: unknown) => failure,
  );
  if (!(error instanceof GatewayError)) throw new Error(`no error of ours: ${String(error)}`);
  return error;
}

describe("by hand", () => {
  beforeAll(async () => {
    await fill();
    await world.create("daily", daily, byDay);
    await world.db.query(`
      UPDATE orders SET amount = amount + 100;
      DELETE FROM orders WHERE id = 3`);
  });

  test("one partition: the others stay as they were", async () => {
    expect((await world.refresh("daily", { ds: "2024-01-01" })).status).toBe("SUCCESSFUL");
    expect(await world.rows("daily")).toEqual([
      "(,d,1)",
      "(2024-01-01,a,230)",
      "(2024-01-02,b,30)",
      "(2024-01-03,c,40)",
    ]);
  });

  test("rows that left a partition are deleted, and the cell says so", async () => {
    await world.refresh("daily", { ds: "2024-01-02" });
    expect(await world.rows("daily")).toEqual([
      "(,d,1)",
      "(2024-01-01,a,230)",
      "(2024-01-03,c,40)",
    ]);
    expect(await world.ledger("daily")).toContain("ds=2024-01-02 FRESH 0");
  });

  test("the partition of NULL", async () => {
    await world.refresh("daily", { ds: null });
    expect(await world.rows("daily")).toContain("(,d,101)");
    expect(await world.ledger("daily")).toContain("ds=\\N FRESH 1");
  });

  test("a value that nothing has is an empty cell", async () => {
    await world.refresh("daily", { ds: "2031-05-05" });
    expect(await world.ledger("daily")).toContain("ds=2031-05-05 FRESH 0");
    await world.refresh("daily", { ds: "x' OR '1'='1" });
    expect(await world.rows("daily")).toContain("(2024-01-03,c,40)");
  });

  test("the whole table", async () => {
    await world.refresh("daily");
    expect(await world.rows("daily")).toEqual([
      "(,d,101)",
      "(2024-01-01,a,230)",
      "(2024-01-03,c,140)",
    ]);
    expect(await world.runs("daily")).toEqual([
      "INITIAL SUCCESSFUL",
      "MANUAL SUCCESSFUL ds=2024-01-01",
      "MANUAL SUCCESSFUL ds=2024-01-02",
      "MANUAL SUCCESSFUL ds=\\N",
      "MANUAL SUCCESSFUL ds=2031-05-05",
      "MANUAL SUCCESSFUL ds=x' OR '1'%3D'1",
      "MANUAL SUCCESSFUL",
    ]);
  });

  // covers: G-35
  test("the run says what it did", async () => {
    await world.db.query("UPDATE orders SET amount = 7 WHERE id = 4");
    await world.refresh("daily", { ds: "2024-01-03" });
    const rows = await world.db.query(`
      SELECT tactic, rows_inserted, rows_updated, rows_deleted, attempt, interval_start,
             data_timestamp BETWEEN started_at AND finished_at AS timed, due_at <= started_at AS due
      FROM sluice.refresh_runs ORDER BY finished_at DESC LIMIT 1`);
    expect(rows).toEqual([
      {
        tactic: expect.stringMatching(/diff-apply|delete-insert/),
        rows_inserted: expect.any(Number),
        rows_updated: expect.any(Number),
        rows_deleted: expect.any(Number),
        attempt: 1,
        interval_start: null,
        timed: true,
        due: true,
      },
    ]);
    const changed = rows[0] as { rows_inserted: number; rows_updated: number };
    expect(changed.rows_inserted + changed.rows_updated).toBe(1);
  });

  // covers: G-31
  test("a spec that is none of the table's", async () => {
    const error = await failureOf(world.refresh("daily", { shop: "a" }));
    expect(error.code).toBe("MT-SPEC-UNKNOWN");
    expect(error.flink?.text).toBe(
      "The partition spec contains unknown partition keys:\n\nshop\n\nAll known " +
        "partition keys are:\n\nds",
    );
  });

  test("a table that is none", async () => {
    expect((await failureOf(world.refresh("orders"))).code).toBe("MT-NOT-MT");
    const error = await failureOf(world.refresh("nope"));
    expect(error.flink?.text).toBe(
      `Cannot find table '\`${world.db.name}\`.\`public\`.\`nope\`' in any of the catalogs ` +
        `[${world.db.name}], nor as a temporary table.`,
    );
  });

  test("EXPLAIN prints the plan and the range that reaches the index", async () => {
    const text = await world.tables.explainRefresh({
      identifier: world.id("daily"),
      partition: { ds: "2024-01-03" },
      cascade: false,
      options: {},
    });
    expect(text).toContain("1 partition: ds=2024-01-03");
    expect(text).toMatch(/public\.orders: ts >= '2024-01-0[23].*' AND ts < '2024-01-0[45].*'/);
    expect(text).toContain(
      "publish by diff-apply; delete-insert if more than 30 % of rows changed",
    );
  });
});

describe("keys of other types", () => {
  test("a date and a text: values in any form the server reads, subsets of the keys", async () => {
    await fill();
    await world.create(
      "typed",
      `SELECT ts::date AS day, shop, sum(amount) AS total FROM orders
      WHERE ts IS NOT NULL GROUP BY 1, 2`,
      { partitionKeys: ["day", "shop"] },
    );
    await world.db.query("UPDATE orders SET amount = 0");
    await world.refresh("typed", { day: "20240101", shop: "a" });
    await world.refresh("typed", { shop: "c" });
    expect(await world.rows("typed")).toEqual([
      "(2024-01-01,a,0)",
      "(2024-01-02,b,30)",
      "(2024-01-03,c,0)",
    ]);
    expect((await world.runs("typed")).slice(1)).toEqual([
      "MANUAL SUCCESSFUL day=2024-01-01/shop=a",
      "MANUAL SUCCESSFUL shop=c",
    ]);
    for (const day of ["yesterday", "2024-13-01", "x"]) {
      const error = await failureOf(world.refresh("typed", { day }));
      expect(error.code).toBe("MT-SPEC-VALUE");
    }
  });

  test("a query whose partitions hang together refuses PARTITION and refreshes whole", async () => {
    await world.create(
      "ranked",
      `SELECT ts::date AS day, id,
      rank() OVER (ORDER BY amount) AS place FROM orders WHERE ts IS NOT NULL`,
      {
        partitionKeys: ["day"],
      },
    );
    const error = await failureOf(world.refresh("ranked", { day: "2024-01-01" }));
    expect(error.code).toBe("MT-PARTITION-NOT-LOCAL");
    expect((await world.refresh("ranked")).status).toBe("SUCCESSFUL");
  });
});

describe("failures", () => {
  test("one partition only: the table keeps its rows, the others go on", async () => {
    await fill();
    await world.create(
      "ratio",
      `SELECT to_char(ts, 'YYYY-MM-DD') AS ds, id, 100 / amount AS r
      FROM orders WHERE ts IS NOT NULL`,
      { ...byDay, options: { ...byDay.options, retries: "0" } },
    );
    await world.db.query(
      "UPDATE orders SET amount = 0 WHERE id = 3; UPDATE orders SET amount = 50 WHERE id = 4",
    );
    const ended = await world.refresh("ratio", { ds: "2024-01-02" });
    expect(ended).toMatchObject({ status: "FAILED", errorCode: "MT-REFRESH-FAILED" });
    expect(ended.error).toBe("division by zero (SQLSTATE 22012)");
    expect((await world.refresh("ratio", { ds: "2024-01-03" })).status).toBe("SUCCESSFUL");
    expect(await world.rows("ratio")).toEqual([
      "(2024-01-01,1,10)",
      "(2024-01-01,2,5)",
      "(2024-01-02,3,3)",
      "(2024-01-03,4,2)",
    ]);
    expect(await world.ledger("ratio")).toEqual([
      "ds=2024-01-01 FRESH 2",
      "ds=2024-01-02 FAILED 1",
      "ds=2024-01-03 FRESH 1",
    ]);
    await world.db.query("UPDATE orders SET amount = 10 WHERE id = 3");
    await world.refresh("ratio", { ds: "2024-01-02" });
    expect(await world.ledger("ratio")).toContain("ds=2024-01-02 FRESH 1");
    expect(await world.runs("ratio")).toEqual([
      "INITIAL SUCCESSFUL",
      "MANUAL FAILED ds=2024-01-02 MT-REFRESH-FAILED",
      "MANUAL SUCCESSFUL ds=2024-01-03",
      "MANUAL SUCCESSFUL ds=2024-01-02",
    ]);
  });

  // covers: G-51
  test("a base table dropped under us", async () => {
    await world.db.query("CREATE TABLE gone AS SELECT 1 AS a");
    await world.create("reads_gone", "SELECT a FROM gone");
    await world.db.query("DROP TABLE gone");
    const ended = await world.refresh("reads_gone");
    expect(ended.status).toBe("FAILED");
    expect(await world.rows("reads_gone")).toEqual(["(1)"]);
    expect(await world.ledger("reads_gone")).toEqual([" FAILED 1"]);
  });

  test("duplicates in the primary key, and too many rows", async () => {
    await fill();
    await world.create("keyed", "SELECT shop, amount FROM orders", {
      primaryKey: { name: null, columns: ["amount"] },
      options: { "refresh.max-rows": "5" },
    });
    await world.db.query("UPDATE orders SET amount = 10 WHERE id = 2");
    expect((await world.refresh("keyed")).errorCode).toBe("MT-PK-DUPLICATE");
    await world.db.query(
      "UPDATE orders SET amount = 20 WHERE id = 2; INSERT INTO orders VALUES (9, 'z', 9, NULL)",
    );
    expect((await world.refresh("keyed")).errorCode).toBe("MT-MAX-ROWS");
    expect(await world.rows("keyed")).toHaveLength(5);
  });

  test("the stored table dropped from outside: named, rebuilt by CREATE OR ALTER", async () => {
    await world.create("lost", "SELECT shop FROM orders");
    await world.db.query("DROP TABLE lost");
    expect((await failureOf(world.refresh("lost"))).code).toBe("MT-STORAGE-MISSING");
    const rebuilt = await world.tables.createOrAlter(
      world.request("lost", "SELECT shop FROM orders"),
    );
    expect(rebuilt.outcome).toBe("altered");
    expect((await world.end(rebuilt.instanceId)).status).toBe("SUCCESSFUL");
    expect(await world.rows("lost")).toHaveLength(6);
  });

  // covers: G-58
  test("users cannot write into a materialized table", async () => {
    await expect(world.db.query("INSERT INTO lost VALUES ('x')")).rejects.toThrow(/materialized/);
    await expect(world.db.query("TRUNCATE lost")).rejects.toThrow(/materialized/);
  });
});

describe("several at once", () => {
  // covers: G-04
  test("different partitions and the same one", async () => {
    await fill();
    await world.create("busy", daily, byDay);
    const before = await world.db.query<{ n: number }>(
      "SELECT count(*) AS n FROM sluice.refresh_runs WHERE name = 'busy'",
    );
    const specs = ["2024-01-01", "2024-01-02", "2024-01-02", "2024-01-02", "2024-01-03", null];
    const ends = await Promise.all(specs.map((ds) => world.refresh("busy", { ds })));
    expect(ends.map((end) => end.status)).toEqual(specs.map(() => "SUCCESSFUL"));
    const overlaps = await world.db.query(`
      SELECT a.run_id FROM sluice.refresh_runs a JOIN sluice.refresh_runs b
        ON a.run_id <> b.run_id AND a.partitions && b.partitions
       AND a.name = 'busy' AND b.name = 'busy'
       AND (a.started_at, a.finished_at) OVERLAPS (b.started_at, b.finished_at)`);
    expect(overlaps).toEqual([]);
    const after = await world.db.query<{ n: number }>(
      "SELECT count(*) AS n FROM sluice.refresh_runs WHERE name = 'busy'",
    );
    expect(Number(after[0]?.n) - Number(before[0]?.n)).toBe(specs.length);
  });

  // covers: G-34
  test("readers never wait and never see half a refresh", async () => {
    await world.db.query(
      "CREATE TABLE halves AS SELECT g % 2 AS half, 1 AS v FROM generate_series(1, 2000) g",
    );
    await world.create("sums", "SELECT half, v FROM halves");
    let stop = false;
    const seen = new Set<string>();
    const reader = (async () => {
      while (!stop) {
        const rows = await world.db.query<{ line: string }>(
          "SELECT min(v) || ' ' || max(v) || ' ' || count(*) AS line FROM sums",
        );
        seen.add(rows[0]?.line ?? "");
      }
    })();
    for (let v = 2; v <= 4; v++) {
      await world.db.query(`UPDATE halves SET v = ${v}`);
      await world.refresh("sums");
    }
    stop = true;
    await reader;
    for (const line of seen) expect(line).toMatch(/^(\d) \1 2000$/);
    expect(seen).toContain("4 4 2000");
  });
});

test("nothing failed without a row", () => {
  expect(world.errors).toEqual([]);
});
