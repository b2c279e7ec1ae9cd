// Refreshes that fail at run time, over REST: the run is recorded FAILED with its code, readers
// keep the last good rows, nothing is half done, other partitions and tables are unaffected, and
// the next refresh after the cure is good.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sql } from "../../src/common/sql.ts";
import { RestSession } from "../../tools/demo/rest-session.ts";
import { asAdmin } from "../support/database.ts";
import { type TestGateway, testGateway } from "../support/gateway.ts";
import { untilRunning, untilRuns } from "./record.ts";

let gateway: TestGateway;
let session: RestSession;

beforeAll(async () => {
  gateway = await testGateway();
  session = await RestSession.open(gateway.url, { "table.dml-sync": "true" });
});
afterAll(() => gateway.close());

interface LastRun {
  readonly status: string;
  readonly error_code: string | null;
  readonly error: string | null;
}

async function lastRun(table: string): Promise<LastRun | undefined> {
  const [run] = await gateway.database.query<LastRun>(sql`
    SELECT status, error_code, error FROM sluice_private.refresh_runs
    WHERE name = ${table} ORDER BY finished_at DESC LIMIT 1`);
  return run;
}

async function content(table: string): Promise<readonly (readonly unknown[])[]> {
  return (await session.execute(`SELECT * FROM ${table} ORDER BY 1, 2`)).rows;
}

/** A base table of its own, and a table by day over it. */
async function daily(name: string, value: string): Promise<void> {
  await session.execute(`CREATE TABLE ${name}_base (ds date NOT NULL, v int NOT NULL)`);
  await session.execute(
    `INSERT INTO ${name}_base VALUES ('2026-01-01', 1), ('2026-01-02', 2), ('2026-01-02', 4)`,
  );
  await session.execute(`CREATE MATERIALIZED TABLE ${name} PARTITIONED BY (ds)
    WITH ('retries' = '0') FRESHNESS = INTERVAL '1' DAY REFRESH_MODE = FULL
    AS SELECT ds, ${value} AS value FROM ${name}_base GROUP BY ds`);
}

function refresh(name: string, ds?: string): Promise<unknown> {
  const partition = ds === undefined ? "" : ` PARTITION (ds = '${ds}')`;
  return session.execute(`ALTER MATERIALIZED TABLE ${name} REFRESH${partition}`);
}

describe("a query that fails at run time", () => {
  test("division by zero in one partition leaves it and the others as they were", async () => {
    await daily("ratio", "sum(100 / v)");
    const good = await content("ratio");
    await session.execute("INSERT INTO ratio_base VALUES ('2026-01-02', 0), ('2026-01-01', 5)");
    await expect(refresh("ratio", "2026-01-02")).rejects.toThrow(/division by zero/);
    expect(await content("ratio")).toEqual(good);
    expect(await lastRun("ratio")).toMatchObject({
      status: "FAILED",
      error: expect.stringMatching(/division by zero/) as string,
    });

    await refresh("ratio", "2026-01-01");
    expect((await content("ratio"))[0]).toEqual(["2026-01-01", 120]);
    const states = await session.select(
      "SELECT partition, state FROM sluice.partitions WHERE name = 'ratio' ORDER BY 1",
    );
    expect(states).toEqual([
      { partition: "ds=2026-01-01", state: "FRESH" },
      { partition: "ds=2026-01-02", state: "FAILED" },
    ]);

    await session.execute("DELETE FROM ratio_base WHERE v = 0");
    await refresh("ratio", "2026-01-02");
    expect(await lastRun("ratio")).toMatchObject({ status: "SUCCESSFUL", error: null });
  });

  test("a statement that runs into its time limit", async () => {
    await daily("slow", "sum(v)");
    await session.execute("ALTER MATERIALIZED TABLE slow SET ('timeout' = '1 s')");
    await session.execute(
      "ALTER MATERIALIZED TABLE slow AS SELECT ds, sum(v) + (SELECT count(*) FROM generate_series(1, 200000000)) * 0 AS value FROM slow_base GROUP BY ds",
    );
    const good = await content("slow");
    await expect(refresh("slow", "2026-01-01")).rejects.toThrow(/time/i);
    expect(await content("slow")).toEqual(good);
    expect(await lastRun("slow")).toMatchObject({ status: "FAILED" });
  }, 60_000);
});

describe("a base table that changes under the table", () => {
  test("renamed: the run fails with PostgreSQL's sentence, until renamed back", async () => {
    await daily("renamed", "sum(v)");
    const good = await content("renamed");
    await gateway.database.query("ALTER TABLE renamed_base RENAME TO elsewhere");
    await expect(refresh("renamed")).rejects.toThrow(/renamed_base/);
    expect(await content("renamed")).toEqual(good);
    expect(await lastRun("renamed")).toMatchObject({
      status: "FAILED",
      error: expect.stringMatching(/renamed_base/) as string,
    });
    await gateway.database.query("ALTER TABLE elsewhere RENAME TO renamed_base");
    await refresh("renamed");
    expect(await lastRun("renamed")).toMatchObject({ status: "SUCCESSFUL" });
  });

  test("a column dropped, then the whole table", async () => {
    await daily("altered", "sum(v)");
    const good = await content("altered");
    await gateway.database.query("ALTER TABLE altered_base DROP COLUMN v");
    await expect(refresh("altered")).rejects.toThrow(/column .*v.* does not exist/);
    await gateway.database.query("DROP TABLE altered_base");
    await expect(refresh("altered")).rejects.toThrow(/altered_base/);
    expect(await content("altered")).toEqual(good);
    expect(await lastRun("altered")).toMatchObject({ status: "FAILED" });
  });

  test("permission denied", async () => {
    await daily("closed", "sum(v)");
    const { name } = gateway.database;
    const good = await content("closed");
    await asAdmin(sql`ALTER TABLE closed_base OWNER TO postgres`, name);
    await expect(refresh("closed")).rejects.toThrow(/permission denied for table closed_base/);
    expect(await content("closed")).toEqual(good);
    expect(await lastRun("closed")).toMatchObject({
      status: "FAILED",
      error: expect.stringMatching(/permission denied/) as string,
    });
  });
});

describe("errors at the very end", () => {
  test("a COMMIT that fails, as on a full disk, leaves no rows and no good run", async () => {
    await daily("full_disk", "sum(v)");
    const good = await content("full_disk");
    await gateway.database.query(`CREATE FUNCTION no_space() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = '53100'; END $$`);
    await gateway.database.query(`CREATE CONSTRAINT TRIGGER full_disk_at_commit
      AFTER INSERT OR UPDATE OR DELETE
      ON full_disk DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION no_space()`);
    await session.execute("INSERT INTO full_disk_base VALUES ('2026-01-01', 50)");
    await expect(refresh("full_disk", "2026-01-01")).rejects.toThrow(/no space left on device/);
    expect(await content("full_disk")).toEqual(good);
    expect(await lastRun("full_disk")).toMatchObject({
      status: "FAILED",
      error: expect.stringMatching(/no space left/) as string,
    });

    await gateway.database.query("DROP TRIGGER full_disk_at_commit ON full_disk");
    await refresh("full_disk", "2026-01-01");
    expect((await content("full_disk"))[0]).toEqual(["2026-01-01", 51]);
  });

  test("the backend ended in the middle: the attempt failed, and is retried", async () => {
    await session.execute("CREATE TABLE lost_base AS SELECT 7 AS v");
    await session.execute("RESET 'table.dml-sync'");
    await session.execute(`CREATE MATERIALIZED TABLE lost FRESHNESS = INTERVAL '1' DAY
      REFRESH_MODE = FULL
      AS SELECT v, (SELECT count(*) FROM generate_series(1, 9000000)) AS work FROM lost_base`);
    const claim = await untilRunning(gateway.database, "lost");
    await gateway.database.query(`SELECT pg_terminate_backend(${claim.backend})`);
    const runs = await untilRuns(gateway.database, "lost", 2);
    expect(runs).toEqual(["INITIAL FAILED", "INITIAL SUCCESSFUL"]);
    expect(await content("lost")).toEqual([[7, 9000000]]);
    await session.execute("SET 'table.dml-sync' = 'true'");
  }, 60_000);
});

describe("what is refused before anything runs", () => {
  test.each([
    [
      "reads itself",
      "CREATE OR ALTER MATERIALIZED TABLE ratio FRESHNESS = INTERVAL '1' DAY REFRESH_MODE = FULL AS SELECT * FROM ratio",
    ],
    [
      "a partition key that is none",
      "ALTER MATERIALIZED TABLE ratio REFRESH PARTITION (value = 1)",
    ],
    [
      "a value of another type",
      "ALTER MATERIALIZED TABLE ratio REFRESH PARTITION (ds = 'yesterday''s')",
    ],
    [
      "freshness of nothing",
      "CREATE MATERIALIZED TABLE never FRESHNESS = INTERVAL '0' SECOND REFRESH_MODE = FULL AS SELECT 1 AS x",
    ],
    [
      "an option nobody knows",
      "CREATE MATERIALIZED TABLE never WITH ('retreis' = '1') FRESHNESS = INTERVAL '1' DAY AS SELECT 1 AS x",
    ],
    [
      "a query that is none",
      "CREATE MATERIALIZED TABLE never FRESHNESS = INTERVAL '1' DAY AS SELECT FROM WHERE",
    ],
    ["rows typed in", "INSERT INTO ratio VALUES ('2026-01-05', 1)"],
  ])("%s", async (_what, statement) => {
    const before = await content("ratio");
    await expect(session.execute(statement)).rejects.toThrow(/./);
    expect(await content("ratio")).toEqual(before);
    const tables = await session.select("SHOW MATERIALIZED TABLES");
    expect(tables.map((row) => Object.values(row)[0])).not.toContain("never");
  });

  test("a partition value is a value, whatever it says", async () => {
    await session.execute("CREATE TABLE words_base AS SELECT 'a' AS k, 1 AS v");
    await session.execute(`CREATE MATERIALIZED TABLE words PARTITIONED BY (k)
      FRESHNESS = INTERVAL '1' DAY
      REFRESH_MODE = FULL AS SELECT k, sum(v) AS v FROM words_base GROUP BY k`);
    const good = await content("words");
    for (const value of ["x'' OR ''1''=''1", "''); DROP TABLE words; --", "\\", "$$", "${x}"]) {
      await session.execute(`ALTER MATERIALIZED TABLE words REFRESH PARTITION (k = '${value}')`);
    }
    expect(await content("words")).toEqual(good);
  });
});
