// What a program sees of a workflow: immutable, a picture of the moment at which it was read.

import type { Queryable } from "../common/pg.ts";
import { sql } from "../common/sql.ts";
import type { Instant } from "../common/time.ts";

/**
 * ACTIVE: its schedule runs, or it runs now. PAUSED: it does not. COMPLETED: it has no run before
 * it any more and its last one was successful (a one-time workflow, or one whose END AT has
 * passed). FAILED: the same, but the last one failed. More may follow.
 */
export const workflowStatuses = ["ACTIVE", "PAUSED", "COMPLETED", "FAILED"] as const;
export type WorkflowStatus = (typeof workflowStatuses)[number];

export interface WorkflowInfo {
  /** Its name, unique in its database. */
  readonly workflowId: string;
  /** In words; the id if there are none. */
  readonly workflowName: string;
  readonly database: string;
  readonly status: WorkflowStatus;
  /** Null: paused, or nothing is to come. */
  readonly nextExecutionTime: Date | null;
  /** Null: it never ran. */
  readonly lastExecutionTime: Date | null;
  readonly creationTime: Date;
}

/** The same with another status; `info` stays as it is. */
export function withStatus(info: WorkflowInfo, status: WorkflowStatus): WorkflowInfo {
  return { ...info, status };
}

interface InfoRow {
  readonly workflow: string;
  readonly comment: string | null;
  readonly database: string;
  readonly enabled: boolean;
  readonly isManual: boolean;
  readonly open: boolean;
  readonly next: Instant | null;
  readonly last: Instant | null;
  readonly lastStatus: string | null;
  readonly created: Instant;
}

/** Workflows of users, by database and name; `id` null: all of them. */
export async function readWorkflows(
  database: Queryable,
  id: string | null,
): Promise<readonly WorkflowInfo[]> {
  const rows = await database.query<InfoRow>(sql`
    SELECT w.workflow, w.comment, w.database, w.enabled, w.schedule = 'MANUAL' AS "isManual",
      w.pending + w.running > 0 AS open, w.next_execution AS next, w.last_execution AS last,
      h.status AS "lastStatus", w.created_at AS created
    FROM sluice.workflows w
    LEFT JOIN LATERAL (
      SELECT i.status FROM sluice.workflow_instances i
      WHERE i.workflow = w.workflow AND i.database = w.database AND i.finished_at IS NOT NULL
        AND i.started_at IS NOT NULL
      ORDER BY i.finished_at DESC LIMIT 1) h ON true
    WHERE w.kind = 'user' AND w.workflow = coalesce(${id}, w.workflow)
    ORDER BY w.database, w.workflow`);
  return rows.map(infoOf);
}

function infoOf(row: InfoRow): WorkflowInfo {
  return {
    workflowId: row.workflow,
    workflowName: row.comment ?? row.workflow,
    database: row.database,
    status: statusOf(row),
    nextExecutionTime: dateOf(row.next),
    lastExecutionTime: dateOf(row.last),
    creationTime: new Date(row.created),
  };
}

function statusOf({ enabled, isManual, open, next, lastStatus }: InfoRow): WorkflowStatus {
  if (open) return "ACTIVE";
  if (next !== null) return "ACTIVE";
  const isOver = isManual || enabled;
  if (!isOver) return "PAUSED";
  if (lastStatus === null) return isManual ? "PAUSED" : "COMPLETED";
  return lastStatus === "FAILED" ? "FAILED" : "COMPLETED";
}

function dateOf(at: Instant | null): Date | null {
  return at === null ? null : new Date(at);
}
