// What is pruned, each as one statement that deletes at most `limit` things and gives how many: the
// oldest first, by indexes made for it, passing over what others hold. Instances go with all that
// belongs to them. The newest successful instance of a workflow stays, however old, so that one can
// always see when it last went well; so do instances of backfills that have not ended.

import { databaseClock, type Tx } from "../common/pg.ts";
import { prepared, type Sql, sql, trusted } from "../common/sql.ts";
import type { Duration } from "../common/time.ts";

export interface RetentionPolicy {
  /** Runs that ended well, were skipped or canceled. */
  readonly successful: Duration;
  /** Of these, at most so many of each workflow. */
  readonly successfulRuns: number;
  /** Runs that failed; backfills, reports and commands too. */
  readonly failed: Duration;
  readonly events: Duration;
  readonly notifications: Duration;
}

/** The kinds of things that are pruned by age, in this order; the words of a metric. */
export const prunedByAge = [
  "instances",
  "failed_instances",
  "events",
  "notifications",
  "freshness_events",
  "commands",
  "backfill_intervals",
  "backfills",
  "workflow_versions",
  "reports",
] as const;
export type PrunedKind = (typeof prunedByAge)[number];

/** Deletes a batch of what is older than the policy says; fewer than `limit`: none is left. */
export function pruneByAge(
  tx: Tx,
  kind: PrunedKind,
  policy: RetentionPolicy,
  limit: number,
): Promise<number> {
  const statement = statements[kind](policy, limit);
  return kind === "instances" || kind === "failed_instances"
    ? countOf(tx, statement)
    : tx.execute(prepared(`sluice_prune_${kind}`, statement));
}

/** Deletes a batch of one workflow's runs beyond the newest `policy.successfulRuns`. */
export function pruneByCount(
  tx: Tx,
  workflowId: string,
  policy: RetentionPolicy,
  limit: number,
): Promise<number> {
  const chosen = sql`
    SELECT h.instance_id FROM sluice_private.instance_history h
    WHERE h.workflow_id = ${workflowId} AND h.status <> 'FAILED' AND ${noOpenBackfill}
      AND h.finished_at <= (
        SELECT b.finished_at FROM sluice_private.instance_history b
        WHERE b.workflow_id = ${workflowId} AND b.status <> 'FAILED'
        ORDER BY b.finished_at DESC OFFSET ${policy.successfulRuns} LIMIT 1)
    ORDER BY h.finished_at LIMIT ${limit} FOR UPDATE SKIP LOCKED`;
  return countOf(tx, withBelongings(chosen, "count"));
}

/** The next workflow in the order of ids after `after`; null: that was the last. */
export async function nextWorkflow(tx: Tx, after: string): Promise<string | null> {
  const rows = await tx.query<{ id: string }>(sql`
    SELECT workflow_id AS id FROM sluice_private.workflows
    WHERE workflow_id > ${after} ORDER BY workflow_id LIMIT 1`);
  return rows[0]?.id ?? null;
}

const noOpenBackfill = trusted(`NOT EXISTS (
  SELECT FROM sluice_private.backfills o
  WHERE o.backfill_id = h.backfill_id AND o.finished_at IS NULL)`);

const newestStays = trusted(`(h.status <> 'SUCCESSFUL' OR EXISTS (
  SELECT FROM sluice_private.instance_history later
  WHERE later.workflow_id = h.workflow_id AND later.status = 'SUCCESSFUL'
    AND later.finished_at > h.finished_at))`);

const statements: Readonly<Record<PrunedKind, (policy: RetentionPolicy, limit: number) => Sql>> = {
  instances: ({ successful }, limit) =>
    withBelongings(
      sql`
    SELECT h.instance_id FROM sluice_private.instance_history h
    WHERE h.status <> 'FAILED' AND ${olderThan("h.finished_at", successful)}
      AND ${newestStays} AND ${noOpenBackfill}
    ORDER BY h.finished_at LIMIT ${limit} FOR UPDATE SKIP LOCKED`,
      "instances",
    ),
  failed_instances: ({ failed }, limit) =>
    withBelongings(
      sql`
    SELECT h.instance_id FROM sluice_private.instance_history h
    WHERE h.status = 'FAILED' AND ${olderThan("h.finished_at", failed)} AND ${noOpenBackfill}
    ORDER BY h.finished_at LIMIT ${limit} FOR UPDATE SKIP LOCKED`,
      "failed_instances",
    ),
  // In the order of ids, which is nearly that of time: no other index is needed.
  events: ({ events }, limit) => sql`
    DELETE FROM sluice_private.events e
    USING (SELECT event_id FROM sluice_private.events ORDER BY event_id LIMIT ${limit}) o
    WHERE e.event_id = o.event_id AND ${olderThan("e.at", events)}`,
  notifications: ({ notifications }, limit) => sql`
    DELETE FROM sluice_private.notifications WHERE notification_id IN (
      SELECT n.notification_id FROM sluice_private.notifications n
      WHERE n.status <> 'PENDING' AND ${olderThan("n.ended_at", notifications)}
      ORDER BY n.ended_at LIMIT ${limit})`,
  freshness_events: ({ failed }, limit) => sql`
    DELETE FROM sluice_private.freshness_events WHERE event_id IN (
      SELECT f.event_id FROM sluice_private.freshness_events f
      WHERE ${olderThan("f.at", failed)} ORDER BY f.at LIMIT ${limit})`,
  commands: ({ failed }, limit) => sql`
    DELETE FROM sluice_private.commands WHERE command_id IN (
      SELECT c.command_id FROM sluice_private.commands c
      WHERE c.status <> 'PENDING' AND ${olderThan("c.requested_at", failed)}
      ORDER BY c.requested_at LIMIT ${limit})`,
  // Before the backfill itself, which would take all of them with it at once.
  backfill_intervals: ({ failed }, limit) => sql`
    DELETE FROM sluice_private.backfill_intervals WHERE (backfill_id, ordinal) IN (
      SELECT i.backfill_id, i.ordinal
      FROM sluice_private.backfills b JOIN sluice_private.backfill_intervals i USING (backfill_id)
      WHERE ${olderThan("b.finished_at", failed)} LIMIT ${limit})`,
  backfills: ({ failed }, limit) => sql`
    DELETE FROM sluice_private.backfills WHERE backfill_id IN (
      SELECT b.backfill_id FROM sluice_private.backfills b
      WHERE ${olderThan("b.finished_at", failed)} AND NOT EXISTS (
        SELECT FROM sluice_private.backfill_intervals i WHERE i.backfill_id = b.backfill_id)
      LIMIT ${limit})`,
  // Of workflows that were dropped, once nothing of them is left that would need their names.
  workflow_versions: (_, limit) => sql`
    WITH gone AS (
      DELETE FROM sluice_private.workflow_versions WHERE (workflow_id, version) IN (
        SELECT v.workflow_id, v.version FROM sluice_private.workflow_versions v
        WHERE NOT EXISTS (
            SELECT FROM sluice_private.workflows w WHERE w.workflow_id = v.workflow_id)
          AND NOT EXISTS (
            SELECT FROM sluice_private.instances i WHERE i.workflow_id = v.workflow_id)
          AND NOT EXISTS (
            SELECT FROM sluice_private.instance_history h WHERE h.workflow_id = v.workflow_id)
          AND NOT EXISTS (
            SELECT FROM sluice_private.backfills b WHERE b.workflow_id = v.workflow_id)
        LIMIT ${limit})
      RETURNING workflow_id, version
    ), targets AS (
      DELETE FROM sluice_private.notify_targets n USING gone g
      WHERE n.workflow_id = g.workflow_id AND n.version = g.version
    )
    SELECT 1 FROM gone`,
  reports: ({ failed }, limit) => sql`
    DELETE FROM sluice_private.reports WHERE at IN (
      SELECT r.at FROM sluice_private.reports r WHERE ${olderThan("r.at", failed)}
      ORDER BY r.at LIMIT ${limit})`,
};

function olderThan(column: string, age: Duration): Sql {
  return sql`${trusted(column)} < ${databaseClock} - ${age} * interval '1 ms'`;
}

/** The chosen instances, their tasks, attempts and refresh runs; one row: how many instances. */
function withBelongings(chosen: Sql, name: string): Sql {
  return prepared(
    `sluice_prune_${name}`,
    sql`
    WITH chosen AS MATERIALIZED (${chosen}), instances AS (
      DELETE FROM sluice_private.instance_history h USING chosen c
      WHERE h.instance_id = c.instance_id RETURNING h.instance_id
    ), tasks AS (
      DELETE FROM sluice_private.task_history t USING chosen c
      WHERE t.instance_id = c.instance_id RETURNING t.task_instance_id
    ), attempts AS (
      DELETE FROM sluice_private.task_attempts a USING tasks t
      WHERE a.task_instance_id = t.task_instance_id
    ), runs AS (
      DELETE FROM sluice_private.refresh_runs r USING chosen c
      WHERE r.instance_id = c.instance_id
    )
    SELECT count(*)::integer AS count FROM instances`,
  );
}

async function countOf(tx: Tx, statement: Sql): Promise<number> {
  const rows = await tx.query<{ count: number }>(statement);
  return rows[0]?.count ?? 0;
}
