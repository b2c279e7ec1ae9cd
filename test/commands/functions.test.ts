// sluice.refresh() and its kin, as a client of PostgreSQL meets them: a command in the caller's
// transaction, carried out by a gateway after the commit.

import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RestSession } from "../../tools/demo/rest-session.ts";
import { ident, literal, sql } from "../../src/common/sql.ts";
import { asAdmin } from "../support/database.ts";
import { type TestGateway, testGateway } from "../support/gateway.ts";
import { until } from "../support/until.ts";

let gateway: TestGateway;
let session: RestSession;

beforeAll(async () => {
  gateway = await testGateway();
  session = await RestSession.open(gateway.url);
  await gateway.database.query("CREATE TABLE orders (ds text, day date, amount int)");
  await gateway.database.query("INSERT INTO orders VALUES ('2026-01-31', '2026-01-31', 5)");
  await session.execute("SET 'table.dml-sync' = 'true'");
  await session.execute(
    `CREATE MATERIALIZED TABLE daily PARTITIONED BY (ds) FRESHNESS = INTERVAL '1' DAY
     REFRESH_MODE = FULL AS SELECT ds, sum(amount) AS total FROM orders GROUP BY ds`,
  );
  await session.execute(
    `CREATE MATERIALIZED TABLE totals FRESHNESS = INTERVAL '1' DAY
     REFRESH_MODE = FULL AS SELECT sum(amount) AS total FROM orders`,
  );
  await gateway.database.query('CREATE SCHEMA "Odd ""schema"');
  await session.execute(
    `CREATE MATERIALIZED TABLE "Odd ""schema"."Täble; DROP" PARTITIONED BY ("a/b=c")
     FRESHNESS = INTERVAL '1' DAY REFRESH_MODE = FULL
     AS SELECT day AS "a/b=c", count(*) AS n FROM public.orders GROUP BY day`,
  );
});
afterAll(() => gateway.close());

/** A connection of a client's own. */
async function client(url = gateway.database.url): Promise<pg.Client> {
  const opened = new pg.Client({ connectionString: url });
  await opened.connect();
  return opened;
}

async function give(text: string, values: unknown[] = [], on?: pg.Client): Promise<string> {
  if (on !== undefined) return (await on.query(`SELECT ${text} AS id`, values)).rows[0].id;
  const own = await client();
  try {
    return await give(text, values, own);
  } finally {
    await own.end();
  }
}

interface Row {
  readonly status: string;
  readonly instance_id: string | null;
  readonly merged_into: string | null;
  readonly error_code: string | null;
  readonly error: string | null;
}

function dealtWith(id: string): Promise<Row> {
  return until(async () => {
    const [row] = await gateway.database.query<Row>(sql`
      SELECT status, instance_id, merged_into, error_code, error FROM sluice.commands
      WHERE command_id = ${id} AND status <> 'PENDING'`);
    return row ?? null;
  });
}

async function ended(instance: string) {
  return until(async () => {
    const [row] = await gateway.database.query<{ status: string; trigger: string }>(sql`
      SELECT status, trigger FROM sluice.workflow_instances
      WHERE instance_id = ${instance} AND finished_at IS NOT NULL`);
    return row ?? null;
  });
}

describe("a command", () => {
  // covers: G-48
  test("is carried out after the commit, under the id that was returned", async () => {
    const caller = await client();
    await caller.query("BEGIN");
    await caller.query("INSERT INTO orders VALUES ('2026-02-01', '2026-02-01', 7)");
    const id = await give("sluice.refresh('daily', 'ds=2026-02-01')", [], caller);
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    await caller.query("COMMIT");
    await caller.end();
    expect(await dealtWith(id)).toEqual({
      status: "SUCCESSFUL",
      instance_id: id,
      merged_into: null,
      error_code: null,
      error: null,
    });
    expect(await ended(id)).toEqual({ status: "SUCCESSFUL", trigger: "COMMAND" });
    const runs = await gateway.database.query(sql`
      SELECT trigger, partitions FROM sluice.refresh_runs WHERE instance_id = ${id}`);
    expect(runs).toEqual([{ trigger: "COMMAND", partitions: ["ds=2026-02-01"] }]);
    expect(
      await gateway.database.query("SELECT total::int FROM daily WHERE ds = '2026-02-01'"),
    ).toEqual([{ total: 7 }]);
  });

  test("is gone with its transaction or its savepoint", async () => {
    const caller = await client();
    await caller.query("BEGIN");
    const rolledBack = await give("sluice.refresh('totals')", [], caller);
    await caller.query("ROLLBACK");
    await caller.query("BEGIN; SAVEPOINT s");
    const undone = await give("sluice.refresh('totals')", [], caller);
    await caller.query("ROLLBACK TO s");
    const kept = await give("sluice.refresh('totals')", [], caller);
    await caller.query("COMMIT");
    await caller.end();
    await dealtWith(kept);
    const rows = await gateway.database.query(sql`
      SELECT command_id FROM sluice.commands
      WHERE command_id = ANY (${[rolledBack, undone, kept]}::text[])`);
    expect(rows).toEqual([{ command_id: kept }]);
  });

  test("equal ones of a transaction are one; of several transactions they run once", async () => {
    const caller = await client();
    await caller.query("BEGIN");
    const first = await give(
      "sluice.refresh('totals', options => '{\"force\": true}')",
      [],
      caller,
    );
    const again = await give(
      "sluice.refresh('totals', options => '{\"force\": true}')",
      [],
      caller,
    );
    const other = await give("sluice.refresh('totals')", [], caller);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
    await caller.query("COMMIT");
    await caller.end();
    // Whoever holds the row of the resource alone decides who may run: no run is claimed meanwhile.
    const blocker = await client();
    await blocker.query("BEGIN");
    await blocker.query(
      `SELECT FROM sluice_private.resource_locks l
       JOIN sluice_private.materialized_tables t ON t.table_id = l.resource
       WHERE t.name = 'totals' FOR UPDATE OF l`,
    );
    const ids: string[] = [];
    for (let k = 0; k < 5; k++) ids.push(await give("sluice.refresh('totals')"));
    const rows = await Promise.all(ids.map(dealtWith));
    await blocker.query("ROLLBACK");
    await blocker.end();
    const instances = new Set(rows.map((row) => row.instance_id));
    expect(rows.every((row) => row.status === "SUCCESSFUL")).toBe(true);
    expect(instances.size).toBe(1);
    expect(rows.filter((row) => row.merged_into !== null)).toHaveLength(
      instances.has(ids[0] ?? "") ? 4 : 5,
    );
    expect((await ended([...instances][0] ?? "")).status).toBe("SUCCESSFUL");
  });

  test("can be given by a trigger, once for a statement of many rows", async () => {
    await gateway.database.query(
      `CREATE FUNCTION on_order() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN PERFORM sluice.refresh('daily', 'ds=' || NEW.ds); RETURN NEW; END $$`,
    );
    await gateway.database.query(
      "CREATE TRIGGER refresh_daily AFTER INSERT ON orders FOR EACH ROW EXECUTE FUNCTION on_order()",
    );
    await gateway.database.query(
      "INSERT INTO orders SELECT '2026-03-0' || (g % 2), '2026-03-01', g FROM generate_series(1, 100) g",
    );
    await gateway.database.query("DROP TRIGGER refresh_daily ON orders");
    const given = await until(async () => {
      const rows = await gateway.database.query<{ id: string; partition: string }>(`
        SELECT command_id AS id, arguments -> 'partition' ->> 'ds' AS partition
        FROM sluice.commands WHERE status = 'SUCCESSFUL'
          AND arguments -> 'partition' ->> 'ds' LIKE '2026-03-%' ORDER BY 2`);
      return rows.length === 2 ? rows : null;
    });
    expect(given.map((row) => row.partition)).toEqual(["2026-03-00", "2026-03-01"]);
    for (const { id } of given) expect((await ended(id)).status).toBe("SUCCESSFUL");
    expect(
      await gateway.database.query(
        "SELECT ds, total::int FROM daily WHERE ds LIKE '2026-03-%' ORDER BY ds",
      ),
    ).toEqual([
      { ds: "2026-03-00", total: 2550 },
      { ds: "2026-03-01", total: 2500 },
    ]);
  });

  test("suspends and resumes, in the order given", async () => {
    const caller = await client();
    await caller.query("BEGIN");
    const off = await give("sluice.suspend('totals')", [], caller);
    const same = await give("sluice.suspend('totals')", [], caller);
    const on = await give("sluice.resume('totals')", [], caller);
    const offAgain = await give("sluice.suspend('totals')", [], caller);
    await caller.query("COMMIT");
    await caller.end();
    expect(same).toBe(off);
    expect(new Set([off, on, offAgain]).size).toBe(3);
    for (const id of [off, on, offAgain]) expect((await dealtWith(id)).status).toBe("SUCCESSFUL");
    const status = () =>
      gateway.database.query("SELECT status FROM sluice.materialized_tables WHERE name = 'totals'");
    expect(await status()).toEqual([{ status: "SUSPENDED" }]);
    const twice = await dealtWith(await give("sluice.suspend('totals')"));
    expect([twice.status, twice.error_code]).toEqual(["FAILED", "MT-STATE-SUSPENDED"]);
    expect((await dealtWith(await give("sluice.resume('totals')"))).status).toBe("SUCCESSFUL");
    expect(await status()).toEqual([{ status: "ACTIVATED" }]);
  });

  test("what is refused after the commit says why", async () => {
    await session.execute(
      `CREATE MATERIALIZED TABLE brief FRESHNESS = INTERVAL '1' DAY
       REFRESH_MODE = FULL AS SELECT 1 AS one`,
    );
    const caller = await client();
    await caller.query("BEGIN");
    const id = await give("sluice.refresh('brief')", [], caller);
    await session.execute("DROP MATERIALIZED TABLE brief");
    await caller.query("COMMIT");
    await caller.end();
    expect(await dealtWith(id)).toMatchObject({ status: "FAILED", error_code: "MT-NOTFOUND" });
  });
});

describe("workflows and backfills", () => {
  beforeAll(async () => {
    await gateway.database.query("CREATE TABLE runs_of_workflow (line text)");
    await session.execute(
      `CREATE WORKFLOW noted SCHEDULE = EVERY INTERVAL '1' DAY TIME ZONE 'Europe/Berlin'
       VARIABLES ('day' = 'yyyy-MM-dd', 'who' = 'us')
       TASKS (note EXECUTE 'INSERT INTO runs_of_workflow VALUES (''\${who} \${day}'')')`,
    );
    await session.execute(
      `CREATE MATERIALIZED TABLE by_day PARTITIONED BY (ds)
       WITH ('partition.fields.ds.date-formatter' = 'yyyy-MM-dd') FRESHNESS = INTERVAL '1' DAY
       REFRESH_MODE = FULL AS SELECT ds, sum(amount) AS total FROM orders GROUP BY ds`,
    );
    await session.execute(
      `CREATE MATERIALIZED TABLE below FRESHNESS = INTERVAL '1' DAY
       REFRESH_MODE = FULL AS SELECT sum(total) AS total FROM by_day`,
    );
  });

  test("a workflow runs once, at a time of its zone, with variables", async () => {
    const id = await give(
      `sluice.execute_workflow('noted', '2026-02-01 23:30', '{"who": "O''Brien"}')`,
    );
    expect(await dealtWith(id)).toMatchObject({ status: "SUCCESSFUL", instance_id: id });
    expect(await ended(id)).toEqual({ status: "SUCCESSFUL", trigger: "COMMAND" });
    expect(await gateway.database.query("SELECT line FROM runs_of_workflow")).toEqual([
      { line: "O'Brien 2026-02-01" },
    ]);
    const refused = await dealtWith(
      await give(`sluice.execute_workflow('noted', NULL, '{"whom": "x"}')`),
    );
    expect([refused.status, refused.error_code]).toEqual(["FAILED", "WF-VARIABLE"]);
  });

  test("a period is computed again, of a table and of a workflow", async () => {
    const backfillOf = async (id: string) => {
      expect((await dealtWith(id)).error).toBeNull();
      return until(async () => {
        const [row] = await gateway.database.query<{ status: string; total: number }>(sql`
          SELECT b.status, b.total FROM sluice.backfills b
          JOIN sluice.commands c USING (backfill_id)
          WHERE c.command_id = ${id} AND b.finished_at IS NOT NULL`);
        return row ?? null;
      });
    };
    const table = await give(
      `sluice.backfill('by_day', '2026-01-30', '2026-02-02', '{"parallelism": 2}')`,
    );
    expect(await backfillOf(table)).toEqual({ status: "SUCCESSFUL", total: 3 });
    const workflow = await give("sluice.backfill_workflow('noted', '2026-03-01', '2026-03-03')");
    expect(await backfillOf(workflow)).toEqual({ status: "SUCCESSFUL", total: 2 });
    const refused = await dealtWith(await give("sluice.backfill('by_day', 'never', 'ever')"));
    expect([refused.status, refused.error_code]).toEqual(["FAILED", "BF-VALUE"]);
    await expect(
      give("sluice.backfill_workflow('noted', '2026-03-03', '2026-03-01')"),
    ).rejects.toMatchObject({ code: "22023", message: expect.stringContaining("[BF-RANGE]") });
  });

  test("a refresh takes along what reads the table", async () => {
    await gateway.database.query("INSERT INTO orders VALUES ('2026-01-31', '2026-01-31', 1000)");
    const id = await give(`sluice.refresh('by_day', 'ds=2026-01-31', '{"cascade": true}')`);
    expect(await dealtWith(id)).toMatchObject({ status: "SUCCESSFUL", instance_id: id });
    await until(async () => {
      const rows = await gateway.database.query(
        "SELECT FROM below WHERE total = (SELECT sum(total) FROM by_day) AND total > 1000",
      );
      return rows.length === 1;
    });
  });
});

describe("the call refuses", () => {
  const cases: [call: string, code: string, sqlstate: string][] = [
    ["sluice.refresh('nowhere')", "MT-NOTFOUND", "42P01"],
    ["sluice.refresh(NULL)", "GW-REQUEST", "22004"],
    ["sluice.refresh('orders')", "MT-NOT-MT", "42809"],
    ["sluice.refresh('pg_catalog.pg_class')", "MT-NOT-MT", "42809"],
    ["sluice.refresh('a.b.c.d')", "GW-NAME", "42602"],
    ["sluice.refresh('elsewhere.public.daily')", "GW-CATALOG-UNKNOWN", "3D000"],
    ["sluice.refresh('daily', 'dt=1')", "MT-SPEC-UNKNOWN", "42703"],
    ["sluice.refresh('totals', 'ds=1')", "MT-SPEC-UNKNOWN", "42703"],
    ["sluice.refresh('daily', 'ds')", "MT-SPEC-VALUE", "22P02"],
    ["sluice.refresh('daily', 'ds=1/ds=2')", "MT-SPEC-VALUE", "22P02"],
    [
      `sluice.refresh('"Odd ""schema"."Täble; DROP"', 'a%2Fb%3Dc=yesterday')`,
      "MT-SPEC-VALUE",
      "22P02",
    ],
    ["sluice.refresh('daily', options => '{\"fierce\": true}')", "MT-OPTION-UNKNOWN", "22023"],
    ["sluice.refresh('daily', options => '[1]')", "GW-REQUEST", "22023"],
    ["sluice.refresh('daily', options => '{\"force\": [1]}')", "GW-REQUEST", "22023"],
    ["sluice.backfill('daily', NULL, '2026-02-01')", "GW-REQUEST", "22004"],
    ["sluice.execute_workflow('nowhere')", "WF-NOTFOUND", "42704"],
    [`sluice.execute_workflow('"table:daily"')`, "WF-TABLE-OWNED", "55000"],
  ];
  test.each(cases)("%s", async (call, code, sqlstate) => {
    await expect(give(call)).rejects.toMatchObject({
      code: sqlstate,
      message: expect.stringContaining(`[${code}]`),
    });
  });

  test("what is no name at all", async () => {
    await expect(
      give("sluice.refresh($1)", [`daily'; DROP TABLE orders; --`]),
    ).rejects.toMatchObject({ code: "22023" });
  });
});

describe("names", () => {
  test("hostile ones are only names", async () => {
    const id = await give("sluice.refresh($1, $2)", [
      '"Odd ""schema"."Täble; DROP"',
      "a%2Fb%3Dc=2026-01-31",
    ]);
    expect((await dealtWith(id)).status).toBe("SUCCESSFUL");
    expect((await ended(id)).status).toBe("SUCCESSFUL");
  });

  test("are looked up by the caller's search_path, a function's own included", async () => {
    await gateway.database.query("CREATE SCHEMA one; CREATE SCHEMA two");
    for (const schema of ["one", "two"]) {
      await session.execute(
        `CREATE MATERIALIZED TABLE ${schema}.twin FRESHNESS = INTERVAL '1' DAY
         REFRESH_MODE = FULL AS SELECT 1 AS one`,
      );
    }
    const caller = await client();
    const placeOf = async (id: string) =>
      (await caller.query("SELECT database FROM sluice.commands WHERE command_id = $1", [id]))
        .rows[0].database;
    await caller.query("SET search_path = two, one");
    expect(await placeOf(await give("sluice.refresh('twin')", [], caller))).toBe("two");
    await caller.query(
      `CREATE FUNCTION public.in_one() RETURNS text LANGUAGE sql SET search_path = one
       AS $$ SELECT sluice.refresh('TWIN') $$`,
    );
    expect(await placeOf(await give("public.in_one()", [], caller))).toBe("one");
    await caller.query("SET search_path = public");
    await expect(give("sluice.refresh('twin')", [], caller)).rejects.toMatchObject({
      code: "42P01",
    });
    // A table of the caller's own in front hides the one behind it, as in any statement.
    await caller.query("CREATE SCHEMA three; CREATE TABLE three.twin (n int)");
    await caller.query("SET search_path = three, two");
    await expect(give("sluice.refresh('twin')", [], caller)).rejects.toMatchObject({
      code: "42809",
    });
    await caller.end();
  });

  test("functions of the caller's schemas are not called with our rights", async () => {
    const caller = await client();
    await caller.query(
      `CREATE SCHEMA trap;
       CREATE FUNCTION trap.parse_ident(text) RETURNS text[] LANGUAGE plpgsql AS
         $$ BEGIN RAISE EXCEPTION 'trapped'; END $$;
       CREATE FUNCTION trap.current_schemas(boolean) RETURNS name[] LANGUAGE plpgsql AS
         $$ BEGIN RAISE EXCEPTION 'trapped'; END $$;
       SET search_path = trap, pg_catalog, public`,
    );
    expect(await give("sluice.refresh('totals')", [], caller)).toMatch(/^[0-9a-f]{32}$/);
    await caller.end();
  });
});

describe("an ordinary role", () => {
  const role = "reporter_of_commands";
  let url: string;
  beforeAll(async () => {
    const { database } = gateway;
    await asAdmin(sql`DROP ROLE IF EXISTS ${ident(role)}`);
    await asAdmin(sql`CREATE ROLE ${ident(role)} LOGIN PASSWORD ${literal("secret")}`);
    await database.query(sql`GRANT USAGE ON SCHEMA sluice, public TO ${ident(role)}`);
    const own = new URL(database.url);
    own.username = role;
    own.password = "secret";
    url = own.href;
  });
  afterAll(async () => {
    const { database } = gateway;
    await database.query(sql`DROP OWNED BY ${ident(role)}`).catch(() => undefined);
    await asAdmin(sql`DROP OWNED BY ${ident(role)}`, database.name);
    await asAdmin(sql`DROP ROLE ${ident(role)}`);
  });

  //
  test("may not without EXECUTE, may with it, and is named in the row", async () => {
    const caller = await client(url);
    for (const call of [
      "sluice.refresh('totals')",
      "sluice.backfill('daily', '2026-01-01', '2026-02-01')",
      "sluice.suspend('totals')",
      "sluice.resume('totals')",
      "sluice.execute_workflow('w')",
      "sluice.backfill_workflow('w', '2026-01-01', '2026-02-01')",
    ]) {
      await expect(give(call, [], caller), call).rejects.toMatchObject({ code: "42501" });
    }
    await gateway.database.query(sql`GRANT EXECUTE ON FUNCTION sluice.refresh TO ${ident(role)}`);
    const id = await give("sluice.refresh('public.totals')", [], caller);
    await caller.end();
    expect((await dealtWith(id)).status).toBe("SUCCESSFUL");
    const [row] = await gateway.database.query<{ by: string }>(
      sql`SELECT requested_by AS by FROM sluice.commands WHERE command_id = ${id}`,
    );
    expect(row?.by).toBe(role);
  });
});
