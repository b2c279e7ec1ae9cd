// What the tests of running workflows share: a feed of three days, a log that tasks write to, and
// short words for what is asked of the workflow of the running test.

import { afterAll, beforeAll, beforeEach } from "vitest";
import type { InstanceId } from "../../src/common/ids.ts";
import { sql } from "../../src/common/sql.ts";
import type { InstanceState } from "../../src/scheduler/scheduler.ts";
import type { WorkflowRequest } from "../../src/workflows/workflow-request.ts";
import { until } from "../support/until.ts";
import { create, execute, nowhere, openWorkflowWorld, type WorkflowWorld } from "./world.ts";

export let world: WorkflowWorld;
let count = 0;
/** Name of the workflow and prefix of the tables of the running test. */
export let name = "";

/** Opens the world for the tests of a file, and names each test. */
export function useFeed(): void {
  beforeAll(async () => {
    world = await openWorkflowWorld();
    await world.db.query(`
    CREATE TABLE feed (ds date NOT NULL, amount int NOT NULL);
    INSERT INTO feed VALUES ('2026-01-30', 1), ('2026-01-31', 2), ('2026-02-01', 4);
    CREATE TABLE log (at text, what text)`);
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    name = `w${++count}`;
    await world.db.query("TRUNCATE log");
  });
}

/** A materialized table by day. */
export async function daily(table: string, source = "feed", parts = {}): Promise<void> {
  const query = `SELECT ds, sum(amount) AS amount FROM ${source} GROUP BY ds`;
  await world.create(table, query, { partitionKeys: ["ds"], ...parts });
}

export function make(parts: Partial<WorkflowRequest>) {
  return world.workflows.create(world.workflow(name, parts), create, nowhere);
}

export async function run(
  at: string | null = null,
  variables: Record<string, string> = {},
): Promise<InstanceState> {
  return world.end(await start(at, variables));
}

export async function start(
  at: string | null = null,
  variables: Record<string, string> = {},
): Promise<InstanceId> {
  const asked = { at, variables };
  return (await world.workflows.execute(world.id(name), asked, nowhere)).instanceId;
}

export async function log(): Promise<readonly string[]> {
  const rows = await world.db.query<{ line: string }>(
    "SELECT concat_ws(' ', at, what) AS line FROM log ORDER BY 1",
  );
  return rows.map((row) => row.line);
}

/** `task status detail code` of an instance, in the order of names. */
export async function tasks(id: InstanceId): Promise<readonly string[]> {
  const rows = await world.db.query<{ line: string }>(sql`
    SELECT concat_ws(' ', task, status, detail, error_code) AS line
    FROM sluice.task_instances WHERE instance_id = ${id} ORDER BY task COLLATE "C"`);
  return rows.map((row) => row.line);
}

export async function instance(id: InstanceId): Promise<Record<string, unknown> | undefined> {
  const rows = await world.db.query(sql`
    SELECT trigger, interval_start, interval_end, scheduled_at, status, detail, version, variables
    FROM sluice.workflow_instances WHERE instance_id = ${id}`);
  return rows[0];
}

/** Until a statement with these words waits for a lock. */
export function waitingFor(words: string) {
  return until(async () => {
    const rows = await world.db.query(sql`
      SELECT FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'
        AND query LIKE ${`%${words}%`}`);
    return rows.length > 0;
  });
}

export function say(what: string) {
  return execute(`INSERT INTO log VALUES ('${what}', '\${d}')`);
}
