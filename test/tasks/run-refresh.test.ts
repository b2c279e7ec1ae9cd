// REFRESH tasks of users' workflows: the partition that variables name, the cells of the data
// interval, the whole table; and what is said when the table is not what it was.

import { afterAll, beforeAll, expect, test } from "vitest";
import { type GatewayWorld, openGatewayWorld } from "./gateway-world.ts";

let world: GatewayWorld;

beforeAll(async () => {
  world = await openGatewayWorld();
  await world.db.query(`
    CREATE TABLE orders (day date NOT NULL, amount int NOT NULL);
    INSERT INTO orders
    SELECT d, 10 FROM generate_series(date '2026-01-01', '2026-01-05', '1 day') d`);
});
afterAll(() => world.close());

/** A table with a cell a day, empty and without a schedule of its own that would fill it. */
async function makeDaily(name: string, start = "FROM_NOW"): Promise<void> {
  await world.statement(`CREATE MATERIALIZED TABLE ${name} PARTITIONED BY (ds)
    WITH ('partition.fields.ds.date-formatter' = 'yyyy-MM-dd')
    START_MODE = ${start} FRESHNESS = INTERVAL '1' DAY REFRESH_MODE = FULL
    AS SELECT to_char(day, 'YYYY-MM-DD') AS ds, sum(amount) AS total FROM orders GROUP BY 1`);
  await world.statement(`ALTER MATERIALIZED TABLE ${name} SUSPEND`);
}

const rows = (table: string) => world.lines(`SELECT ds || ' ' || total FROM ${table} ORDER BY ds`);
const runs = (table: string) =>
  world.lines(`SELECT concat_ws(' ', trigger, status, array_to_string(partitions, ','), error_code)
    FROM sluice.refresh_runs WHERE name = '${table}' ORDER BY finished_at`);

// covers: S1-50, S1-51
test("variables name the partition, though the table's own schedule is suspended", async () => {
  await makeDaily("daily");
  await world.statement(`CREATE WORKFLOW nightly TIME ZONE 'Europe/Berlin'
    VARIABLES ('date' = 'yyyy-MM-dd - 1 day')
    TASKS (load EXECUTE 'INSERT INTO orders VALUES (''\${date}'', 5)',
           d REFRESH daily PARTITION (ds = '\${date}') AFTER (load))`);
  const id = await world.execute("nightly AT TIMESTAMP '2026-01-03 02:00:00'");
  await world.ended(id);
  expect((await world.task(id, "d")).line).toBe("SUCCESSFUL");
  expect(await rows("daily")).toEqual(["2026-01-02 15"]);
  expect(await runs("daily")).toEqual(["MANUAL SUCCESSFUL ds=2026-01-02"]);
  const other = await world.execute("nightly VARIABLES ('date' = '2026-01-05')");
  await world.ended(other);
  expect(await rows("daily")).toEqual(["2026-01-02 15", "2026-01-05 15"]);
});

// covers: S1-17
test("without PARTITION the data interval decides, as for the table's own schedule", async () => {
  await makeDaily("by_interval", "FROM_BEGINNING");
  await world.statement(`CREATE WORKFLOW morning SCHEDULE = CRON '0 0 2 ? * *' TIME ZONE 'UTC'
    TASKS (d REFRESH by_interval)`);
  const id = await world.execute("morning AT TIMESTAMP '2026-01-04 02:00:00'");
  await world.ended(id);
  expect((await world.task(id, "d")).line).toBe("SUCCESSFUL");
  // [01-03 02:00, 01-04 02:00) meets two days, and the look-back is one more.
  expect(await runs("by_interval")).toContain(
    "MANUAL SUCCESSFUL ds=2026-01-02,ds=2026-01-03,ds=2026-01-04",
  );
});

test("a table without partitions is refreshed whole", async () => {
  await world.statement(`CREATE MATERIALIZED TABLE totals START_MODE = FROM_NOW
    FRESHNESS = INTERVAL '1' DAY
    REFRESH_MODE = FULL AS SELECT count(*) AS n FROM orders`);
  const id = await world.runOnce("whole", "r REFRESH totals");
  expect((await world.task(id, "r")).line).toBe("SUCCESSFUL");
  expect(await world.lines("SELECT n > 0 FROM totals")).toEqual(["true"]);
});

// covers: G-29, G-30
test("values are those of the column's type, however the variable writes them", async () => {
  await world.statement(`CREATE MATERIALIZED TABLE by_year PARTITIONED BY (y)
    START_MODE = FROM_NOW FRESHNESS = INTERVAL '1' DAY REFRESH_MODE = FULL
    AS SELECT extract(year FROM day)::int AS y, count(*) AS n FROM orders GROUP BY 1`);
  const id = await world.runOnce(
    "typed",
    "r REFRESH by_year PARTITION (y = '${y}')",
    "VARIABLES ('y' = '002026')",
  );
  expect((await world.task(id, "r")).line).toBe("SUCCESSFUL");
  expect(await runs("by_year")).toEqual(["MANUAL SUCCESSFUL y=2026"]);
  const other = await world.execute("typed VARIABLES ('y' = 'last')");
  await world.ended(other);
  expect((await world.task(other, "r")).line).toBe("FAILED MT-SPEC-VALUE");
});

test("a table that was dropped, or lost the column, fails the task by a code", async () => {
  await makeDaily("gone");
  await world.statement(
    "CREATE WORKFLOW after_drop TASKS (r REFRESH gone PARTITION (ds = '2026-01-01'))",
  );
  await world.statement("DROP MATERIALIZED TABLE gone");
  const id = await world.execute("after_drop");
  await world.ended(id);
  const end = await world.task(id, "r");
  expect(end).toMatchObject({
    line: "FAILED MT-NOTFOUND",
    error: 'materialized table "public.gone" does not exist',
  });
  await world.statement(`CREATE MATERIALIZED TABLE gone PARTITIONED BY (day)
    START_MODE = FROM_NOW FRESHNESS = INTERVAL '1' DAY REFRESH_MODE = FULL
    AS SELECT day, sum(amount) AS total FROM orders GROUP BY 1`);
  const anew = await world.execute("after_drop");
  await world.ended(anew);
  expect((await world.task(anew, "r")).line).toBe("FAILED MT-SPEC-UNKNOWN");
});

test("a frozen partition is refused", async () => {
  await makeDaily("old");
  await world.statement("ALTER MATERIALIZED TABLE old SET ('freeze.after' = '30 d')");
  const id = await world.runOnce("too_old", "r REFRESH old PARTITION (ds = '2020-01-01')");
  expect((await world.task(id, "r")).line).toBe("FAILED MT-SPEC-FROZEN");
});

// covers: S1-75
test("a condition holds a refresh back", async () => {
  const task = "r REFRESH totals WITH ('condition' = 'SELECT count(*) > 1000 FROM orders')";
  const id = await world.runOnce("conditional", task);
  expect((await world.task(id, "r")).line).toBe("SKIPPED CONDITION");
});

test("a run claims the partition that its variables name, and no other", async () => {
  await world.statement("ALTER QUEUE \"default-queue\" SET ('concurrency' = '1')");
  await world.statement(`CREATE WORKFLOW holds TASKS (h EXECUTE 'SELECT pg_sleep(60)')`);
  const holder = await world.execute("holds");
  await world.statement(`CREATE WORKFLOW claims VARIABLES ('d' = '2026-01-01')
    TASKS (r REFRESH daily PARTITION (ds = '\${d}'))`);
  const id = await world.execute("claims VARIABLES ('d' = '2026-01-03')");
  const claims = await world.lines(`SELECT scopes::text FROM sluice_private.task_instances
    WHERE instance_id = '${id}'`);
  expect(claims).toEqual(['[{"ds": "2026-01-03"}]']);
  await world.statement(`ALTER WORKFLOW INSTANCE '${holder}' CANCEL`);
  await world.ended(id);
  expect(await rows("daily")).toContain("2026-01-03 10");
});
