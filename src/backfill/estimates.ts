// How long an interval will take and how many rows it will have, from what was run before. Reads
// only.

import type { Queryable } from "../common/pg.ts";
import { sql } from "../common/sql.ts";
import type { Plan } from "./plan-table.ts";

/** Runs that are looked at, the newest ones. */
const runs = 50;

export interface Estimate {
  /** Of one cell; null: no history. */
  readonly rows: number | null;
  readonly milliseconds: number | null;
}

/** For one cell of a table, or one run of a workflow. */
export async function loadEstimate(on: Queryable, plan: Plan): Promise<Estimate> {
  const { table, workflowId } = plan;
  if (table === null) return { rows: null, milliseconds: await workflowTime(on, workflowId) };
  const rows = await on.query<{ rows: number | null; ms: number | null }>(sql`
    SELECT
      (SELECT avg(c.row_count)::double precision FROM sluice_private.cells c
       WHERE c.table_id = ${table.id} AND c.row_count IS NOT NULL) AS rows,
      -- What a whole refresh took says little about one partition: only for want of better.
      (SELECT coalesce(avg(r.ms) FILTER (WHERE r.partial), avg(r.ms))::double precision FROM (
        SELECT partitions IS NOT NULL AS partial,
          extract(epoch FROM finished_at - started_at) * 1000
            / greatest(cardinality(partitions), 1) AS ms
        FROM sluice_private.refresh_runs
        WHERE table_id = ${table.id} AND status = 'SUCCESSFUL'
        ORDER BY partitions IS NULL, finished_at DESC LIMIT ${runs}) r) AS ms`);
  return { rows: rows[0]?.rows ?? null, milliseconds: rows[0]?.ms ?? null };
}

async function workflowTime(on: Queryable, id: string): Promise<number | null> {
  const rows = await on.query<{ ms: number | null }>(sql`
    SELECT avg(r.ms)::double precision AS ms FROM (
      SELECT extract(epoch FROM finished_at - started_at) * 1000 AS ms
      FROM sluice_private.instance_history
      WHERE workflow_id = ${id} AND status = 'SUCCESSFUL' AND started_at IS NOT NULL
      ORDER BY finished_at DESC LIMIT ${runs}) r`);
  return rows[0]?.ms ?? null;
}
