// Health of tables with the reason, the hourly report, and the progress of what runs.

import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../src/common/clock.ts";
import type { Log } from "../../src/common/log.ts";
import { silentLog } from "../../src/common/log.ts";
import { sql } from "../../src/common/sql.ts";
import { Monitor } from "../../src/ops/monitor.ts";
import {
  nowInterval,
  RecordingRunner,
  taskDefinition,
  testScheduler,
  workflowDefinition,
} from "../scheduler/harness.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { until } from "../support/until.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
afterEach(async () => {
  await database.setClock(null);
  await database.query("DELETE FROM sluice_private.reports");
});

function monitor(log: Log = silentLog): Monitor {
  return new Monitor({ database: database.database, clock: systemClock, log });
}

/** A table of freshness 1 h that was loaded `age` ago (null: never), with its last run. */
async function table(
  name: string,
  how: { status?: string; age: string | null; stored?: boolean; failed?: string },
): Promise<void> {
  const { status = "ACTIVATED", age, stored = true, failed = null } = how;
  if (stored) await database.query(`CREATE TABLE ${name} (one integer)`);
  await database.query(sql`
    WITH t AS (
      INSERT INTO sluice_private.materialized_tables
        (table_id, database, name, status, original_query, expanded_query, definition, time_zone,
         version, workflow_id, created_at, altered_at)
      SELECT ${name}, 'public', ${name}, ${status}, '', '',
        '{"freshness": {"amount": 1, "unit": "HOUR"}, "options": {}}', 'UTC', 1, ${name},
        now - interval '5 hours', now FROM sluice_private.clock() now
    ), c AS (
      INSERT INTO sluice_private.cells
        (table_id, partition, spec, state, data_timestamp, root_timestamp, changed_at)
      SELECT ${name}, '', '{}', 'FRESH', at, at, at
      FROM (SELECT sluice_private.clock() - ${age}::interval AS at) x WHERE at IS NOT NULL
    )
    INSERT INTO sluice_private.refresh_runs
      (run_id, table_id, database, name, instance_id, task_instance_id, trigger, attempt, due_at,
       claimed_at, started_at, finished_at, status, error)
    SELECT ${name}, ${name}, 'public', ${name}, 'i', 't', 'SCHEDULE', 1, now, now, now, now,
      'FAILED', ${failed}::text FROM sluice_private.clock() now WHERE ${failed}::text IS NOT NULL`);
}

describe("health", () => {
  test("names what is wrong with a table; the report counts", async () => {
    await database.setClock("2026-03-01T12:30:00Z");
    await table("behind", { age: "2 hours 1 second" });
    await table("failing", { age: "10 minutes", failed: "division by zero" });
    await table("fine", { age: "1 hour 59 minutes" });
    await table("gone", { age: "1 minute", stored: false });
    await table("never", { age: null });
    await table("paused", { age: "1 minute", status: "SUSPENDED" });
    const health = await monitor().health();
    expect(health.healthy).toBe(false);
    expect(health.tables.map(({ name, problem }) => [name, problem])).toEqual([
      ["behind", "it is 02:00:01 behind, the limit is 02:00:00"],
      ["failing", "its last run failed: division by zero"],
      ["fine", null],
      ["gone", "its stored table is gone"],
      ["never", "it was not loaded within 02:00:00"],
      ["paused", "it is suspended"],
    ]);
    expect(health.tables[2]).toEqual({
      database: "public",
      name: "fine",
      status: "ACTIVATED",
      healthy: true,
      problem: null,
      lag: 119 * 60_000,
      freshness: 3_600_000,
      lastStatus: null,
      lastError: null,
    });
    expect(await monitor().report()).toMatchObject({ total: 6, healthy: 1, failed: 5 });
  });

  test("a report for each hour, whatever the number of gateways; changes are logged", async () => {
    await database.setClock("2026-03-01T12:30:00Z");
    const lines: string[] = [];
    const keep = (fields: object, message: string) => {
      const { table: name } = fields as { table?: string };
      lines.push([message, name].filter(Boolean).join(": "));
    };
    const log: Log = { ...silentLog, info: keep, warn: keep };
    const monitors = [monitor(log), monitor()];
    for (const one of monitors) one.start();
    const [one] = await until(async () => {
      const reports = await monitor().reports(10);
      return reports.length > 0 && lines.length > 5 ? reports : null;
    });
    for (const each of monitors) await each.stop();
    const again = monitor(log);
    again.start();
    await again.stop();
    expect(await monitor().reports(10)).toHaveLength(1);
    expect(one).toMatchObject({ total: 6, healthy: 1, failed: 5, ratio: 1 / 6 });
    expect(new Date(one?.at ?? 0).toISOString()).toBe("2026-03-01T12:00:00.000Z");
    expect(one?.unhealthy[4]).toEqual({
      database: "public",
      name: "paused",
      problem: "it is suspended",
    });
    expect(lines).toContain("a table is unhealthy: public.behind");
    await database.setClock("2026-03-01T13:00:01Z");
    const later = monitor();
    later.start();
    await until(async () => (await later.reports(10)).length === 2);
    await later.stop();
  });
});

test("progress: the step that was told, and what the backend does", async () => {
  let finish: () => void = () => undefined;
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const runner = new RecordingRunner((_, context) =>
    database.database.transaction(async (tx) => {
      await context.attachBackend(tx.backendPid);
      context.progress(2, 5, "publishing");
      await tx.query(sql`SELECT 1`);
      await done;
      return { kind: "succeeded" as const };
    }),
  );
  const { scheduler, close } = testScheduler(database.url, runner);
  await scheduler.start();
  const id = await database.database.transaction(async (tx) => {
    const tasks = [taskDefinition("load")];
    const workflowId = await scheduler.createWorkflow(tx, workflowDefinition("slow", { tasks }));
    const interval = nowInterval();
    return scheduler.submit(tx, { workflowId, trigger: "MANUAL", interval, request: {} });
  });
  const [progress] = await until(async () => {
    const all = await monitor().progress();
    return all.length === 1 && all[0]?.step !== null ? all : null;
  });
  expect(progress).toMatchObject({
    instanceId: id,
    database: "public",
    workflow: "slow",
    tableName: null,
    task: "load",
    attempt: 1,
    step: { done: 2, total: 5, note: "publishing" },
    backend: { state: "idle in transaction", command: null, fraction: null },
  });
  finish();
  await scheduler.awaitEnd(id, AbortSignal.timeout(10_000));
  expect(await monitor().progress()).toEqual([]);
  await close();
});
