// Moving the virtual clock, and waiting until everything that is due has run. The condition is read
// from the scheduler's own tables; nothing here sleeps for a given time.

import { vi } from "vitest";
import { sql } from "../../src/common/sql.ts";
import { wakeChannel } from "../../src/scheduler/durable/pg-workflows.ts";
import type { TestDatabase } from "../support/database.ts";
import { printTable } from "./tableau.ts";

/**
 * Sets the clock (ISO 8601, UTC if there is no zone) unless `time` is empty, wakes the schedulers,
 * waits for quiet. Gateways keep their leases over the jump, but for those that are `dead`.
 */
export async function settle(
  database: TestDatabase,
  time: string,
  dead: readonly string[] = [],
): Promise<void> {
  if (time !== "") await moveClock(database, /[Z+]/.test(time) ? time : `${time}Z`, dead);
  await database.query(sql`SELECT pg_notify(${wakeChannel}, '')`);
  await vi.waitFor(() => requireQuiet(database), { interval: 10, timeout: 60_000 });
}

/** In one transaction: a heartbeat in between would write a lease of the old time. */
async function moveClock(
  database: TestDatabase,
  at: string,
  dead: readonly string[],
): Promise<void> {
  await database.database.transaction(async (tx) => {
    await tx.execute(sql`
      UPDATE sluice_private.gateways
      SET expires_at = expires_at + (${at}::timestamptz - sluice_private.clock())
      WHERE gateway_id <> ALL (${[...dead]}::text[])`);
    await tx.execute(sql`UPDATE sluice_private.test_clock SET at = ${at}::timestamptz`);
  });
}

/**
 * Quiet: no slot is due, whatever is open waits for a later time (a retry's back-off), and
 * each backfill waits with it.
 */
async function requireQuiet(database: TestDatabase): Promise<void> {
  const [row] = await database.query<{ due: number; open: number; backfills: number }>(sql`
    SELECT (SELECT count(*)::int FROM sluice_private.workflows
            WHERE enabled AND next_due_at <= sluice_private.clock()) AS due,
           (SELECT count(*)::int FROM sluice_private.instances i
            WHERE NOT EXISTS (SELECT FROM sluice_private.task_instances t
                              WHERE t.instance_id = i.instance_id AND t.status = 'PENDING'
                                AND t.ready_at > sluice_private.clock())) AS open,
           (SELECT count(*)::int FROM sluice_private.backfills b
            WHERE finished_at IS NULL AND NOT paused
              AND NOT EXISTS (SELECT FROM sluice_private.instances i
                              WHERE i.backfill_id = b.backfill_id)) AS backfills`);
  if (row?.due === 0 && row.open === 0 && row.backfills === 0) return;
  throw new Error(`not quiet: ${JSON.stringify(row)} (workflows, instances, backfills)`);
}

/** Prints the instances that ended since it was asked last. */
export class EndedRuns {
  readonly #seen = new Set<string>();
  readonly #database: TestDatabase;

  constructor(database: TestDatabase) {
    this.#database = database;
  }

  async print(): Promise<string> {
    const rows = await this.#database.query<Record<string, string>>(sql`
      SELECT i.instance_id AS id, i.database || '.' || i.workflow AS workflow, i.trigger,
             coalesce(left(timezone('UTC', i.interval_start)::text, 19), '') AS from,
             coalesce(left(timezone('UTC', i.interval_end)::text, 19), '') AS to,
             i.status, coalesce(i.detail, r.error_code, r.reason, '') AS detail,
             coalesce(array_to_string(r.partitions, ' '), '') AS partitions,
             CASE WHEN r.run_id IS NULL THEN ''
                  ELSE format('+%s ~%s -%s', r.rows_inserted, r.rows_updated, r.rows_deleted)
             END AS rows
      FROM sluice.workflow_instances i
      LEFT JOIN sluice.refresh_runs r ON r.instance_id = i.instance_id
      WHERE i.status NOT IN ('PENDING', 'RUNNING')
      ORDER BY workflow, i.interval_end, i.trigger,
        max(array_to_string(r.partitions, ' ')) OVER (PARTITION BY i.instance_id) DESC NULLS LAST,
        i.instance_id, r.attempt, partitions, r.name`);
    const fresh = rows.filter((row) => !this.#seen.has(row["id"] ?? ""));
    for (const row of fresh) this.#seen.add(row["id"] ?? "");
    const names = ["workflow", "trigger", "from", "to", "status", "detail", "partitions", "rows"];
    return printTable(
      names,
      fresh.map((row) => names.map((name) => row[name] ?? "")),
    );
  }
}
