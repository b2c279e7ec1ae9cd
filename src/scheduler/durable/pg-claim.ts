// Claiming: PENDING → RUNNING under a new token. READ COMMITTED, and never waiting for another claim. Three kinds of
// rows are locked, always in this order: the queues (their limit counts over all gateways, so one claim at a time may
// count), the candidates, their resources. Whoever holds a resource's row alone decides who may run beside whom; every
// statement after a lock has a snapshot of its own and so sees what the previous holder committed.

import {
  asId,
  type GatewayId,
  type InstanceId,
  type TaskInstanceId,
  type WorkflowId,
} from "../../common/ids.ts";
import { type Database, databaseClock, type Tx } from "../../common/pg.ts";
import { sql } from "../../common/sql.ts";
import type { Instant } from "../../common/time.ts";
import { claimsMeet } from "../policies.ts";
import type { Claim, ClaimScope, Trigger } from "../task-runner.ts";
import type { HeldTask, TaskPolicy } from "./store.ts";

interface Candidate {
  readonly task_instance_id: string;
  readonly resource: string | null;
  readonly scopes: readonly ClaimScope[] | null;
}

interface ClaimedRow extends Candidate {
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
}

export function claim(
  database: Database,
  gatewayId: GatewayId,
  limit: number,
): Promise<readonly HeldTask[]> {
  return database.transaction(async (tx) => {
    const queues = await lockQueues(tx);
    if (queues.length === 0) return [];
    const candidates = await lockCandidates(tx, queues, limit);
    const admitted = withoutConflicts(await withLockedResource(tx, candidates));
    if (admitted.length === 0) return [];
    return (await start(tx, gatewayId, admitted)).map(heldTask);
  });
}

async function lockQueues(tx: Tx): Promise<readonly string[]> {
  const rows = await tx.query<{ queue: string }>(sql`
    WITH n AS MATERIALIZED (SELECT ${databaseClock} AS now)
    SELECT q.queue FROM n, sluice_private.queues q
    WHERE EXISTS (
      SELECT FROM sluice_private.task_instances t
      WHERE t.queue = q.queue AND t.status = 'PENDING' AND t.waiting = 0 AND t.ready_at <= n.now)
    ORDER BY q.queue FOR UPDATE OF q SKIP LOCKED`);
  return rows.map((row) => row.queue);
}

/** What is blocked by a running task is passed over here, so that it does not keep others from their turn. */
function lockCandidates(
  tx: Tx,
  queues: readonly string[],
  limit: number,
): Promise<readonly Candidate[]> {
  return tx.query<Candidate>(sql`
    WITH n AS MATERIALIZED (SELECT ${databaseClock} AS now),
    free AS MATERIALIZED (
      SELECT q.queue, least(q.concurrency - (
        SELECT count(*) FROM sluice_private.task_instances r
        WHERE r.status = 'RUNNING' AND r.queue = q.queue), ${limit}::bigint) AS slots
      FROM sluice_private.queues q WHERE q.queue = ANY (${queues}::text[])
    )
    SELECT c.task_instance_id, c.resource, c.scopes
    FROM n, free f CROSS JOIN LATERAL (
      SELECT t.task_instance_id, t.resource, t.scopes, t.priority, t.ready_at
      FROM sluice_private.task_instances t
      WHERE t.queue = f.queue AND t.status = 'PENDING' AND t.waiting = 0 AND t.ready_at <= n.now
        AND NOT EXISTS (
          SELECT FROM sluice_private.task_instances r
          WHERE r.status = 'RUNNING' AND r.resource = t.resource
            AND sluice_private.scopes_meet(r.scopes, t.scopes))
        AND NOT EXISTS (
          SELECT FROM sluice_private.cancel_requests k WHERE k.instance_id = t.instance_id)
      ORDER BY t.priority, t.ready_at, t.task_instance_id
      LIMIT greatest(f.slots, 0) FOR UPDATE OF t SKIP LOCKED
    ) c
    ORDER BY c.priority, c.ready_at, c.task_instance_id LIMIT ${limit}`);
}

async function withLockedResource(
  tx: Tx,
  candidates: readonly Candidate[],
): Promise<readonly Candidate[]> {
  const wanted = new Set(candidates.flatMap(({ resource }) => (resource === null ? [] : resource)));
  if (wanted.size === 0) return candidates;
  const rows = await tx.query<{ resource: string }>(sql`
    SELECT resource FROM sluice_private.resource_locks WHERE resource = ANY (${[...wanted]}::text[])
    ORDER BY resource FOR UPDATE SKIP LOCKED`);
  const locked = new Set(rows.map((row) => row.resource));
  return candidates.filter(({ resource }) => resource === null || locked.has(resource));
}

/** In order of turn, each candidate that excludes none before it. */
function withoutConflicts(candidates: readonly Candidate[]): readonly string[] {
  const byResource = new Map<string, Claim[]>();
  return candidates.flatMap((candidate) => {
    const ours = claimOf(candidate);
    if (ours === null) return [candidate.task_instance_id];
    const taken = byResource.get(ours.resource) ?? [];
    if (taken.some((theirs) => claimsMeet(ours, theirs))) return [];
    byResource.set(ours.resource, [...taken, ours]);
    return [candidate.task_instance_id];
  });
}

function claimOf({ resource, scopes }: Candidate): Claim | null {
  return resource === null ? null : { resource, scopes };
}

/** Looks once more, now that the resources are ours, and marks. A gateway without a lease gets nothing. */
function start(
  tx: Tx,
  gatewayId: GatewayId,
  ids: readonly string[],
): Promise<readonly ClaimedRow[]> {
  return tx.query<ClaimedRow>(sql`
    WITH started AS (
      UPDATE sluice_private.task_instances t
      SET status = 'RUNNING', detail = NULL, token = t.token + 1, attempt = t.attempt + 1,
          gateway_id = ${gatewayId}, claimed_at = ${databaseClock}, finished_at = NULL,
          error_code = NULL, error = NULL, server_start = pg_postmaster_start_time()
      WHERE t.task_instance_id = ANY (${ids}::text[])
        AND EXISTS (
          SELECT FROM sluice_private.gateways g
          WHERE g.gateway_id = ${gatewayId} AND g.expires_at > ${databaseClock})
        AND NOT EXISTS (
          SELECT FROM sluice_private.task_instances r
          WHERE r.status = 'RUNNING' AND r.resource = t.resource
            AND sluice_private.scopes_meet(r.scopes, t.scopes))
      RETURNING t.*
    ), first AS MATERIALIZED (
      SELECT i.instance_id FROM sluice_private.instances i
      WHERE i.status = 'PENDING' AND i.instance_id IN (SELECT instance_id FROM started)
      ORDER BY i.instance_id FOR NO KEY UPDATE
    ), opened AS (
      UPDATE sluice_private.instances i
      SET status = 'RUNNING', detail = NULL, started_at = ${databaseClock}
      FROM first WHERE i.instance_id = first.instance_id
    )
    SELECT s.task_instance_id, s.instance_id, s.workflow_id, i.version, s.task, i.trigger,
      i.interval_start, i.interval_end, i.scheduled_at, s.ready_at, s.claimed_at, s.attempt,
      s.token, s.action, i.request, s.policy, s.resource, s.scopes
    FROM started s JOIN sluice_private.instances i USING (instance_id)
    ORDER BY s.priority, s.ready_at, s.task_instance_id`);
}

function heldTask(row: ClaimedRow): HeldTask {
  return {
    taskInstanceId: asId<TaskInstanceId>(row.task_instance_id),
    instanceId: asId<InstanceId>(row.instance_id),
    workflowId: asId<WorkflowId>(row.workflow_id),
    workflowVersion: row.version,
    task: row.task,
    trigger: row.trigger,
    interval: { start: row.interval_start, end: row.interval_end },
    scheduledAt: row.scheduled_at,
    dueAt: row.ready_at,
    claimedAt: row.claimed_at,
    attempt: row.attempt,
    claim: claimOf(row),
    action: row.action,
    request: row.request,
    token: row.token,
    policy: row.policy,
  };
}
