// What must be true after a soak, asked of the database itself: each fault is a sentence. The
// schedules are stopped first and what is open is done; the tables must equal their queries by
// what the schedules did, nobody refreshes them here.

import { setTimeout as pause } from "node:timers/promises";
import type { BenchDatabase } from "../../bench/embedded-database.ts";
import { RestSession } from "../demo/rest-session.ts";

export interface Findings {
  /** What there was, a line each. */
  readonly counts: readonly string[];
  readonly faults: readonly string[];
}

/** Slots of every table and workflow pass in this time, milliseconds. */
const lastSlots = 15_000;
const patience = 120_000;

const names = ["diamond", "shaky", "today"];
const queries: Readonly<Record<string, string>> = {
  totals: "SELECT sensor, count(*) AS n, sum(value) AS value FROM readings GROUP BY sensor",
  overall: "SELECT count(*)::numeric AS n, sum(value)::numeric AS value FROM readings",
  by_day: `SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS ds, sensor, sum(value) AS value
    FROM readings GROUP BY 1, 2`,
};

/** A fault for each row of a query, in its words. */
const asked: readonly (readonly [words: string, query: string])[] = [
  [
    "a slot of a workflow has two instances",
    `SELECT workflow, interval_end FROM sluice.workflow_instances
     WHERE trigger IN ('SCHEDULE', 'CATCH_UP') GROUP BY 1, 2 HAVING count(*) > 1`,
  ],
  [
    "a slot of a workflow has no instance",
    `SELECT * FROM (
       SELECT workflow, interval_start, interval_end,
         lag(interval_end) OVER (PARTITION BY workflow ORDER BY interval_end) AS previous
       FROM sluice.workflow_instances WHERE trigger IN ('SCHEDULE', 'CATCH_UP')) s
     WHERE previous IS NOT NULL AND interval_start <> previous`,
  ],
  [
    "an instance has not ended",
    "SELECT instance_id, workflow, status, detail FROM sluice.workflow_instances WHERE finished_at IS NULL",
  ],
  [
    "a task runs without a lease",
    `SELECT t.task_instance_id FROM sluice_private.task_instances t WHERE t.status = 'RUNNING'
     AND NOT EXISTS (SELECT FROM sluice_private.gateways g
       WHERE g.gateway_id = t.gateway_id AND g.expires_at > sluice_private.clock())`,
  ],
  [
    "a successful task left no row, or more than one",
    `SELECT t.task_instance_id, t.task, count(e.*) FROM sluice.task_instances t
     JOIN sluice.workflow_instances i USING (instance_id)
     JOIN sluice.workflow_tasks k ON k.workflow = i.workflow AND k.task = t.task
     LEFT JOIN effects e ON e.instance = t.instance_id AND e.task = t.task
     WHERE k.action LIKE 'EXECUTE%' AND t.status = 'SUCCESSFUL'
     GROUP BY 1, 2 HAVING count(e.*) <> 1`,
  ],
  [
    "a task that did not succeed left a row",
    `SELECT e.* FROM effects e JOIN sluice.task_instances t
       ON t.instance_id = e.instance AND t.task = e.task WHERE t.status <> 'SUCCESSFUL'`,
  ],
  [
    "a workflow that cannot fail has failed, or never ran",
    `SELECT w.name, count(i.*) FILTER (WHERE i.status = 'FAILED') AS failed
     FROM unnest(ARRAY['diamond', 'today', 'table:totals', 'table:overall', 'table:by_day']) w(name)
     LEFT JOIN sluice.workflow_instances i ON i.workflow = w.name GROUP BY 1
     HAVING count(i.*) FILTER (WHERE i.status = 'FAILED') > 0
       OR count(i.*) FILTER (WHERE i.status = 'SUCCESSFUL') = 0`,
  ],
  [
    "an instance says SUCCESSFUL with a task that is not",
    `SELECT i.instance_id, t.task, t.status FROM sluice.workflow_instances i
     JOIN sluice.task_instances t USING (instance_id)
     WHERE i.status = 'SUCCESSFUL' AND t.status NOT IN ('SUCCESSFUL', 'SKIPPED')`,
  ],
  [
    "a backfill has not ended, or its figures do not sum to its total",
    `SELECT backfill_id, status, total, successful, failed, skipped FROM sluice.backfills
     WHERE finished_at IS NULL OR successful + failed + skipped <> total`,
  ],
];

/** Lets the last slots pass, stops the schedules, waits for what is open, and looks. */
export async function checkAll(database: BenchDatabase, gatewayUrl: string): Promise<Findings> {
  await pause(lastSlots);
  const session = await RestSession.open(gatewayUrl);
  for (const name of names) await session.execute(`ALTER WORKFLOW ${name} DISABLE`);
  await untilNothingIsOpen(database);
  const faults: string[] = [];
  for (const [table, query] of Object.entries(queries)) {
    const more = `(TABLE ${table} EXCEPT ALL (${query}))`;
    const both = `(${more} UNION ALL ((${query}) EXCEPT ALL TABLE ${table}))`;
    const { rows } = await database.client.query(
      `SELECT to_jsonb(d) AS row FROM ${both} d LIMIT 5`,
    );
    for (const row of rows) faults.push(`${table} differs from its query: ${JSON.stringify(row)}`);
  }
  for (const [words, query] of asked) {
    const { rows } = await database.client.query(`${query} LIMIT 5`);
    for (const row of rows) faults.push(`${words}: ${JSON.stringify(row)}`);
  }
  return { counts: await counts(database), faults };
}

/** The tables' own slots go on: only what is older than a few of them counts. */
async function untilNothingIsOpen(database: BenchDatabase): Promise<void> {
  const end = performance.now() + patience;
  while (performance.now() < end) {
    const { rows } = await database.client.query(
      `SELECT FROM sluice.workflow_instances i
       WHERE finished_at IS NULL AND (trigger = 'BACKFILL' OR NOT workflow LIKE 'table:%') LIMIT 1`,
    );
    if (rows.length === 0) break;
    await pause(200);
  }
  const { rows } = await database.client.query<{ name: string }>(
    "SELECT name FROM sluice.materialized_tables ORDER BY name",
  );
  for (const { name } of rows) {
    await database.client.query("SELECT sluice.suspend($1)", [`public.${name}`]);
  }
  while (performance.now() < end) {
    const { rows: open } = await database.client.query(
      "SELECT FROM sluice.workflow_instances WHERE finished_at IS NULL LIMIT 1",
    );
    if (open.length === 0) return;
    await pause(200);
  }
}

async function counts(database: BenchDatabase): Promise<readonly string[]> {
  const { rows } = await database.client.query<{ line: string }>(
    `SELECT format('%s %s: %s %s', workflow, concat_ws(' ', trigger, status, detail), count(*),
       min(error)) AS line
     FROM sluice.workflow_instances GROUP BY workflow, trigger, status, detail ORDER BY 1`,
  );
  return rows.map(({ line }) => line);
}
