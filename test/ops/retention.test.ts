// What is old enough is deleted, and what belongs to it; nothing else is, and nobody waits.

import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../src/common/clock.ts";
import { silentLog } from "../../src/common/log.ts";
import { openDatabase } from "../../src/common/pg.ts";
import { sql } from "../../src/common/sql.ts";
import { milliseconds } from "../../src/common/time.ts";
import { Retention } from "../../src/ops/retention.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";

const day = 86_400_000;
const policy = {
  successful: milliseconds(30 * day),
  successfulRuns: 100,
  failed: milliseconds(90 * day),
  events: milliseconds(7 * day),
  notifications: milliseconds(14 * day),
};
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await database.setClock("2026-06-01T00:00:00Z");
});
afterAll(() => database.close());
afterEach(() =>
  database.query(`TRUNCATE sluice_private.instance_history, sluice_private.task_history,
    sluice_private.task_attempts, sluice_private.refresh_runs, sluice_private.events,
    sluice_private.notifications, sluice_private.workflows, sluice_private.workflow_versions,
    sluice_private.notify_targets, sluice_private.backfills CASCADE`),
);

function retention(on = database.database): Retention {
  return new Retention({
    database: on,
    clock: systemClock,
    log: silentLog,
    policy,
    onPruned: () => undefined,
  });
}

async function pruneAll(on = database.database): Promise<void> {
  const one = retention(on);
  while (await one.pruneOnce());
}

/** Runs of `workflow` that ended so many days ago, each with task, attempt and refresh run. */
async function history(
  workflow: string,
  status: string,
  daysAgo: readonly number[],
  backfill: string | null = null,
): Promise<void> {
  await database.query(sql`
    WITH past AS (
      SELECT ${workflow} || '-' || ${status} || '-' || d || '-' || n AS id,
        sluice_private.clock() - d * interval '1 day' AS at
      FROM unnest(${daysAgo}::double precision[]) WITH ORDINALITY AS u (d, n)
    ), i AS (
      INSERT INTO sluice_private.instance_history
        (instance_id, workflow_id, version, trigger, scheduled_at, status, request, variables,
         backfill_id, created_at, finished_at)
      SELECT id, ${workflow}, 1, 'MANUAL', at, ${status}, '{}', '{}', ${backfill}, at, at FROM past
    ), t AS (
      INSERT INTO sluice_private.task_history
        (task_instance_id, instance_id, workflow_id, task, status, priority, queue, waiting,
         ready_at, action, attempt, lost, token, downstream, policy, retryable, advanced)
      SELECT 't' || id, id, ${workflow}, 'main', ${status}, 0, 'tables', 0, at, '{}', 1, 0, 1, '{}',
        '{}', false, true FROM past
    ), a AS (
      INSERT INTO sluice_private.task_attempts (task_instance_id, attempt, status, finished_at)
      SELECT 't' || id, 1, ${status}, at FROM past
    )
    INSERT INTO sluice_private.refresh_runs
      (run_id, table_id, database, name, instance_id, task_instance_id, trigger, attempt, due_at,
       claimed_at, started_at, finished_at, status)
    SELECT 'r' || id, ${workflow}, 'public', 'x', id, 't' || id, 'MANUAL', 1, at, at, at, at,
      ${status} FROM past`);
}

/** Ids that are left, the same in all four tables. */
async function left(): Promise<string[]> {
  const rows = await database.query<{ ids: string[] }>(`
    SELECT DISTINCT array(SELECT instance_id FROM sluice_private.instance_history ORDER BY 1) AS ids
    UNION SELECT array(SELECT instance_id FROM sluice_private.task_history ORDER BY 1)
    UNION SELECT array(SELECT substr(task_instance_id, 2) FROM sluice_private.task_attempts
      ORDER BY 1)
    UNION SELECT array(SELECT instance_id FROM sluice_private.refresh_runs ORDER BY 1)`);
  expect(rows.length).toBe(1);
  return rows[0]?.ids ?? [];
}

test("runs by age: good ones 30 days, failed ones 90, with all that belongs to them", async () => {
  await history("w", "SUCCESSFUL", [1, 29.9, 30.1, 200]);
  await history("w", "FAILED", [31, 89.9, 90.1]);
  await history("w", "SKIPPED", [29, 31]);
  await pruneAll();
  expect(await left()).toEqual([
    "w-FAILED-31-1",
    "w-FAILED-89.9-2",
    "w-SKIPPED-29-1",
    "w-SUCCESSFUL-1-1",
    "w-SUCCESSFUL-29.9-2",
  ]);
});

test("the last good run of a workflow stays, however old", async () => {
  await history("old", "SUCCESSFUL", [400, 300]);
  await history("old", "SKIPPED", [200]);
  await pruneAll();
  expect(await left()).toEqual(["old-SUCCESSFUL-300-2"]);
});

test("runs by count, of each workflow", async () => {
  await database.query(`
    INSERT INTO sluice_private.workflows
      (workflow_id, kind, database, name, enabled, version, created_at)
    SELECT w, 'table', 'public', w, true, 1, sluice_private.clock()
    FROM unnest('{a,b}'::text[]) w`);
  const days = (count: number) => Array.from({ length: count }, (_, index) => index / 100);
  await history("a", "SUCCESSFUL", days(1250));
  await history("b", "SUCCESSFUL", days(80));
  await history("b", "FAILED", days(30));
  await pruneAll();
  const rows = await database.query(`
    SELECT workflow_id, status, count(*) AS runs, max(finished_at)::text AS newest
    FROM sluice_private.instance_history GROUP BY 1, 2 ORDER BY 1, 2 DESC`);
  const newest = "2026-06-01 00:00:00+00";
  expect(rows).toEqual([
    { workflow_id: "a", status: "SUCCESSFUL", runs: 100, newest },
    { workflow_id: "b", status: "SUCCESSFUL", runs: 80, newest },
    { workflow_id: "b", status: "FAILED", runs: 30, newest },
  ]);
});

test("runs of an open backfill stay; an old backfill goes with its intervals", async () => {
  const backfill = (id: string, finished: string | null) =>
    database.query(sql`
      INSERT INTO sluice_private.backfills
        (backfill_id, workflow_id, version, database, range_start, range_end, status, parallelism,
         throttled, exclusive, variables, request, options, total, pending, open, successful,
         created_at, finished_at)
      VALUES (${id}, 'w', 1, 'public', '', '', ${finished === null ? "RUNNING" : "SUCCESSFUL"}, 1,
        false, false, '{}', '{}', '{}', 1, 0, ${finished === null ? 1 : 0},
        ${finished === null ? 0 : 1},
        sluice_private.clock(), ${finished}::timestamptz)`);
  await backfill("open", null);
  await backfill("ended", "2026-01-01");
  await backfill("recent", "2026-05-01");
  await database.query(`
    INSERT INTO sluice_private.backfill_intervals (backfill_id, ordinal, status)
    SELECT b, n, 'SUCCESSFUL' FROM unnest('{open,ended,recent}'::text[]) b,
      generate_series(0, 599) n`);
  await history("w", "SKIPPED", [100], "open");
  await history("w", "SKIPPED", [101], "ended");
  await pruneAll();
  expect(await left()).toEqual(["w-SKIPPED-100-1"]);
  const rows = await database.query(`
    SELECT b.backfill_id AS id, count(i.*) AS intervals FROM sluice_private.backfills b
    LEFT JOIN sluice_private.backfill_intervals i USING (backfill_id) GROUP BY 1 ORDER BY 1`);
  expect(rows).toEqual([
    { id: "open", intervals: 600 },
    { id: "recent", intervals: 600 },
  ]);
});

test("events, notifications, versions of what was dropped", async () => {
  await database.query(`
    INSERT INTO sluice_private.events (kind, at)
    SELECT 'E' || d, sluice_private.clock() - d * interval '1 day'
    FROM generate_series(20, 1, -1) d`);
  await database.query(`
    INSERT INTO sluice_private.notifications
      (occasion, channel, target, facts, status, ended_at, created_at)
    SELECT 'FAILURE', 'email', s || d, '{}', s,
      CASE WHEN s <> 'PENDING' THEN sluice_private.clock() - d * interval '1 day' END,
      sluice_private.clock() - interval '40 days'
    FROM unnest('{PENDING,SENT,GIVEN_UP}'::text[]) s, unnest('{13,15}'::int[]) d`);
  await database.query(`
    INSERT INTO sluice_private.workflow_versions
    SELECT w, v, '{}', sluice_private.clock() FROM unnest('{gone,remembered}'::text[]) w,
      generate_series(1, 2) v`);
  await history("remembered", "FAILED", [80]);
  await pruneAll();
  const events = "SELECT kind FROM sluice.events WHERE kind LIKE 'E%' ORDER BY event_id";
  expect(await database.query(events)).toEqual(
    [7, 6, 5, 4, 3, 2, 1].map((age) => ({ kind: `E${age}` })),
  );
  expect(await database.query("SELECT target FROM sluice.notifications ORDER BY 1")).toEqual(
    ["GIVEN_UP13", "PENDING13", "PENDING15", "SENT13"].map((target) => ({ target })),
  );
  const versions = "SELECT DISTINCT workflow_id AS id FROM sluice_private.workflow_versions";
  expect(await database.query(versions)).toEqual([{ id: "remembered" }]);
});

test("what somebody holds is passed over, and of two gateways one prunes", async () => {
  await history("w", "FAILED", [100, 101]);
  const impatient = openDatabase({
    url: `${database.url}?options=-c%20lock_timeout%3D1ms`,
    max: 2,
    applicationName: "retention under test",
    onError: () => undefined,
  });
  await database.database.transaction(async (tx) => {
    await tx.query(sql`
      SELECT FROM sluice_private.instance_history WHERE instance_id = 'w-FAILED-100-1' FOR UPDATE`);
    await pruneAll(impatient);
    expect(await left()).toEqual(["w-FAILED-100-1"]);
  });
  await database.database.transaction(async (tx) => {
    await tx.query(sql`SELECT pg_advisory_xact_lock(${0x52657465})`);
    await pruneAll(impatient);
    expect(await left()).toEqual(["w-FAILED-100-1"]);
  });
  await pruneAll(impatient);
  expect(await left()).toEqual([]);
  await impatient.close();
});
