// What is in the table after a refresh: for each tactic, with a key and without, for types that
// have no equality, no order or several images of one value.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { PartitionSpec } from "../../src/catalog/partition.ts";
import type { PublishTactic } from "../../src/engine/refresh-step.ts";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { RefreshKit } from "./refresh-kit.ts";

let db: TestDatabase;

beforeAll(async () => {
  db = await testDatabase();
  await db.query(`
    CREATE TABLE base
      (id int, ds text, n numeric, j json, p point, a int[], f float8, t text, b jsonb)`);
});
afterAll(() => db.close());
beforeEach(() => db.query("TRUNCATE base"));

const tactics: readonly PublishTactic[] = ["diff-apply", "delete-insert", "swap"];
const rowsOf = `INSERT INTO base VALUES
  (1, 'a', 1.0, '{"x": 1}', '(1,2)', '{1,NULL}', 'NaN', 'one', '{"k": 1}'),
  (2, 'a', 1.00, NULL, NULL, '{}', '-0', NULL, NULL),
  (3, 'b', NULL, '[1,  2]', '(0,0)', NULL, 1e-300, 'é', '[1]'),
  (4, NULL, 4, 'null', '(3,3)', '[0:1]={5,6}', 'Infinity', 'four', 'null')`;

const ways: readonly (readonly [string, PublishTactic, number])[] = [
  ["diff-apply of a small slice", "diff-apply", 500],
  ["diff-apply in temporary tables", "diff-apply", 0],
  ["delete-insert", "delete-insert", 0],
  ["swap", "swap", 0],
];

describe.each(ways)("%s", (_way, tactic, smallSlice) => {
  describe.each([
    ["with a key", ["id"]],
    ["without a key", []],
  ])("%s", (_name, primaryKey) => {
    it("gives exactly the rows of the query, whatever was there before", async () => {
      const kit = await RefreshKit.create(db, {
        query: "SELECT * FROM base",
        primaryKey,
        smallSlice,
      });
      await db.query(rowsOf);
      const first = await kit.refresh({ tactic });
      expect(await kit.rows()).toEqual(await kit.expected());
      expect([first.inserted, first.staged, first.partitions]).toEqual([
        4,
        4,
        [{ spec: {}, rowCount: 4 }],
      ]);
      await db.query(`UPDATE base SET n = 1.00, j = '{"x":1}' WHERE id = 1`);
      await db.query("DELETE FROM base WHERE id = 3");
      await db.query("INSERT INTO base (id, ds) VALUES (5, 'z')");
      await kit.refresh({ tactic });
      expect(await kit.rows()).toEqual(await kit.expected());
      await db.query("DELETE FROM base");
      const last = await kit.refresh({ tactic });
      expect(await kit.rows()).toEqual([]);
      expect([last.deleted, last.staged, last.partitions]).toEqual([
        4,
        0,
        [{ spec: {}, rowCount: 0 }],
      ]);
    });

    it("names the partitions whose rows changed", async () => {
      const kit = await RefreshKit.create(db, {
        query: "SELECT * FROM base",
        primaryKey,
        partitionKeys: ["ds"],
        smallSlice,
      });
      await db.query(rowsOf);
      await db.query("INSERT INTO base (id, ds) VALUES (5, 'same')");
      const named = ({ changed }: { changed: readonly PartitionSpec[] }) =>
        changed.map((spec) => String(spec["ds"])).toSorted();
      expect(named(await kit.refresh({ tactic }))).toEqual(["a", "b", "null", "same"]);
      await db.query("UPDATE base SET t = 'changed' WHERE id = 1");
      await db.query("UPDATE base SET ds = 'moved' WHERE id = 3");
      const all = ["a", "b", "moved", "null", "same"];
      const changed = tactic === "diff-apply" ? ["a", "b", "moved"] : all;
      expect(named(await kit.refresh({ tactic }))).toEqual(changed);
      const again = named(await kit.refresh({ tactic: "diff-apply" }));
      expect(again).toEqual([]);
    });

    it("replaces partitions, NULL included, and leaves the others alone", async () => {
      const kit = await RefreshKit.create(db, {
        query: "SELECT * FROM base",
        primaryKey: primaryKey.length === 0 ? [] : ["ds", "id"],
        partitionKeys: ["ds"],
        smallSlice,
      });
      await db.query(rowsOf.replace("(4, NULL", "(4, 'd'"));
      const scoped = tactic === "swap" ? "diff-apply" : tactic;
      await kit.refresh({ tactic });
      await db.query("UPDATE base SET t = 'changed'");
      const measures = await kit.refresh({ tactic: scoped, specs: [{ ds: "b" }] });
      expect(measures.partitions).toEqual([{ spec: { ds: "b" }, rowCount: 1 }]);
      const seen = await db.query<{ id: number; t: string }>(
        `SELECT id, t FROM public.${kit.target.name} ORDER BY id`,
      );
      expect(seen.map(({ t }) => t)).toEqual(["one", null, "changed", "four"]);
    });
  });
});

describe.each([500, 0])("partitions (small up to %d rows)", (smallSlice) => {
  const partitioned = () =>
    RefreshKit.create(db, {
      query: "SELECT id, ds, t FROM base",
      partitionKeys: ["ds"],
      smallSlice,
    });

  it("of NULL are computed by IS NULL", async () => {
    await db.query(rowsOf);
    const kit = await partitioned();
    const measures = await kit.refresh({ specs: [{ ds: null }] });
    expect(await kit.rows()).toEqual(["(4,,four)"]);
    expect(measures.partitions).toEqual([{ spec: { ds: null }, rowCount: 1 }]);
  });

  it("lose the rows that left them", async () => {
    await db.query(rowsOf);
    const kit = await partitioned();
    await kit.refresh();
    await db.query("UPDATE base SET ds = 'b' WHERE id = 1");
    await kit.refresh({ specs: [{ ds: "a" }] });
    expect(await kit.rows()).toEqual(["(2,a,)", "(3,b,é)", "(4,,four)"]);
    await kit.refresh({ specs: [{ ds: "b" }] });
    expect(await kit.rows()).toEqual(["(1,b,one)", "(2,a,)", "(3,b,é)", "(4,,four)"]);
  });

  // covers: G-28
  it("are emptied by an empty result, and counted as empty", async () => {
    await db.query(rowsOf);
    const kit = await partitioned();
    await kit.refresh();
    await db.query("DELETE FROM base WHERE ds = 'a'");
    const measures = await kit.refresh({ specs: [{ ds: "a" }, { ds: "never" }] });
    expect([measures.deleted, measures.partitions]).toEqual([
      2,
      [
        { spec: { ds: "a" }, rowCount: 0 },
        { spec: { ds: "never" }, rowCount: 0 },
      ],
    ]);
    expect(await kit.rows()).toEqual(["(3,b,é)", "(4,,four)"]);
  });

  it("of several keys can be named by some of them", async () => {
    await db.query(rowsOf);
    const kit = await RefreshKit.create(db, {
      query: "SELECT id, ds, t FROM base",
      partitionKeys: ["ds", "id"],
      smallSlice,
    });
    const measures = await kit.refresh({ specs: [{ ds: "a" }] });
    expect(measures.partitions).toEqual([
      { spec: { ds: "a", id: "1" }, rowCount: 1 },
      { spec: { ds: "a", id: "2" }, rowCount: 1 },
    ]);
    const both = await kit.refresh({
      specs: [
        { ds: "a", id: "02" },
        { ds: "b", id: null },
      ],
    });
    expect(both.partitions).toEqual([
      { spec: { ds: "a", id: "2" }, rowCount: 1 },
      { spec: { ds: "b", id: null }, rowCount: 0 },
    ]);
    expect(await kit.rows()).toEqual(["(1,a,one)", "(2,a,)"]);
  });

  it("take values as text only: nothing in them is SQL", async () => {
    await db.query(`INSERT INTO base (id, ds) VALUES (1, 'a'' OR ''1''=''1'), (2, 'b\\')`);
    const kit = await partitioned();
    await kit.refresh({ specs: [{ ds: "a' OR '1'='1" }] });
    expect(await kit.rows()).toEqual([`(1,"a' OR '1'='1",)`]);
    await kit.refresh({ specs: [{ ds: "b\\" }] });
    expect(await kit.rows()).toHaveLength(2);
  });

  it("give up a row whose key now stands in the refreshed one", async () => {
    const kit = await RefreshKit.create(db, {
      query: "SELECT id, ds, t FROM base",
      partitionKeys: ["ds"],
      primaryKey: ["id"],
      smallSlice,
    });
    await db.query("INSERT INTO base (id, ds) VALUES (1, 'a'), (2, 'b'), (3, 'a')");
    await kit.refresh();
    await db.query("UPDATE base SET ds = 'b' WHERE id = 1");
    for (const tactic of ["diff-apply", "delete-insert"] as const) {
      const measures = await kit.refresh({ specs: [{ ds: "b" }], tactic });
      expect(measures.staged).toBe(2);
      expect(await kit.rows()).toEqual(["(1,b,)", "(2,b,)", "(3,a,)"]);
    }
  });
});

describe("without a key", () => {
  it.each([500, 0])("equal rows are kept as often as the query yields them (%d)", async (small) => {
    const kit = await RefreshKit.create(db, { query: "SELECT ds, j FROM base", smallSlice: small });
    await db.query(`INSERT INTO base (ds, j) SELECT 'x', '{"a":1}' FROM generate_series(1, 5)`);
    await kit.refresh();
    await db.query("DELETE FROM base WHERE ctid IN (SELECT ctid FROM base LIMIT 2)");
    const measures = await kit.refresh();
    expect([measures.deleted, measures.inserted, measures.updated]).toEqual([2, 0, 0]);
    expect(await kit.rows()).toEqual(await kit.expected());
  });

  it("rows that did not change are not touched", async () => {
    const kit = await RefreshKit.create(db, { query: "SELECT * FROM base" });
    await db.query(rowsOf);
    await kit.refresh();
    const before = await db.query(`SELECT ctid, xmin FROM public.${kit.target.name} ORDER BY id`);
    const measures = await kit.refresh();
    const counts = [measures.deleted, measures.inserted, measures.updated];
    expect([counts, measures.branch]).toEqual([[0, 0, 0], "small slice, changed 0.00"]);
    const after = await db.query(`SELECT ctid, xmin FROM public.${kit.target.name} ORDER BY id`);
    expect(after).toEqual(before);
  });
});

describe("the key", () => {
  it("twice: refused with the key named, the table untouched", async () => {
    for (const tactic of tactics) {
      await db.query("TRUNCATE base; INSERT INTO base (id, t) VALUES (1, 'x'), (2, 'y')");
      const kit = await RefreshKit.create(db, {
        query: "SELECT id, t FROM base",
        primaryKey: ["id"],
        smallSlice: 500,
      });
      await kit.refresh();
      await db.query("INSERT INTO base (id, t) VALUES (2, 'again'), (3, 'z')");
      await expect(kit.refresh({ tactic })).rejects.toMatchObject({
        code: "MT-PK-DUPLICATE",
        detail: expect.stringContaining("2") as string,
      });
      expect(await kit.rows()).toEqual(["(1,x)", "(2,y)"]);
    }
  });

  it("null: refused with the key named, the table untouched", async () => {
    for (const tactic of tactics) {
      await db.query("TRUNCATE base; INSERT INTO base (id, t) VALUES (1, 'x')");
      const kit = await RefreshKit.create(db, {
        query: "SELECT id, t FROM base",
        primaryKey: ["id", "t"],
      });
      await kit.refresh();
      await db.query("INSERT INTO base (id) VALUES (7)");
      await expect(kit.refresh({ tactic })).rejects.toMatchObject({
        code: "MT-PK-NULL",
        detail: expect.stringContaining("null") as string,
      });
      expect(await kit.rows()).toEqual(["(1,x)"]);
    }
  });

  it("that has two images of one value is updated to the one of the query", async () => {
    const kit = await RefreshKit.create(db, { query: "SELECT n, t FROM base", primaryKey: ["n"] });
    await db.query("INSERT INTO base (n) VALUES (1.0)");
    await kit.refresh();
    await db.query("UPDATE base SET n = 1.00");
    expect((await kit.refresh()).updated).toBe(1);
    expect(await kit.rows()).toEqual(["(1.00,)"]);
  });

  it("without an index is checked all the same", async () => {
    const kit = await RefreshKit.create(db, {
      query: "SELECT id FROM base",
      primaryKey: ["id"],
      keyEnforced: false,
    });
    await db.query("INSERT INTO base (id) VALUES (1), (1)");
    for (const tactic of tactics) {
      await expect(kit.refresh({ tactic })).rejects.toMatchObject({ code: "MT-PK-DUPLICATE" });
    }
  });
});

describe("limits and branches", () => {
  it("more rows than allowed: nothing is changed", async () => {
    const kit = await RefreshKit.create(db, { query: "SELECT id FROM base" });
    await db.query("INSERT INTO base (id) SELECT generate_series(1, 3)");
    await kit.refresh({ maxRows: 3 });
    await db.query("INSERT INTO base (id) VALUES (4)");
    for (const tactic of tactics) {
      await expect(kit.refresh({ maxRows: 3, tactic })).rejects.toMatchObject({
        code: "MT-MAX-ROWS",
      });
    }
    expect(await kit.rows()).toEqual(["(1)", "(2)", "(3)"]);
  });

  it("a slice that changed too much is rewritten, and the run says so", async () => {
    const kit = await RefreshKit.create(db, {
      query: "SELECT id, t FROM base",
      primaryKey: ["id"],
    });
    await db.query("INSERT INTO base (id, t) SELECT i, 'x' FROM generate_series(1, 1000) i");
    await kit.refresh();
    await db.query("UPDATE base SET t = 'y' WHERE id <= 300");
    const few = await kit.refresh();
    expect([few.tactic, few.branch, few.updated]).toEqual([
      "diff-apply",
      "changed 0.30 <= 0.30",
      300,
    ]);
    await db.query("UPDATE base SET t = 'z' WHERE id <= 310");
    const many = await kit.refresh();
    expect([many.tactic, many.branch, many.deleted, many.inserted]).toEqual([
      "delete-insert",
      "changed 0.31 > 0.30",
      1000,
      1000,
    ]);
    expect(await kit.rows()).toEqual(await kit.expected());
  });

  it("a small slice that grows large goes another way", async () => {
    const kit = await RefreshKit.create(db, {
      query: "SELECT id, t FROM base",
      primaryKey: ["id"],
    });
    await db.query("INSERT INTO base (id, t) VALUES (1, 'x')");
    await kit.refresh();
    await db.query("INSERT INTO base (id, t) SELECT i, 'y' FROM generate_series(2, 3000) i");
    const measures = await kit.refresh();
    expect([measures.inserted, measures.branch]).toEqual([3000, "changed 1.00 > 0.30"]);
    expect(await kit.rows()).toEqual(await kit.expected());
  });

  it("declared types are cast to as an INSERT would", async () => {
    const kit = await RefreshKit.create(db, {
      query: "SELECT id, n, ds FROM base",
      types: { id: "bigint", n: "numeric(6,1)", ds: "character varying(2)" },
      partitionKeys: ["id"],
    });
    for (const tactic of tactics) {
      await db.query("TRUNCATE base; INSERT INTO base (id, n, ds) VALUES (1, 1.25, 'ab')");
      await kit.refresh({ tactic });
      expect(await kit.rows()).toEqual(["(1,1.3,ab)"]);
      await db.query("UPDATE base SET ds = 'abc'");
      await expect(kit.refresh({ tactic })).rejects.toMatchObject({ sqlstate: "22001" });
    }
  });
});
