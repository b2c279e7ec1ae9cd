// Whatever goes wrong in a refresh, the table is as before, the error has a code, and nothing is
// left behind.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { milliseconds } from "../../src/common/time.ts";
import { sql, trusted } from "../../src/common/sql.ts";
import { asAdmin, testDatabase, type TestDatabase } from "../support/database.ts";
import { until } from "../support/until.ts";
import { RefreshKit } from "./refresh-kit.ts";

let db: TestDatabase;

beforeAll(async () => {
  db = await testDatabase();
  await db.query("CREATE TABLE base (id int, ds text)");
});
afterAll(() => db.close());
beforeEach(async () => {
  await db.query("TRUNCATE base; INSERT INTO base VALUES (1, 'a'), (2, 'b')");
});

const slow =
  "SELECT id, ds FROM base, LATERAL pg_sleep(id * 0) WHERE id < 3 OR pg_sleep(60) IS NULL";
const made = (query = "SELECT id, ds FROM base") =>
  RefreshKit.create(db, { query, partitionKeys: ["ds"] });

const isIn = (pid: number | undefined, event: string) => async () => {
  const rows = await db.query(
    sql`SELECT FROM pg_stat_activity WHERE pid = ${pid ?? 0} AND wait_event = ${event}`,
  );
  return rows.length === 1;
};

describe("the query", () => {
  it("dividing by zero keeps SQLSTATE and table, for the partition in question alone", async () => {
    const kit = await made("SELECT 1 / (id - 1) AS id, ds FROM base");
    await expect(kit.refresh()).rejects.toMatchObject({ code: "GW-POSTGRES", sqlstate: "22012" });
    await kit.refresh({ specs: [{ ds: "b" }] });
    await expect(kit.refresh({ specs: [{ ds: "a" }] })).rejects.toMatchObject({
      sqlstate: "22012",
    });
    expect(await kit.rows()).toEqual(["(1,b)"]);
  });

  it("over a table that was dropped or renamed", async () => {
    await db.query("CREATE TABLE goes (id int)");
    const kit = await RefreshKit.create(db, { query: "SELECT id FROM goes" });
    await db.query("ALTER TABLE goes RENAME TO gone");
    await expect(kit.refresh()).rejects.toMatchObject({
      code: "MT-SOURCE-MISSING",
      message: "the query reads public.goes, which does not exist",
    });
    await db.query("ALTER TABLE gone RENAME TO goes; ALTER TABLE goes RENAME COLUMN id TO ident");
    await expect(kit.refresh()).rejects.toMatchObject({ code: "GW-POSTGRES", sqlstate: "42703" });
  });

  it("without permission", async () => {
    await asAdmin(
      trusted(
        "CREATE SCHEMA other; CREATE TABLE other.secret AS SELECT 1 AS id; GRANT USAGE ON SCHEMA other TO tester; GRANT SELECT ON other.secret TO tester",
      ),
      db.name,
    );
    const kit = await RefreshKit.create(db, { query: "SELECT id FROM other.secret" });
    await asAdmin(trusted("REVOKE SELECT ON other.secret FROM tester"), db.name);
    await expect(kit.refresh()).rejects.toMatchObject({ code: "GW-POSTGRES", sqlstate: "42501" });
  });

  it("over rows that a policy hides: an error, never fewer rows", async () => {
    await asAdmin(
      trusted(
        "CREATE TABLE other.hidden AS SELECT 1 AS id; GRANT SELECT ON other.hidden TO tester",
      ),
      db.name,
    );
    const kit = await RefreshKit.create(db, { query: "SELECT id FROM other.hidden" });
    await asAdmin(trusted("ALTER TABLE other.hidden ENABLE ROW LEVEL SECURITY"), db.name);
    await expect(kit.refresh()).rejects.toMatchObject({ code: "MT-ROW-SECURITY" });
  });

  it("calling a function that needs a search path: the hint says so", async () => {
    await db.query(
      "CREATE FUNCTION needy() RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT count(*) FROM base); END'",
    );
    const kit = await RefreshKit.create(db, { query: "SELECT needy() AS n" });
    await expect(kit.refresh()).rejects.toMatchObject({
      sqlstate: "42P01",
      hint: expect.stringContaining("empty search_path") as string,
    });
  });
});

describe("the stored table", () => {
  it("dropped or changed from outside", async () => {
    const kit = await made();
    await db.query(`ALTER TABLE ${kit.target.name} ADD COLUMN mine int`);
    await expect(kit.refresh()).rejects.toMatchObject({ code: "MT-STORAGE-MISSING" });
    await db.query(`DROP TABLE ${kit.target.name}`);
    await expect(kit.refresh()).rejects.toMatchObject({ code: "MT-STORAGE-MISSING" });
  });

  it("is refused to the DML of others, not to a refresh", async () => {
    const kit = await made();
    await kit.refresh();
    for (const statement of [
      `INSERT INTO ${kit.target.name} VALUES (9, 'x')`,
      `UPDATE ${kit.target.name} SET id = 9`,
      `DELETE FROM ${kit.target.name}`,
      `TRUNCATE ${kit.target.name}`,
    ]) {
      await expect(db.query(statement)).rejects.toMatchObject({
        code: "42501",
        message: expect.stringContaining("[MT-READONLY]") as string,
      });
    }
    expect(await kit.rows()).toEqual(["(1,a)", "(2,b)"]);
  });
});

describe("the end of the transaction", () => {
  it("is one with settle: what settle wrote goes if it throws", async () => {
    const kit = await made();
    await db.query("CREATE TABLE IF NOT EXISTS outcome (n int)");
    const fence = new Error("fenced");
    const settle = async (tx: { execute(s: ReturnType<typeof sql>): Promise<number> }) => {
      await tx.execute(trusted("INSERT INTO public.outcome VALUES (1)"));
      throw fence;
    };
    await expect(kit.refresh({ settle })).rejects.toBe(fence);
    expect([await kit.rows(), await db.query("SELECT * FROM outcome")]).toEqual([[], []]);
  });

  it("failing in COMMIT leaves nothing, and is told as PostgreSQL's error", async () => {
    const kit = await made();
    await db.query(`CREATE TABLE parent (n int PRIMARY KEY);
      CREATE TABLE child (n int REFERENCES parent DEFERRABLE INITIALLY DEFERRED)`);
    const settle = async (tx: { execute(s: ReturnType<typeof sql>): Promise<number> }) => {
      await tx.execute(trusted("INSERT INTO public.child VALUES (1)"));
    };
    await expect(kit.refresh({ settle })).rejects.toMatchObject({
      code: "GW-POSTGRES",
      sqlstate: "23503",
    });
    expect(await kit.rows()).toEqual([]);
  });

  it("lost with the connection in COMMIT is unknown, and says so", async () => {
    const kit = await made();
    await db.query(`CREATE TABLE trap (n int);
      CREATE FUNCTION spring() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';
      CREATE CONSTRAINT TRIGGER spring AFTER INSERT ON trap DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION spring()`);
    const settle = async (tx: { execute(s: ReturnType<typeof sql>): Promise<number> }) => {
      await tx.execute(trusted("INSERT INTO public.trap VALUES (1)"));
    };
    await expect(kit.refresh({ settle })).rejects.toMatchObject({ code: "GW-COMMIT-UNKNOWN" });
    expect(await kit.rows()).toEqual([]);
  });
});

describe("in the middle", () => {
  it("a cancel ends the work in the server, and the table is as before", async () => {
    const kit = await made(slow.replace("id < 3 OR ", ""));
    const abort = new AbortController();
    let pid: number | undefined;
    const running = kit.refresh({
      signal: abort.signal,
      onBackend: async (backend) => {
        pid = backend;
      },
    });
    const ended = running.then(
      () => null,
      (error: unknown) => error,
    );
    await until(async () => isIn(pid, "PgSleep")());
    abort.abort(new Error("stopped"));
    expect(await ended).toMatchObject({ sqlstate: "57014" });
    expect(await isIn(pid, "PgSleep")()).toBe(false);
    expect(await kit.rows()).toEqual([]);
  });

  it("an abort before the start starts nothing", async () => {
    const kit = await made();
    const signal = AbortSignal.abort(new Error("never"));
    await expect(kit.refresh({ signal })).rejects.toThrow("never");
  });

  it("the backend killed: the connection is told lost, the next refresh works", async () => {
    const kit = await made();
    const settle = async (tx: {
      readonly backendPid: number;
      query(s: ReturnType<typeof sql>): Promise<object[]>;
    }) => {
      await db.query(sql`SELECT pg_terminate_backend(${tx.backendPid})`);
      await tx.query(sql`SELECT 1`);
    };
    await expect(kit.refresh({ settle })).rejects.toMatchObject({
      sqlstate: expect.stringMatching(/^57P0/) as string,
    });
    expect(await kit.rows()).toEqual([]);
    await kit.refresh();
    expect(await kit.rows()).toEqual(["(1,a)", "(2,b)"]);
  });

  it("reap ends the backend of that start alone", async () => {
    const kit = await made(slow.replace("id < 3 OR ", ""));
    let pid: number | undefined;
    const ended = kit
      .refresh({
        onBackend: async (backend) => {
          pid = backend;
        },
      })
      .catch((error: unknown) => error);
    await until(async () => isIn(pid, "PgSleep")());
    const [row] = await db.query<{ start: string }>(
      sql`SELECT backend_start::text AS start FROM pg_stat_activity WHERE pid = ${pid ?? 0}`,
    );
    await kit.engine.reap(pid ?? 0, "2001-01-01 00:00:00+00");
    expect(await isIn(pid, "PgSleep")()).toBe(true);
    await kit.engine.reap(pid ?? 0, row?.start ?? "");
    expect(await ended).toMatchObject({ sqlstate: expect.stringMatching(/^57P0/) as string });
  });
});

describe("locks", () => {
  it("that are not had in time: MT-BUSY, which is worth another try", async () => {
    const patience = { timeout: milliseconds(20), attempts: 2, pause: milliseconds(1) };
    const kit = await RefreshKit.create(db, { query: "SELECT id FROM base", patience });
    await db.database.transaction(async (tx) => {
      await tx.execute(trusted("LOCK TABLE base IN ACCESS EXCLUSIVE MODE"));
      await expect(kit.refresh()).rejects.toMatchObject({ code: "MT-BUSY", sqlstate: "55P03" });
    });
    await kit.refresh();
    expect(await kit.rows()).toEqual(["(1)", "(2)"]);
  });

  it("are tried again until they are free", async () => {
    const patience = { timeout: milliseconds(10), attempts: 1000, pause: milliseconds(1) };
    const kit = await RefreshKit.create(db, { query: "SELECT id FROM base", patience });
    let pid: number | undefined;
    let running: Promise<unknown> = Promise.resolve();
    await db.database.transaction(async (tx) => {
      await tx.execute(trusted("LOCK TABLE base IN ACCESS EXCLUSIVE MODE"));
      running = kit.refresh({
        onBackend: async (backend) => {
          pid = backend;
        },
      });
      const rolledBack = () =>
        db.query(sql`SELECT FROM pg_stat_activity
          WHERE pid = ${pid ?? 0} AND query LIKE 'ROLLBACK TO SAVEPOINT%'`);
      await until(async () => (await rolledBack()).length === 1);
    });
    await running;
    expect(await kit.rows()).toEqual(["(1)", "(2)"]);
  });

  it("are had on views, partitioned tables and catalogs", async () => {
    await db.query(`
      CREATE VIEW seen AS SELECT id FROM base;
      CREATE TABLE parts (id int) PARTITION BY RANGE (id);
      CREATE TABLE part_1 PARTITION OF parts FOR VALUES FROM (0) TO (10);
      INSERT INTO parts VALUES (1);
      CREATE MATERIALIZED VIEW cached AS SELECT 1 AS id`);
    const kit = await RefreshKit.create(db, {
      query: `SELECT seen.id FROM seen JOIN parts USING (id) JOIN cached USING (id)
        JOIN pg_class ON relname = 'base'`,
    });
    let locked: object[] = [];
    await kit.refresh({
      settle: async (tx) => {
        locked = await db.query(sql`
          SELECT relation::regclass::text AS name, mode FROM pg_locks
          WHERE pid = ${tx.backendPid} AND locktype = 'relation'
            AND relation IN ('seen'::regclass, 'base'::regclass, 'parts'::regclass,
              'part_1'::regclass)
          ORDER BY 1`);
      },
    });
    expect(locked).toEqual([
      { name: "base", mode: "AccessShareLock" },
      { name: "part_1", mode: "AccessShareLock" },
      { name: "parts", mode: "AccessShareLock" },
      { name: "seen", mode: "AccessShareLock" },
    ]);
    expect(await kit.rows()).toEqual(["(1)"]);
  });

  it("come before the snapshot: a TRUNCATE that was waited for is not half seen", async () => {
    const kit = await made();
    await kit.refresh();
    let running: Promise<unknown> = Promise.resolve();
    let pid: number | undefined;
    await db.database.transaction(async (tx) => {
      await tx.execute(trusted("TRUNCATE base"));
      await tx.execute(trusted("INSERT INTO base VALUES (7, 'new')"));
      running = kit.refresh({
        onBackend: async (backend) => {
          pid = backend;
        },
      });
      await until(async () => isIn(pid, "relation")());
    });
    await running;
    expect(await kit.rows()).toEqual(["(7,new)"]);
  });
});

describe("readers", () => {
  it("see one state or the other, and are not held up while changes are applied", async () => {
    await db.query("TRUNCATE base; INSERT INTO base SELECT i, 'a' FROM generate_series(1, 2000) i");
    const kit = await made("SELECT ds, count(*) OVER () AS n, id FROM base");
    await kit.refresh();
    const stop = new AbortController();
    const seen: (string | null)[] = [];
    const reader = async () => {
      while (!stop.signal.aborted) {
        const [row] = await db.query<{ seen: string | null }>(
          `SELECT min(n) || '/' || max(n) || '/' || count(*) AS seen FROM ${kit.target.name}`,
        );
        seen.push(row?.seen ?? null);
      }
    };
    const readers = [reader(), reader()];
    for (const [size, tactic] of [
      [1000, "diff-apply"],
      [1900, "delete-insert"],
      [1950, "diff-apply"],
      [10, "diff-apply"],
    ] as const) {
      await db.query(
        `TRUNCATE base; INSERT INTO base SELECT i, 'a' FROM generate_series(1, ${size}) i`,
      );
      await kit.refresh({
        tactic,
        // Everything but COMMIT is done: readers go on reading the last state meanwhile.
        settle: async () => {
          const count = seen.length;
          await until(async () => seen.length > count + 2);
        },
      });
    }
    stop.abort();
    await Promise.all(readers);
    const allowed = [2000, 1000, 1900, 1950, 10].map((n) => `${n}/${n}/${n}`);
    expect([...new Set(seen)].filter((each) => !allowed.includes(each ?? ""))).toEqual([]);
  });
});
