// What the record of runs must say after a fault, read from the database past the gateway: every
// due interval in exactly one final instance, no gap and no overlap, and no run recorded twice.

import { expect } from "vitest";
import { sql } from "../../src/common/sql.ts";
import type { TestDatabase } from "../support/database.ts";
import { until } from "../support/until.ts";

interface Interval {
  readonly start: string;
  readonly finish: string;
  readonly status: string;
}

/** Scheduled instances of a table that have ended, oldest first. */
async function endedIntervals(database: TestDatabase, table: string): Promise<Interval[]> {
  return database.query<Interval>(sql`
    SELECT h.interval_start::text AS start, h.interval_end::text AS finish, h.status
    FROM sluice_private.instance_history h
    JOIN sluice_private.materialized_tables t USING (workflow_id)
    WHERE t.name = ${table} AND h.trigger IN ('SCHEDULE', 'CATCH_UP')
    ORDER BY h.interval_end`);
}

/**
 * Fails unless the intervals follow each other without gap or overlap; gives how many there are.
 */
export async function expectEachIntervalOnce(
  database: TestDatabase,
  table: string,
): Promise<number> {
  const intervals = await endedIntervals(database, table);
  for (const [at, interval] of intervals.entries()) {
    const next = intervals[at + 1];
    if (next !== undefined) expect(next.start, JSON.stringify(interval)).toBe(interval.finish);
  }
  return intervals.length;
}

/** Fails if a task has two successful runs, or a run has a status that is not final. */
export async function expectNoRunTwice(database: TestDatabase): Promise<void> {
  const twice = await database.query(sql`
    SELECT task_instance_id FROM sluice_private.refresh_runs
    WHERE status = 'SUCCESSFUL' GROUP BY task_instance_id HAVING count(*) > 1`);
  expect(twice).toEqual([]);
}

/** Number of ended scheduled intervals once there are at least `count`. */
export function untilIntervals(
  database: TestDatabase,
  table: string,
  count: number,
): Promise<number> {
  return until(async () => {
    const ended = await endedIntervals(database, table);
    return ended.length >= count ? ended.length : null;
  }, 60_000);
}

/** The task of a table that is being worked on, with the process of the gateway that has it. */
export async function untilRunning(
  database: TestDatabase,
  table: string,
): Promise<{ readonly token: number; readonly pid: number; readonly backend: number }> {
  return until(async () => {
    const [row] = await database.query<{ token: number; pid: number; backend: number }>(sql`
      SELECT t.token, g.pid, b.backend_pid AS backend
      FROM sluice_private.task_instances t
      JOIN sluice_private.gateways g USING (gateway_id)
      JOIN sluice_private.task_backends b USING (task_instance_id)
      JOIN sluice_private.materialized_tables m ON m.workflow_id = t.workflow_id
      WHERE t.status = 'RUNNING' AND m.name = ${table} AND b.token = t.token`);
    return row ?? null;
  }, 30_000);
}

/** Runs of a table in their final state, oldest first, as `TRIGGER STATUS`. */
export async function runsOf(database: TestDatabase, table: string): Promise<string[]> {
  const rows = await database.query<{ run: string }>(sql`
    SELECT trigger || ' ' || status AS run FROM sluice_private.refresh_runs
    WHERE name = ${table} ORDER BY finished_at`);
  return rows.map((row) => row.run);
}

/** The runs of a table once there are at least `count`. */
export function untilRuns(
  database: TestDatabase,
  table: string,
  count: number,
): Promise<readonly string[]> {
  return until(async () => {
    const runs = await runsOf(database, table);
    return runs.length >= count ? runs : null;
  }, 60_000);
}
