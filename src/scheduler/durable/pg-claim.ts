// Claiming is one function in the database (claim_tasks, explained in the migration): a claim is
// one round trip, and its plans are kept. Here it is called, and its rows become tasks.

import {
  asId,
  type GatewayId,
  type InstanceId,
  type TaskInstanceId,
  type WorkflowId,
} from "../../common/ids.ts";
import type { Database } from "../../common/pg.ts";
import { prepared, sql } from "../../common/sql.ts";
import type { Instant } from "../../common/time.ts";
import type { Texts } from "../scheduler.ts";
import type { ClaimScope, Trigger } from "../task-runner.ts";
import type { HeldTask, TaskFrame, TaskPolicy } from "./store.ts";

interface ClaimedRow {
  readonly task_instance_id: string;
  readonly resource: string | null;
  readonly scopes: readonly ClaimScope[] | null;
  readonly instance_id: string;
  readonly workflow_id: string;
  readonly version: number;
  readonly task: string;
  readonly trigger: Trigger;
  readonly interval_start: Instant;
  readonly interval_end: Instant;
  readonly scheduled_at: Instant;
  readonly ready_at: Instant;
  readonly claimed_at: Instant;
  readonly attempt: number;
  readonly token: number;
  readonly action: Readonly<Record<string, unknown>>;
  readonly request: Readonly<Record<string, unknown>>;
  readonly policy: TaskPolicy;
  readonly frame: TaskFrame;
  readonly variables: Texts;
}

/**
 * One statement, which commits by itself; each statement of the function has a snapshot of its own.
 */
export async function claim(
  database: Database,
  gatewayId: GatewayId,
  limit: number,
): Promise<readonly HeldTask[]> {
  const rows = await database.query<ClaimedRow>(
    prepared(
      "sluice_claim",
      sql`
      SELECT s.task_instance_id, s.instance_id, s.workflow_id, i.version, s.task, i.trigger,
        i.interval_start, i.interval_end, i.scheduled_at, s.ready_at, s.claimed_at, s.attempt,
        s.token, s.action, i.request, s.policy, s.resource, s.scopes, s.frame,
        i.variables
      FROM sluice_private.claim_tasks(${gatewayId}, ${limit}) c
      CROSS JOIN LATERAL (SELECT (c.claimed_task).*) s
      CROSS JOIN LATERAL (SELECT (c.its_instance).*) i
      ORDER BY s.priority, s.ready_at, s.task_instance_id`,
    ),
  );
  return rows.map(heldTask);
}

function heldTask(row: ClaimedRow): HeldTask {
  return {
    taskInstanceId: asId<TaskInstanceId>(row.task_instance_id),
    instanceId: asId<InstanceId>(row.instance_id),
    workflowId: asId<WorkflowId>(row.workflow_id),
    workflowVersion: row.version,
    workflow: row.frame.workflow,
    database: row.frame.database,
    timeZone: row.frame.timeZone,
    task: row.task,
    trigger: row.trigger,
    interval: { start: row.interval_start, end: row.interval_end },
    scheduledAt: row.scheduled_at,
    dueAt: row.ready_at,
    claimedAt: row.claimed_at,
    attempt: row.attempt,
    claim: row.resource === null ? null : { resource: row.resource, scopes: row.scopes },
    variables: { ...row.variables, ...row.frame.variables },
    condition: row.frame.condition,
    action: row.action,
    request: row.request,
    token: row.token,
    policy: row.policy,
  };
}
