// A swap keeps what stands on the table, or is not done.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { trusted } from "../../src/common/sql.ts";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { RefreshKit } from "./refresh-kit.ts";

let db: TestDatabase;

beforeAll(async () => {
  db = await testDatabase();
  await db.query("CREATE TABLE base (id int, t text)");
});
afterAll(() => db.close());
beforeEach(() => db.query("TRUNCATE base"));

describe("swap", () => {
  it("keeps indexes, trigger, comments and grants, and tells the new OID", async () => {
    const kit = await RefreshKit.create(db, {
      query: "SELECT id, t FROM base",
      primaryKey: ["id"],
    });
    const table = `public.${kit.target.name}`;
    await db.query(`
      CREATE INDEX "my index" ON ${table} (t, id DESC);
      COMMENT ON TABLE ${table} IS 'mine'; COMMENT ON COLUMN ${table}.t IS 'text';
      GRANT SELECT ON ${table} TO PUBLIC;
      INSERT INTO base (id, t) VALUES (1, 'x')`);
    const facts = () =>
      db.query(`SELECT
        (SELECT array_agg(indexdef ORDER BY indexname) FROM pg_indexes
         WHERE tablename = '${kit.target.name}') AS i,
        obj_description('${table}'::regclass) AS c, col_description('${table}'::regclass, 2) AS d,
        (SELECT relacl::text FROM pg_class WHERE oid = '${table}'::regclass) AS g,
        (SELECT array_agg(tgname) FROM pg_trigger WHERE tgrelid = '${table}'::regclass) AS t`);
    const before = await facts();
    const measures = await kit.refresh({ tactic: "swap" });
    expect(await facts()).toEqual(before);
    const [now] = await db.query<{ oid: number }>(`SELECT '${table}'::regclass::oid::int8 AS oid`);
    expect([measures.tactic, measures.newRelation]).toEqual(["swap", now?.oid]);
    expect(await kit.rows()).toEqual(["(1,x)"]);
  });

  it.each([
    ["a view", (t: string) => `CREATE VIEW v_${t} AS SELECT * FROM ${t}`],
    [
      "a trigger",
      (t: string) =>
        `CREATE TRIGGER mine BEFORE INSERT ON ${t} EXECUTE FUNCTION sluice_private.refuse_dml()`,
    ],
    ["storage parameters", (t: string) => `ALTER TABLE ${t} SET (fillfactor = 50)`],
  ])("is not done where %s would be lost", async (_name, statement) => {
    const kit = await RefreshKit.create(db, {
      query: "SELECT id, t FROM base",
      primaryKey: ["id"],
    });
    await db.query(statement(kit.target.name));
    await db.query("INSERT INTO base (id, t) VALUES (1, 'x')");
    const measures = await kit.refresh({ tactic: "swap" });
    expect([measures.tactic, measures.reason]).toEqual(["diff-apply", "SWAP_FOREIGN"]);
    expect(await kit.rows()).toEqual(["(1,x)"]);
  });

  it("gives way to a long reader: changes are applied instead, settled once", async () => {
    const kit = await RefreshKit.create(db, {
      query: "SELECT id, t FROM base",
      primaryKey: ["id"],
    });
    await db.query(`INSERT INTO base (id, t) VALUES (1, 'x'); CREATE TABLE settled (tactic text)`);
    const measures = await db.database.transaction(async (reader) => {
      await reader.query(trusted(`SELECT * FROM ${kit.target.name}`));
      return kit.refresh({
        tactic: "swap",
        settle: async (tx, { tactic }) => {
          await tx.execute(trusted(`INSERT INTO public.settled VALUES ('${tactic}')`));
        },
      });
    });
    expect([measures.tactic, measures.reason]).toEqual(["diff-apply", "SWAP_STARVED"]);
    expect(await db.query("SELECT tactic FROM settled")).toEqual([{ tactic: "diff-apply" }]);
    expect(await kit.rows()).toEqual(["(1,x)"]);
    expect(await db.query("SELECT relname FROM pg_class WHERE relname LIKE 'sluice\\_%'")).toEqual(
      [],
    );
  });
});
