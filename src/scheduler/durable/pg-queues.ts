// Statements about queues. Whoever stores a definition that names a queue and whoever drops one
// exclude each other by an advisory lock: rows of queues are locked by claims, and a claim passes
// over a queue that somebody holds.

import type { Queryable, Tx } from "../../common/pg.ts";
import { sql } from "../../common/sql.ts";
import type { QueueOptions } from "../scheduler.ts";

/** "Slui" and "queu" in ASCII. */
const lockKeys = [0x53_6c_75_69, 0x71_75_65_75] as const;

export async function unknownQueues(
  tx: Queryable,
  queues: readonly string[],
): Promise<readonly string[]> {
  await tx.execute(sql`SELECT pg_advisory_xact_lock_shared(${lockKeys[0]}, ${lockKeys[1]})`);
  const rows = await tx.query<{ queue: string }>(sql`
    SELECT DISTINCT q.queue FROM unnest(${queues}::text[]) q(queue)
    WHERE NOT EXISTS (SELECT FROM sluice_private.queues k WHERE k.queue = q.queue) ORDER BY 1`);
  return rows.map((row) => row.queue);
}

export async function insertQueue(
  tx: Tx,
  queue: string,
  { concurrency }: QueueOptions,
): Promise<boolean> {
  const made = await tx.execute(sql`
    INSERT INTO sluice_private.queues VALUES (${queue}, ${concurrency}) ON CONFLICT DO NOTHING`);
  return made === 1;
}

export async function updateQueue(
  tx: Tx,
  queue: string,
  { concurrency }: QueueOptions,
): Promise<boolean> {
  const changed = await tx.execute(sql`
    UPDATE sluice_private.queues SET concurrency = ${concurrency} WHERE queue = ${queue}`);
  return changed === 1;
}

export async function queueUsers(tx: Tx, queue: string): Promise<readonly string[]> {
  await tx.execute(sql`SELECT pg_advisory_xact_lock(${lockKeys[0]}, ${lockKeys[1]})`);
  const rows = await tx.query<{ name: string }>(sql`
    SELECT DISTINCT format('workflow "%s"."%s"', w.database, w.name) AS name
    FROM sluice_private.workflows w
    JOIN sluice_private.workflow_versions v USING (workflow_id, version)
    CROSS JOIN LATERAL jsonb_array_elements(v.definition -> 'tasks') t
    WHERE t ->> 'queue' = ${queue} OR v.definition -> 'options' ->> 'queue' = ${queue}
    UNION
    SELECT DISTINCT format('backfill %s', b.backfill_id)
    FROM sluice_private.backfills b
    JOIN sluice_private.workflow_versions v USING (workflow_id, version)
    CROSS JOIN LATERAL jsonb_array_elements(v.definition -> 'tasks') t
    WHERE b.finished_at IS NULL AND (b.queue = ${queue} OR t ->> 'queue' = ${queue})
    UNION
    SELECT DISTINCT format('instance %s', k.instance_id) FROM sluice_private.task_instances k
    WHERE k.queue = ${queue}
    ORDER BY 1`);
  return rows.map((row) => row.name);
}

export async function deleteQueue(tx: Tx, queue: string): Promise<boolean> {
  const gone = await tx.execute(sql`DELETE FROM sluice_private.queues WHERE queue = ${queue}`);
  return gone === 1;
}
