// Lists of runs over a long history read what they show and no more, whatever the history's length:
// each statement reads few pages, counted by the server.

import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";

let db: TestDatabase;
const runs = 30_000;

beforeAll(async () => {
  db = await testDatabase();
  await db.query(`
    INSERT INTO sluice_private.workflows
      (workflow_id, kind, database, name, enabled, version, created_at)
    SELECT 'w' || n, 'user', 'public', 'wf' || n, false, 1, now() FROM generate_series(1, 100) n`);
  await db.query(`
    INSERT INTO sluice_private.workflow_versions
    SELECT 'w' || n, 1, '{"schedule": {"kind": "manual"}, "options": {"tag.team": "a"},
      "variables": {}, "tasks": []}', now() FROM generate_series(1, 100) n`);
  await db.query("ALTER TABLE sluice_private.instance_history DISABLE TRIGGER event_of_end");
  await db.query(`
    INSERT INTO sluice_private.instance_history
      (instance_id, workflow_id, version, trigger, interval_start, interval_end, scheduled_at,
       status, request, variables, created_at, started_at, finished_at)
    SELECT 'i' || n, 'w' || n % 100 + 1, 1, 'MANUAL', t, t, t,
      CASE n % 1000 WHEN 0 THEN 'FAILED' ELSE 'SUCCESSFUL' END, '{}', '{}', t, t, t
    FROM (SELECT n, now() - n * interval '1 s' AS t FROM generate_series(1, ${runs}) n) x`);
  await db.query("VACUUM ANALYZE sluice_private.instance_history");
  await db.query("ANALYZE");
});
afterAll(() => db.close());

interface Plan {
  readonly "Shared Hit Blocks": number;
  readonly "Shared Read Blocks": number;
  readonly "Actual Rows": number;
}

/** Rows that a statement gives, and pages that it looks at. */
async function costOf(statement: string): Promise<{ rows: number; pages: number }> {
  const [row] = await db.query<{ "QUERY PLAN": readonly { readonly Plan: Plan }[] }>(
    `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${statement}`,
  );
  const plan = row?.["QUERY PLAN"][0]?.Plan;
  if (plan === undefined) throw new Error("no plan");
  const pages = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"];
  return { rows: plan["Actual Rows"], pages };
}

const newest = "ORDER BY scheduled_at DESC, instance_id LIMIT 20";

test.each([
  ["the newest", `SELECT * FROM sluice.workflow_instances ${newest}`, 20],
  [
    "those that failed",
    `SELECT * FROM sluice.workflow_instances WHERE status = 'FAILED' ${newest}`,
    20,
  ],
  [
    "of one workflow",
    `SELECT * FROM sluice.workflow_instances WHERE workflow_id = 'w7' ${newest}`,
    20,
  ],
  [
    "of one workflow, those that failed: none",
    `SELECT * FROM sluice.workflow_instances WHERE workflow_id = 'w7' AND status = 'FAILED' ${newest}`,
    0,
  ],
  ["one", "SELECT * FROM sluice.workflow_instances WHERE instance_id = 'i5'", 1],
  ["its tasks", "SELECT * FROM sluice.task_instances WHERE instance_id = 'i5'", 0],
  ["all workflows with their counts", "SELECT * FROM sluice.workflows", 100],
])("%s: few pages", async (_, statement, rows) => {
  const cost = await costOf(statement);
  expect(cost.rows).toBe(rows);
  expect(cost.pages).toBeLessThan(250);
});

test("the counts of a workflow are those of its history, as it comes and goes", async () => {
  const counts = `SELECT successful, failed, last_execution = (
      SELECT max(started_at) FROM sluice_private.instance_history WHERE workflow_id = 'w1') AS last
    FROM sluice.workflows WHERE workflow = 'wf1'`;
  expect(await db.query(counts)).toEqual([{ successful: 270, failed: 30, last: true }]);
  await db.query(`DELETE FROM sluice_private.instance_history
    WHERE workflow_id IN ('w1', 'w2') AND status = 'FAILED' AND instance_id <> 'i1000'`);
  expect(await db.query(counts)).toEqual([{ successful: 270, failed: 1, last: true }]);
});
