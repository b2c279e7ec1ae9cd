// One thing to tell to one address, as it lies in the outbox, and in words. Pure.

import { unreachable } from "../common/assert.ts";
import type { NotifyChannel } from "../common/notify-options.ts";
import { type Instant, toIso } from "../common/time.ts";

export type Occasion =
  | "STARTUP"
  | "SUCCESS"
  | "FAILURE"
  | "FRESHNESS_VIOLATED"
  | "FRESHNESS_RECOVERED";

export interface Notification {
  /** The same at every attempt to send it, so that a receiver can tell a repetition. */
  readonly notificationId: number;
  readonly occasion: Occasion;
  readonly database: string | null;
  readonly workflow: string | null;
  /** Null: of a user's workflow. */
  readonly tableName: string | null;
  /** Null: about the table as a whole. */
  readonly task: string | null;
  readonly instanceId: string | null;
  readonly taskInstanceId: string | null;
  readonly attempt: number | null;
  readonly channel: NotifyChannel;
  readonly target: string;
  /** trigger, scheduledAt, errorCode, error, lag, freshness, … */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly createdAt: Instant;
}

/** One line. */
export function subjectOf(notification: Notification): string {
  return `[Sluice] ${whatOf(notification)} ${verbOf(notification.occasion)}`.replaceAll(
    /\s+/g,
    " ",
  );
}

/** Lines of `name: value`, with the error as PostgreSQL worded it. */
export function linesOf(notification: Notification): readonly string[] {
  const { workflow, tableName, task, instanceId, attempt, facts, createdAt } = notification;
  const named: readonly (readonly [string, unknown])[] = [
    ["database", notification.database],
    [tableName === null ? "workflow" : "table", tableName ?? workflow],
    ["task", tableName === null ? task : null],
    ["instance", instanceId],
    ["attempt", attempt],
    ["trigger", facts["trigger"]],
    ["scheduled for", facts["scheduledAt"]],
    ["backfill", facts["backfillId"]],
    ["lag", facts["lag"]],
    ["freshness", facts["freshness"]],
    ["limit", facts["limit"]],
    ["error code", facts["errorCode"]],
    ["error", facts["error"]],
    ["at", toIso(createdAt)],
  ];
  return named.flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [`${name}: ${String(value)}`],
  );
}

/** What a program receives. */
export function documentOf(notification: Notification): Readonly<Record<string, unknown>> {
  const { channel: _channel, target: _target, createdAt, facts, tableName, ...rest } = notification;
  return { ...rest, table: tableName, at: toIso(createdAt), ...facts };
}

function whatOf({ database, workflow, tableName, task }: Notification): string {
  const name = `${database ?? ""}.${tableName ?? workflow ?? ""}`;
  if (tableName !== null) return `table ${name}`;
  return task === null ? `workflow ${name}` : `workflow ${name}, task ${task}:`;
}

function verbOf(occasion: Occasion): string {
  switch (occasion) {
    case "STARTUP":
      return "started";
    case "SUCCESS":
      return "succeeded";
    case "FAILURE":
      return "failed";
    case "FRESHNESS_VIOLATED":
      return "is older than it may be";
    case "FRESHNESS_RECOVERED":
      return "is fresh again";
    default:
      return unreachable(occasion);
  }
}
