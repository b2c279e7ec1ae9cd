// The rows of commands: which comes next, which are the same, and what became of them. One command
// is taken at a time, in the order of giving for each target; a command whose predecessor waits or
// is being taken elsewhere waits too.

import type { Database, Tx } from "../common/pg.ts";
import { sql } from "../common/sql.ts";
import type { Duration } from "../common/time.ts";
import { type CommandEffect, commandOf, type TakenCommand } from "./command.ts";

interface CommandRow {
  readonly id: string;
  readonly seq: number;
  readonly target: string;
  readonly name: string;
  readonly command: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly attempts: number;
}

/** The next one, locked to the end of the transaction; null if none can be taken now. */
export async function takeNext(tx: Tx): Promise<TakenCommand | null> {
  const rows = await tx.query<CommandRow>(sql`
    SELECT c.command_id AS id, c.seq, c.target_id AS target, c.name, c.command, c.arguments,
           c.attempts
    FROM sluice_private.commands c
    WHERE c.status = 'PENDING' AND c.ready_at <= sluice_private.clock()
      AND NOT EXISTS (
        SELECT FROM sluice_private.commands e
        WHERE e.status = 'PENDING' AND e.target_id = c.target_id AND e.seq < c.seq)
    ORDER BY c.seq LIMIT 1 FOR UPDATE SKIP LOCKED`);
  const row = rows[0];
  if (row === undefined) return null;
  return {
    id: row.id,
    seq: row.seq,
    targetId: row.target,
    name: row.name,
    command: commandOf(row.command, row.arguments),
    attempts: row.attempts,
  };
}

/**
 * The run of an equal refresh that waits and that nobody has claimed: it will read later than this
 * moment, so it shows whatever was committed before. Null if there is none.
 */
export async function waitingRun(
  tx: Tx,
  { id, targetId }: TakenCommand,
): Promise<{ readonly instanceId: string; readonly backfillId: string | null } | null> {
  const rows = await tx.query<{ instanceId: string; backfillId: string | null }>(sql`
    SELECT i.instance_id AS "instanceId", d.backfill_id AS "backfillId"
    FROM sluice_private.commands c
    JOIN sluice_private.materialized_tables t ON t.table_id = c.target_id
    JOIN sluice_private.workflows w ON w.workflow_id = t.workflow_id
    JOIN sluice_private.instances i ON i.workflow_id = t.workflow_id AND i.version = w.version
    JOIN sluice_private.commands d ON d.command_id = i.instance_id
    WHERE c.command_id = ${id} AND c.command = 'refresh' AND c.target_id = ${targetId}
      AND i.status = 'PENDING' AND i.trigger = 'COMMAND'
      AND d.command = 'refresh' AND d.arguments = c.arguments
      AND NOT EXISTS (
        SELECT FROM sluice_private.task_instances k
        WHERE k.instance_id = i.instance_id AND (k.status <> 'PENDING' OR k.attempt > 0))
      AND NOT EXISTS (
        SELECT FROM sluice_private.cancel_requests r WHERE r.instance_id = i.instance_id)
    LIMIT 1`);
  return rows[0] ?? null;
}

/** Records what it left behind; equal commands that wait are part of it from now on. */
export async function recordEffect(
  tx: Tx,
  taken: TakenCommand,
  effect: CommandEffect,
  mergedInto: string | null,
): Promise<void> {
  await tx.execute(sql`
    UPDATE sluice_private.commands
    SET status = 'SUCCESSFUL', taken_at = sluice_private.clock(), merged_into = ${mergedInto},
        instance_id = ${effect.instanceId}, backfill_id = ${effect.backfillId}
    WHERE command_id = ${taken.id}`);
  await mergeEqual(tx, taken, mergedInto ?? taken.id);
}

/**
 * Records why it was refused, unless it is done after all; equal ones would be refused for the same
 * reason.
 */
export async function recordRefusal(
  tx: Tx,
  taken: TakenCommand,
  failure: { readonly code: string; readonly message: string },
): Promise<void> {
  await tx.execute(sql`
    UPDATE sluice_private.commands
    SET status = 'FAILED', taken_at = sluice_private.clock(),
        error_code = ${failure.code}, error = ${failure.message}
    WHERE command_id = ${taken.id} AND status = 'PENDING'`);
  await mergeEqual(tx, taken, taken.id);
}

/** Lets it wait: the error was one of the moment. */
export async function postpone(
  tx: Tx,
  { id }: Pick<TakenCommand, "id">,
  delay: Duration,
): Promise<void> {
  await tx.execute(sql`
    UPDATE sluice_private.commands
    SET attempts = attempts + 1,
        ready_at = sluice_private.clock() + ${`${delay} ms`}::interval
    WHERE command_id = ${id} AND status = 'PENDING'`);
}

/**
 * Of SUSPEND and RESUME only those up to the next one of the other kind are the same wish; what
 * stands between equal commands of other kinds makes no difference to them.
 */
async function mergeEqual(tx: Tx, { id, seq, targetId }: TakenCommand, into: string) {
  await tx.execute(sql`
    UPDATE sluice_private.commands m
    SET status = c.status, taken_at = c.taken_at, merged_into = ${into},
        instance_id = c.instance_id, backfill_id = c.backfill_id,
        error_code = c.error_code, error = c.error
    FROM sluice_private.commands c
    WHERE c.command_id = ${id} AND c.status <> 'PENDING'
      AND m.status = 'PENDING' AND m.target_id = ${targetId}
      AND m.seq > ${seq} AND m.command = c.command AND m.arguments = c.arguments
      AND (c.command NOT IN ('suspend', 'resume') OR NOT EXISTS (
        SELECT FROM sluice_private.commands o
        WHERE o.status = 'PENDING' AND o.target_id = ${targetId} AND o.seq > ${seq}
          AND o.seq < m.seq AND o.command IN ('suspend', 'resume')
          AND (o.command, o.arguments) IS DISTINCT FROM (c.command, c.arguments)))`);
}

/** Forgets commands that were dealt with long ago, a few at a time; gives how many. */
export function forgetOld(database: Database): Promise<number> {
  return database.execute(sql`
    DELETE FROM sluice_private.commands WHERE command_id IN (
      SELECT command_id FROM sluice_private.commands
      WHERE status <> 'PENDING' AND requested_at < sluice_private.clock()
        - CASE WHEN merged_into IS NULL THEN interval '7 days' ELSE interval '1 day' END
      ORDER BY requested_at LIMIT 1000 FOR UPDATE SKIP LOCKED)`);
}
