// A refresh that is cut off between any two steps leaves the table as it was and a record of what
// happened; definitions that change under a run; cancel, time-out, a COMMIT that fails.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sql } from "../../src/common/sql.ts";
import type { Engine, RefreshJob } from "../../src/engine/engine.ts";
import { until } from "../support/until.ts";
import { openWorld, type World } from "./world.ts";

/** What happens to the next refresh on its way through the engine; forgotten after it. */
interface Accident {
  readonly beforeStart?: () => Promise<unknown>;
  readonly onBackend?: (pid: number) => Promise<unknown>;
  readonly beforeSettle?: (pid: number) => Promise<unknown>;
  readonly afterSettle?: (pid: number) => Promise<unknown>;
}

let world: World;
let accident: Accident | null = null;
let count = 0;
let name = "";

function accidentProne(engine: Engine): Engine {
  return {
    reap: (pid, startedAt) => engine.reap(pid, startedAt),
    render: (target, step) => engine.render(target, step),
    async refresh(job: RefreshJob) {
      const now = accident;
      accident = null;
      await now?.beforeStart?.();
      return engine.refresh({
        ...job,
        async onBackend(pid) {
          await job.onBackend(pid);
          await now?.onBackend?.(pid);
        },
        async settle(tx, measures) {
          await now?.beforeSettle?.(tx.backendPid);
          await job.settle(tx, measures);
          await now?.afterSettle?.(tx.backendPid);
        },
      });
    },
  };
}

async function kill(pid: number): Promise<void> {
  await world.db.query(sql`SELECT pg_terminate_backend(${pid}::integer)`);
  await until(async () => {
    const rows = await world.db.query(
      sql`SELECT FROM pg_stat_activity WHERE pid = ${pid}::integer`,
    );
    return rows.length === 0;
  });
}

beforeAll(async () => {
  world = await openWorld({ engine: accidentProne });
  await world.db.query(
    "CREATE TABLE base AS SELECT g AS id, g % 3 AS part FROM generate_series(1, 9) g",
  );
});
afterAll(() => world.close());
beforeEach(async () => {
  name = `t${++count}`;
  await world.db.query("UPDATE base SET part = id % 3");
});

const byPart = "SELECT part, count(*) AS n FROM base GROUP BY part";
const quickRetry = { options: { "retry.delay": "10 ms" } };

describe("the backend dies", () => {
  test.each([
    ["before any work", { onBackend: kill }],
    ["before the outcome is written", { beforeSettle: kill }],
    ["before COMMIT", { afterSettle: kill }],
  ] satisfies [string, Accident][])(
    "%s: nothing half done, a record, another attempt",
    async (_, what) => {
      await world.create(name, byPart, quickRetry);
      await world.db.query("UPDATE base SET part = 7");
      const seen: string[][] = [];
      accident = what;
      const request = { identifier: world.id(name), partition: null, cascade: false, options: {} };
      const { instanceId } = await world.tables.refresh(request);
      await until(async () => {
        seen.push(await world.rows(name));
        return (await world.runs(name)).length === 3;
      });
      expect((await world.end(instanceId)).status).toBe("SUCCESSFUL");
      const old = ["(0,3)", "(1,3)", "(2,3)"];
      for (const rows of seen) expect([old, ["(7,9)"]]).toContainEqual(rows);
      expect(await world.rows(name)).toEqual(["(7,9)"]);
      const runs = await world.db.query(
        "SELECT status, attempt, error_code FROM sluice.refresh_runs WHERE name = " +
          `'${name}' ORDER BY finished_at`,
      );
      expect(runs).toEqual([
        { status: "SUCCESSFUL", attempt: 1, error_code: null },
        {
          status: "FAILED",
          attempt: 1,
          error_code: expect.stringMatching(/^(GW-|MT-REFRESH-FAILED)/),
        },
        { status: "SUCCESSFUL", attempt: 2, error_code: null },
      ]);
      expect(await world.ledger(name)).toEqual([" FRESH 1"]);
    },
  );
});

describe("the definition changes", () => {
  const alter = () =>
    world.tables.alterQuery({
      identifier: world.id(name),
      context: { searchPath: ["public"], timeZone: "UTC" },
      options: {},
      query: byPart.replace("count(*)", "count(*) * 100"),
    });

  test("between plan and lock: the run begins again and computes the new query", async () => {
    await world.create(name, byPart);
    accident = { beforeStart: alter };
    expect((await world.refresh(name)).status).toBe("SUCCESSFUL");
    expect(await world.rows(name)).toEqual(["(0,300)", "(1,300)", "(2,300)"]);
    expect(await world.ledger(name)).toEqual([" FRESH 3"]);
    const versions = await world.db.query(
      `SELECT table_version FROM sluice.refresh_runs WHERE name = '${name}' ORDER BY finished_at`,
    );
    expect(versions).toEqual([{ table_version: 1 }, { table_version: 2 }]);
  });

  test("between two attempts: the retry is superseded", async () => {
    await world.create(name, byPart, { options: { "retry.delay": "1 s" } });
    accident = { beforeSettle: kill };
    const request = { identifier: world.id(name), partition: null, cascade: false, options: {} };
    const { instanceId } = await world.tables.refresh(request);
    await until(async () => (await world.runs(name)).length === 2);
    await alter();
    expect(await world.end(instanceId)).toMatchObject({ status: "SKIPPED", detail: "SUPERSEDED" });
    expect((await world.runs(name)).at(-1)).toBe("MANUAL SKIPPED SUPERSEDED");
    expect(await world.ledger(name)).toEqual([" STALE 3"]);
  });

  test("ALTER waits for a refresh that runs", async () => {
    await world.create(name, byPart);
    let altered: Promise<unknown> = Promise.resolve();
    let waited = false;
    accident = {
      async beforeSettle() {
        altered = alter();
        await until(async () => {
          const rows = await world.db.query(
            "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE " +
              "'%SHARE ROW EXCLUSIVE%'",
          );
          return rows.length > 0;
        });
        waited = true;
      },
    };
    expect((await world.refresh(name)).status).toBe("SUCCESSFUL");
    await altered;
    expect(waited).toBe(true);
    expect(await world.ledger(name)).toEqual([" STALE 3"]);
  });
});

describe("the end is asked for", () => {
  const slow =
    "SELECT part, count(*) AS n, pg_sleep(CASE part WHEN 7 THEN 60 ELSE 0 END)::text AS " +
    "s FROM base GROUP BY part";

  test("cancel stops the SQL and leaves the table as it was", async () => {
    await world.create(name, slow);
    await world.db.query("UPDATE base SET part = 7");
    const request = { identifier: world.id(name), partition: null, cascade: false, options: {} };
    const { instanceId } = await world.tables.refresh(request);
    await until(async () => (await world.ledger(name)).includes(" RUNNING 3"));
    expect(
      await world.db.database.transaction((tx) => world.scheduler.cancel(tx, instanceId)),
    ).toBe(true);
    expect((await world.end(instanceId)).status).toBe("CANCELED");
    expect(await world.rows(name)).toEqual(['(0,3,"")', '(1,3,"")', '(2,3,"")']);
    expect((await world.runs(name)).at(-1)).toMatch(/^MANUAL CANCELED/);
    expect(await world.ledger(name)).toEqual([" FRESH 3"]);
    const left = await world.db.query(
      "SELECT FROM pg_stat_activity WHERE query LIKE '%pg_sleep(CASE%' AND state = " +
        "'active' AND pid <> pg_backend_pid()",
    );
    expect(left).toEqual([]);
  });

  test("a time-out is a failure with its own code", async () => {
    await world.create(name, slow, { options: { retries: "0" } });
    await world.tables.setOptions(world.id(name), { timeout: "300 ms" });
    await world.db.query("UPDATE base SET part = 7");
    expect(await world.refresh(name)).toMatchObject({ status: "FAILED", errorCode: "WF-TIMEOUT" });
    expect((await world.runs(name)).at(-1)).toBe("MANUAL FAILED WF-TIMEOUT");
    expect(await world.ledger(name)).toEqual([" FAILED 3"]);
  });

  test("SUSPEND lets a run end, SUSPEND with cancel ends it", async () => {
    await world.create(name, byPart);
    accident = { beforeSettle: () => world.tables.suspend(world.id(name), {}) };
    expect((await world.refresh(name)).status).toBe("SUCCESSFUL");
    await world.tables.resume(world.id(name), {});
    accident = { beforeSettle: () => world.tables.suspend(world.id(name), { cancel: "true" }) };
    expect((await world.refresh(name)).status).toMatch(/CANCELED|SUCCESSFUL/);
  });
});

test("a COMMIT that fails: recorded, nothing changed", async () => {
  await world.create(name, byPart, { options: { retries: "0" } });
  await world.db.query(`
    CREATE FUNCTION ${name}_no() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'disk full' USING ERRCODE = 'disk_full'; END $$;
    CREATE CONSTRAINT TRIGGER no AFTER INSERT OR UPDATE OR DELETE ON ${name}
      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ${name}_no();
    UPDATE base SET part = 7`);
  const ended = await world.refresh(name);
  expect(ended).toMatchObject({ status: "FAILED", errorCode: "MT-REFRESH-FAILED" });
  expect(ended.error).toContain("disk full (SQLSTATE 53100)");
  expect(await world.rows(name)).toEqual(["(0,3)", "(1,3)", "(2,3)"]);
  expect(await world.ledger(name)).toEqual([" FAILED 3"]);
});

test("a function that relies on the search_path fails with a hint", async () => {
  await world.db.query(`
    CREATE TABLE ${name}_secret AS SELECT 1 AS a;
    CREATE FUNCTION ${name}_look() RETURNS int LANGUAGE plpgsql STABLE AS
      $$ BEGIN RETURN (SELECT a FROM ${name}_secret); END $$`);
  const created = await world.tables.create(
    world.request(name, `SELECT ${name}_look() AS a`, { options: { retries: "0" } }),
  );
  // The function names a table without its schema, and a refresh runs under an empty search_path.
  const ended = await world.end(created.instanceId);
  expect(ended.status).toBe("FAILED");
  expect(ended.error).toContain("HINT: A refresh runs with an empty search_path");
});

test("nothing failed without a row", () => {
  expect(world.errors).toEqual([]);
});
