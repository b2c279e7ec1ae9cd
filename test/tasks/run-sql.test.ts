// EXECUTE tasks on a real database: what the statement sees, that its work and its outcome are one,
// how it is ended from outside, and what its failures are called.

import { afterAll, beforeAll, expect, test } from "vitest";
import { ident, sql } from "../../src/common/sql.ts";
import { asAdmin } from "../support/database.ts";
import { until } from "../support/until.ts";
import { type GatewayWorld, openGatewayWorld } from "./gateway-world.ts";

let world: GatewayWorld;

beforeAll(async () => {
  world = await openGatewayWorld();
  await world.db.query("CREATE TABLE log (at timestamptz DEFAULT clock_timestamp(), word text)");
});
afterAll(() => world.close());

/** EXECUTE of a statement, quoted. */
function execute(text: string, rest = ""): string {
  return `t EXECUTE '${text.replaceAll("'", "''")}' ${rest}`;
}

const words = () => world.lines("SELECT word FROM log ORDER BY at");
const clear = () => world.db.query("TRUNCATE log");
const running = () =>
  world.lines(`SELECT pid FROM pg_stat_activity
    WHERE application_name LIKE 'sluice task %' AND state = 'active' AND query LIKE '%pg_sleep%'`);

test("a statement changes rows, and the task says how many", async () => {
  await clear();
  const text = "INSERT INTO log (word) SELECT '${w}' FROM generate_series(1, ${n})";
  const id = await world.runOnce("counts", execute(text), "VARIABLES ('w' = 'it''s', 'n' = '3')");
  expect((await world.task(id, "t")).line).toBe("SUCCESSFUL 3 rows");
  expect(await words()).toEqual(["it's", "it's", "it's"]);
});

test("the result of a SELECT is dropped as it comes: 120 MB do not stay in memory", async () => {
  const before = process.memoryUsage().rss;
  const text = "SELECT repeat('x', 2000) FROM generate_series(1, 60000)";
  const id = await world.runOnce("big", execute(text));
  expect((await world.task(id, "t")).line).toBe("SUCCESSFUL 60000 rows");
  expect(process.memoryUsage().rss - before).toBeLessThan(90_000_000);
});

// covers: S1-15
test("the statement runs in the workflow's database, zone and with its variables", async () => {
  await world.db.query("CREATE SCHEMA sales CREATE TABLE seen (v text)");
  const text =
    "INSERT INTO seen SELECT unnest(ARRAY[current_setting('search_path')," +
    " current_setting('TimeZone'), '${system.biz.date}', '${workflow.name}', '${attempt}'])";
  const clauses = "TIME ZONE 'Asia/Kolkata'";
  await world.statement(`CREATE WORKFLOW sales.sees ${clauses} TASKS (${execute(text)})`);
  const id = await world.execute("sales.sees AT TIMESTAMP '2026-03-01 00:30:00'");
  await world.ended(id);
  expect(await world.lines("SELECT v FROM sales.seen")).toEqual([
    "sales",
    "Asia/Kolkata",
    "20260228",
    "sees",
    "1",
  ]);
});

test("an offset is a zone east of Greenwich, as everywhere but in POSIX", async () => {
  await clear();
  const text = "INSERT INTO log (word) VALUES (timestamptz '2026-01-01 00:00:00Z'::text)";
  await world.runOnce("offset_zone", execute(text), "TIME ZONE '+05:30'");
  expect(await words()).toEqual(["2026-01-01 05:30:00+05:30"]);
});

test("a value that would change the statement fails the task, and nothing has run", async () => {
  await clear();
  await world.statement(
    `CREATE WORKFLOW hostile VARIABLES ('n' = '1')
     TASKS (${execute("INSERT INTO log (word) SELECT 'x' LIMIT ${n}")})`,
  );
  const id = await world.execute("hostile VARIABLES ('n' = '1; DROP TABLE log')");
  await world.ended(id);
  const end = await world.task(id, "t");
  expect(end.line).toBe("FAILED WF-VARIABLE");
  expect(end.error).toContain('the value of variable "n" does not fit where it stands');
  expect(await words()).toEqual([]);
});

test("an error leaves nothing behind and has its SQLSTATE; retries run the text anew", async () => {
  await clear();
  const text = "INSERT INTO log (word) SELECT (1 / (${attempt} - 3))::text";
  const clauses = "WITH ('retries' = '1', 'retry.delay' = '10 ms')";
  const id = await world.runOnce("divides", execute(text), clauses);
  // Neither of both attempts is the third.
  expect(await words()).toEqual(["0"]);
  expect(await world.task(id, "t")).toMatchObject({ line: "SUCCESSFUL 1 row", attempts: 1 });
  const second = await world.runOnce(
    "divides_too",
    execute("INSERT INTO log (word) SELECT (1 / (${attempt} - 1))::text"),
    clauses,
  );
  expect(await world.task(second, "t")).toMatchObject({ line: "SUCCESSFUL 1 row", attempts: 2 });
  const third = await world.runOnce("fails", execute("SELECT 1 / 0"));
  const end = await world.task(third, "t");
  expect(end.line).toBe("FAILED WF-SQL-FAILED");
  expect(end.error).toBe("division by zero (SQLSTATE 22012)");
});

test("a check that is deferred to the end of the transaction is the task's failure", async () => {
  await world.db.query(`
    CREATE TABLE parent (id int PRIMARY KEY);
    CREATE TABLE child (id int REFERENCES parent DEFERRABLE INITIALLY DEFERRED)`);
  const id = await world.runOnce("defers", execute("INSERT INTO child VALUES (7)"));
  expect((await world.task(id, "t")).error).toMatch(/violates foreign key.*23503/s);
  expect(await world.lines("SELECT id FROM child")).toEqual([]);
});

test("what a statement sets in its session reaches no other task", async () => {
  await clear();
  const leak = "SELECT set_config('search_path', 'nowhere', false), set_config('x.y', 'z', false)";
  await world.runOnce("leaks", execute(leak, "WITH ('transactional' = 'false')"));
  const look =
    "INSERT INTO log (word) SELECT coalesce(nullif(current_setting('x.y', true), ''), '-')";
  await world.runOnce("looks", execute(look));
  expect(await words()).toEqual(["-"]);
});

test("another role and search_path do not keep the outcome from being written", async () => {
  await clear();
  const role = `helper_${world.db.name}`;
  await asAdmin(sql`CREATE ROLE ${ident(role)}`);
  await asAdmin(sql`GRANT ${ident(role)} TO tester`);
  const text = `WITH w AS (INSERT INTO log (word) VALUES ('by itself') RETURNING 1)
    SELECT set_config('role', '${role}', false), set_config('search_path', 'nowhere', false)
    FROM w`;
  const id = await world.runOnce("strays", execute(text));
  await asAdmin(sql`DROP ROLE ${ident(role)}`);
  expect((await world.task(id, "t")).line).toBe("SUCCESSFUL 1 row");
  expect(await words()).toEqual(["by itself"]);
});

test("what cannot run in a transaction says so, and runs by itself when told to", async () => {
  const refused = await world.runOnce("vacuum_in", execute("VACUUM log"));
  const end = await world.task(refused, "t");
  expect(end.line).toBe("FAILED WF-SQL-FAILED");
  expect(end.error).toMatch(/cannot run inside a transaction block.*'transactional' = 'false'/s);
  const alone = await world.runOnce(
    "vacuum_out",
    execute("VACUUM log", "WITH ('transactional' = 'false')"),
  );
  expect((await world.task(alone, "t")).line).toBe("SUCCESSFUL");
});

test("a procedure that commits by itself runs outside of a transaction", async () => {
  await clear();
  await world.db.query(`
    CREATE PROCEDURE twice() LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO public.log (word) VALUES ('one'); COMMIT;
      INSERT INTO public.log (word) VALUES ('two'); COMMIT;
    END$$`);
  const inside = await world.runOnce("call_in", execute("CALL twice()"));
  expect((await world.task(inside, "t")).error).toMatch(/2D000.*'transactional' = 'false'/s);
  expect(await words()).toEqual([]);
  const outside = await world.runOnce(
    "call_out",
    execute("CALL twice()", "WITH ('transactional' = 'false')"),
  );
  expect((await world.task(outside, "t")).line).toBe("SUCCESSFUL");
  expect(await words()).toEqual(["one", "two"]);
});

// covers: S1-43
test("a task that runs too long is ended in the server", async () => {
  const id = await world.runOnce(
    "slow",
    execute("SELECT pg_sleep(60)", "WITH ('timeout' = '300 ms')"),
  );
  expect((await world.task(id, "t")).line).toBe("FAILED TIMED_OUT WF-TIMEOUT");
  await until(async () => (await running()).length === 0);
});

// covers: G-20
test("CANCEL of the instance cancels the statement in the server", async () => {
  await clear();
  await world.statement(
    `CREATE WORKFLOW sleeps TASKS (${execute("INSERT INTO log (word) SELECT pg_sleep(60)::text")})`,
  );
  const id = await world.execute("sleeps");
  await until(async () => (await running()).length === 1);
  await world.statement(`ALTER WORKFLOW INSTANCE '${id}' CANCEL`);
  await world.ended(id);
  expect((await world.task(id, "t")).line).toBe("CANCELED");
  expect(await running()).toEqual([]);
  expect(await words()).toEqual([]);
});

test("a task that ends its own connection has failed, it was not lost", async () => {
  const text = "SELECT pg_terminate_backend(pg_backend_pid())";
  const id = await world.runOnce("suicide", execute(text));
  const end = await world.task(id, "t");
  expect(end.line).toBe("FAILED WF-CONNECTION-ENDED");
  expect(end).toMatchObject({ attempts: 1 });
  expect(end.error).toContain("57P01");
});

test("twenty thousand notices do not trouble the gateway", async () => {
  const text = "DO $$BEGIN FOR i IN 1..${n} LOOP RAISE NOTICE 'n %', i; END LOOP; END$$";
  const id = await world.runOnce("talks", execute(text), "VARIABLES ('n' = '20000')");
  expect((await world.task(id, "t")).line).toBe("SUCCESSFUL");
});

test.each([
  ["false", "SELECT false", "SKIPPED CONDITION"],
  ["NULL", "SELECT NULL", "SKIPPED CONDITION"],
  ["no row", "SELECT true WHERE false -- none", "SKIPPED CONDITION"],
  ["true", "SELECT count(*) = 0 AS none, 7 FROM log WHERE word = '${w}'", "SUCCESSFUL 1 row"],
  ["true, from VALUES", "VALUES (true), (false)", "SUCCESSFUL 1 row"],
  ["an error", "SELECT 1 / 0 = 1", "FAILED WF-SQL-FAILED"],
  ["a query that writes", "SELECT nextval('numbers') > 0", "FAILED WF-SQL-FAILED"],
])("a condition that gives %s", async (name, condition, expected) => {
  await clear();
  await world.db.query("CREATE SEQUENCE IF NOT EXISTS numbers");
  const rest = `WITH ('condition' = '${condition.replaceAll("'", "''")}')`;
  const workflow = `when_${name.replaceAll(/\W+/g, "_")}`;
  const id = await world.runOnce(
    workflow,
    `${execute("INSERT INTO log (word) VALUES ('ran')", rest)},
     after EXECUTE 'SELECT 1' AFTER (t)`,
    "VARIABLES ('w' = 'it''s not there')",
  );
  expect((await world.task(id, "t")).line).toBe(expected);
  const isFailed = expected.startsWith("FAILED");
  const next = isFailed ? "FAILED UPSTREAM_FAILED WF-UPSTREAM-FAILED" : "SUCCESSFUL 1 row";
  expect((await world.task(id, "after")).line).toBe(next);
  expect(await words()).toEqual(expected.startsWith("SUCCESSFUL") ? ["ran"] : []);
});
