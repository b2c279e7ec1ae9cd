// The outbox of notifications: rows written by the transactions that they tell of (migration
// 000006), taken here, sent elsewhere, and kept as history. Whoever takes a row moves its next
// attempt on, so that nobody else sends it meanwhile; if the taker dies, it is due again then:
// each is sent at least once.

import { type Database, databaseClock } from "../common/pg.ts";
import type { NotifyChannel } from "../common/notify-options.ts";
import { prepared, sql } from "../common/sql.ts";
import { type Duration, seconds } from "../common/time.ts";
import type { Notification } from "./notification.ts";

/** Nobody else tries a taken row before; longer than sending may last. */
const hold: Duration = seconds(15);
const firstRetry: Duration = seconds(4);
const longestRetry: Duration = seconds(30);

/** How many more of a channel may be under way. */
export type Room = Readonly<Partial<Record<NotifyChannel, number>>>;

/**
 * Takes what is due, the oldest of each address and none of an address in `busy`
 * (`channel target`): an address that hangs holds up no other.
 */
export function takeDue(
  database: Database,
  room: Room,
  busy: readonly string[],
): Promise<Notification[]> {
  return database.query<Notification>(
    prepared(
      "sluice_notifications_due",
      sql`
    WITH RECURSIVE address AS (
      (SELECT n.channel, n.target FROM sluice_private.notifications n
       WHERE n.status = 'PENDING' ORDER BY n.channel, n.target LIMIT 1)
      UNION ALL
      SELECT x.channel, x.target FROM address a CROSS JOIN LATERAL (
        SELECT n.channel, n.target FROM sluice_private.notifications n
        WHERE n.status = 'PENDING' AND (n.channel, n.target) > (a.channel, a.target)
        ORDER BY n.channel, n.target LIMIT 1) x
    ), oldest AS MATERIALIZED (
      SELECT x.* FROM address a CROSS JOIN LATERAL (
        SELECT n.notification_id, n.channel, n.next_attempt_at
        FROM sluice_private.notifications n
        WHERE n.status = 'PENDING' AND n.channel = a.channel AND n.target = a.target
          AND n.next_attempt_at <= ${databaseClock}
        ORDER BY n.next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED) x
      WHERE a.channel || ' ' || a.target <> ALL (${busy}::text[])
    ), chosen AS (
      SELECT o.notification_id FROM (
        SELECT notification_id, channel,
          row_number() OVER (PARTITION BY channel ORDER BY next_attempt_at) AS place
        FROM oldest) o
      WHERE o.place <= coalesce((${JSON.stringify(room)}::jsonb ->> o.channel)::integer, 0)
    )
    UPDATE sluice_private.notifications n
    SET attempts = n.attempts + 1, next_attempt_at = ${databaseClock} + ${hold} * interval '1 ms'
    FROM chosen WHERE n.notification_id = chosen.notification_id
    RETURNING n.notification_id AS "notificationId", n.occasion, n.database, n.workflow,
      n.table_name AS "tableName", n.task, n.instance_id AS "instanceId",
      n.task_instance_id AS "taskInstanceId", n.attempt, n.channel, n.target, n.facts,
      n.created_at AS "createdAt"`,
    ),
  );
}

export async function markSent(database: Database, id: number): Promise<void> {
  await database.execute(sql`
    UPDATE sluice_private.notifications
    SET status = 'SENT', ended_at = ${databaseClock}, last_error = NULL
    WHERE notification_id = ${id} AND status = 'PENDING'`);
}

/** Due again after a pause that doubles from attempt to attempt. */
export async function markFailed(database: Database, id: number, error: string): Promise<void> {
  await database.execute(sql`
    UPDATE sluice_private.notifications
    SET last_error = ${error}, next_attempt_at = ${databaseClock} + interval '1 ms'
      * least(${firstRetry} * 2 ^ least(attempts - 1, 10), ${longestRetry}::double precision)
    WHERE notification_id = ${id} AND status = 'PENDING'`);
}

/** Ends what could not be sent for so long, and gives how many that were. */
export function giveUp(database: Database, age: Duration): Promise<number> {
  return database.execute(sql`
    UPDATE sluice_private.notifications
    SET status = 'GIVEN_UP', ended_at = ${databaseClock},
        last_error = coalesce(last_error, 'no gateway is configured for this channel')
    WHERE status = 'PENDING' AND created_at <= ${databaseClock} - ${age} * interval '1 ms'
      AND next_attempt_at <= ${databaseClock}`);
}
