// DDL of stored tables: what is made for a specification, what ALTER does to it, what waits for
// whom.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Tx } from "../../src/common/pg.ts";
import { trusted } from "../../src/common/sql.ts";
import { postgresStorage } from "../../src/engine/postgres/storage.ts";
import type { StorageSpec } from "../../src/engine/storage.ts";
import { testDatabase, type TestDatabase } from "../support/database.ts";

let db: TestDatabase;

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

const column = (name: string, type = "integer", comment: string | null = null) => ({
  name,
  type,
  nullable: true,
  comment,
});

const spec = (name: string, more: Partial<StorageSpec> = {}): StorageSpec => ({
  database: "public",
  name,
  columns: [column("id", "bigint"), column("ds", "text"), column("Weird \"name'")],
  primaryKey: [],
  primaryKeyName: null,
  keyEnforced: true,
  partitionKeys: [],
  comment: null,
  ...more,
});

const within = <T>(body: (tx: Tx) => Promise<T>) => db.database.transaction(body);
const made = (name: string, more: Partial<StorageSpec> = {}) =>
  within((tx) => postgresStorage.create(tx, spec(name, more)));

const indexesOf = async (name: string) => {
  const rows = await db.query<{ def: string }>(
    `SELECT regexp_replace(indexdef, ' INDEX .* USING', ' INDEX USING') AS def FROM pg_indexes
     WHERE tablename = '${name}' ORDER BY 1`,
  );
  return rows.map((row) => row.def);
};

describe("create", () => {
  it("gives the OID, columns with types, nullability and comments", async () => {
    const columns = [
      { ...column("id", "bigint"), nullable: false },
      column("Weird \"name'", "numeric(10,2)", "it's"),
    ];
    const oid = await made("plain", { columns, comment: "a table\\" });
    const rows = await db.query(`
      SELECT c.oid::int8 AS oid, obj_description(c.oid) AS comment, a.attname AS name,
        format_type(atttypid, atttypmod) AS type, attnotnull AS not_null,
        col_description(c.oid, attnum) AS note
      FROM pg_class c JOIN pg_attribute a ON attrelid = c.oid AND attnum > 0
      WHERE relname = 'plain' ORDER BY attnum`);
    const both = { oid, comment: "a table\\" };
    expect(rows).toEqual([
      { ...both, name: "id", type: "bigint", not_null: true, note: null },
      { ...both, name: "Weird \"name'", type: "numeric(10,2)", not_null: false, note: "it's" },
    ]);
  });

  it.each([
    ["none", {}, []],
    ["keyed", { primaryKey: ["id"] }, ["CREATE UNIQUE INDEX USING btree (id)"]],
    ["loose", { primaryKey: ["id"], keyEnforced: false }, []],
    [
      "both",
      { primaryKey: ["id"], partitionKeys: ["ds"] },
      ["CREATE INDEX USING btree (ds)", "CREATE UNIQUE INDEX USING btree (id)"],
    ],
    [
      "covered",
      { primaryKey: ["ds", "id"], partitionKeys: ["ds"] },
      ["CREATE UNIQUE INDEX USING btree (ds, id)"],
    ],
  ])("%s: makes the indexes of key and partitions", async (name, more, expected) => {
    await made(name, more);
    expect(await indexesOf(name)).toEqual(expected);
  });

  it("of a name that is taken is PostgreSQL's error, and leaves nothing", async () => {
    await made("taken");
    await expect(made("taken")).rejects.toMatchObject({ code: "42P07" });
  });
});

describe("alter", () => {
  it("adds, drops, casts and comments", async () => {
    await made("changing");
    await within((tx) =>
      postgresStorage.alter(tx, "public", "changing", {
        addColumns: [{ ...column("extra", "text[]", "new"), nullable: false }],
        dropColumns: ["ds"],
        retypeColumns: [{ name: "id", type: "text" }],
        comment: "told",
        columnComments: [{ name: "id", comment: "an id" }],
      }),
    );
    const rows = await db.query(`
      SELECT attname AS name, format_type(atttypid, atttypmod) AS type, attnotnull AS not_null,
        col_description(attrelid, attnum) AS note, obj_description(attrelid) AS comment
      FROM pg_attribute WHERE attrelid = 'changing'::regclass AND attnum > 0 AND NOT attisdropped
      ORDER BY attnum`);
    const rest = { not_null: false, comment: "told" };
    expect(rows).toEqual([
      { ...rest, name: "id", type: "text", note: "an id" },
      { ...rest, name: "Weird \"name'", type: "integer", note: null },
      { ...rest, name: "extra", type: "text[]", note: "new" },
    ]);
  });

  it("renames, with indexes and trigger", async () => {
    await made("before", { primaryKey: ["id"] });
    await within((tx) => postgresStorage.rename(tx, "public", "before", "After"));
    expect(await indexesOf("After")).toHaveLength(1);
    await expect(db.query(`INSERT INTO "After" (id) VALUES (1)`)).rejects.toMatchObject({
      code: "42501",
    });
  });

  it("drops, with the views that read it only if asked, and nothing if it is gone", async () => {
    await made("dropped");
    await db.query("CREATE VIEW reads AS SELECT id FROM dropped");
    const drop = (cascade: boolean) =>
      within((tx) => postgresStorage.drop(tx, "public", "dropped", cascade));
    await expect(drop(false)).rejects.toMatchObject({ code: "2BP01" });
    await drop(true);
    await drop(false);
    expect(await db.query("SELECT FROM pg_class WHERE relname IN ('dropped', 'reads')")).toEqual(
      [],
    );
  });
});

describe("lock", () => {
  it("waits for refreshes no longer than it may, and never for readers", async () => {
    await made("held");
    await within(async (reader) => {
      await reader.query(trusted("SELECT FROM held"));
      await within((tx) => postgresStorage.lock(tx, "public", "held", 50));
    });
    await within(async (refresh) => {
      await refresh.execute(trusted("LOCK TABLE held IN ROW EXCLUSIVE MODE"));
      const locked = within((tx) => postgresStorage.lock(tx, "public", "held", 50));
      await expect(locked).rejects.toMatchObject({ code: "55P03" });
    });
  });
});
