// A gateway dies under the statement of a task: in a transaction nothing has happened and another
// gateway does it, once; outside of one nobody knows, and the task has failed.

import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { testGateway } from "../support/gateway.ts";
import { openSession, submit } from "../support/rest.ts";
import { until } from "../support/until.ts";

let db: TestDatabase;
const options = { "scheduler.lease": "1 s" };

beforeAll(async () => {
  db = await testDatabase({ max: 4 });
  await db.query("CREATE TABLE log (attempt int)");
});
afterAll(() => db.close());

/**
 * Makes the workflow at a gateway that dies while the first attempt of its task sleeps; gives how
 * the task ended at the next gateway.
 */
async function endAfterDeath(name: string, rest: string): Promise<string> {
  const first = await testGateway({ database: db, options });
  const session = await openSession(first.url);
  const run = async (text: string) => (await submit(first.url, session, text))();
  const sleep = "pg_sleep(CASE ${attempt} WHEN 1 THEN 60 ELSE 0 END)";
  const text = `INSERT INTO log SELECT \${attempt} FROM (SELECT ${sleep}) s`;
  await run(`CREATE WORKFLOW ${name} TASKS (t EXECUTE '${text}' ${rest})`);
  await run(`EXECUTE WORKFLOW ${name}`);
  const sleeping = () =>
    db.query(
      "SELECT FROM pg_stat_activity WHERE query LIKE 'INSERT INTO log%' AND state = 'active'",
    );
  await until(async () => (await sleeping()).length === 1);
  await first.crash();
  const second = await testGateway({ database: db, options });
  await until(async () => {
    const ended = await db.query(`
      SELECT FROM sluice.workflow_instances
      WHERE workflow = '${name}' AND finished_at IS NOT NULL`);
    return ended.length > 0;
  });
  const [end] = await db.query<{ line: string }>(`
    SELECT concat_ws(' ', t.status, t.detail, t.error_code, t.attempt) AS line
    FROM sluice.task_instances t JOIN sluice.workflow_instances i USING (instance_id)
    WHERE i.workflow = '${name}'`);
  await until(async () => (await sleeping()).length === 0);
  await second.close();
  await first.close();
  return end?.line ?? "";
}

// covers: G-01
test("in a transaction: it never happened, and is done by the next gateway, once", async () => {
  expect(await endAfterDeath("whole", "")).toBe("SUCCESSFUL 1 row 2");
  expect(await db.query("SELECT attempt FROM log")).toEqual([{ attempt: 2 }]);
});

test("outside of a transaction: nobody knows, it has failed and is not made again", async () => {
  await db.query("TRUNCATE log");
  const end = await endAfterDeath("apart", "WITH ('transactional' = 'false', 'retries' = '3')");
  expect(end).toBe("FAILED LOST WF-LOST 1");
  expect(await db.query("SELECT attempt FROM log")).toEqual([]);
});
