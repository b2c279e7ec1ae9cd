// Queues, tags, gateways, notifications and commands as JSON.

import { trusted } from "../../../../common/sql.ts";
import { boolean, json, nullable, number, oneOf, text, time, type View } from "../view.ts";
import { commandKinds, commandStatuses, notificationStatuses } from "./words.ts";

export const queueView: View = {
  name: "Queue",
  relation: trusted("sluice.queues"),
  columns: { queue: text, concurrency: number, running: number, pending: number },
  order: [{ column: "queue", type: "text" }],
};

export const tagView: View = {
  name: "Tag",
  relation: trusted(`(
    SELECT t.key, t.value, count(*) AS workflows
    FROM sluice.workflows w CROSS JOIN LATERAL jsonb_each_text(w.tags) AS t (key, value)
    GROUP BY t.key, t.value)`),
  columns: { key: text, value: text, workflows: number },
  order: [
    { column: "key", type: "text" },
    { column: "value", type: "text" },
  ],
};

export const gatewayView: View = {
  name: "Gateway",
  relation: trusted("sluice.gateways"),
  columns: {
    gatewayId: text,
    host: text,
    pid: number,
    version: text,
    startedAt: time,
    expiresAt: time,
    alive: boolean,
    running: number,
  },
  order: [{ column: "gateway_id", type: "text" }],
};

export const notificationView: View = {
  name: "Notification",
  relation: trusted("sluice.notifications"),
  columns: {
    notificationId: number,
    occasion: text,
    database: nullable(text),
    workflow: nullable(text),
    tableName: nullable(text),
    task: nullable(text),
    instanceId: nullable(text),
    channel: text,
    target: text,
    status: oneOf(notificationStatuses),
    attempts: number,
    createdAt: time,
    nextAttempt: nullable(time),
    endedAt: nullable(time),
    lastError: nullable(text),
    facts: json,
  },
  order: [{ column: "notification_id", type: "bigint", descending: true }],
};

export const commandView: View = {
  name: "Command",
  relation: trusted("sluice.commands"),
  columns: {
    commandId: text,
    command: oneOf(commandKinds),
    database: text,
    name: text,
    arguments: json,
    status: oneOf(commandStatuses),
    mergedInto: nullable(text),
    instanceId: nullable(text),
    backfillId: nullable(text),
    errorCode: nullable(text),
    error: nullable(text),
    requestedBy: text,
    requestedAt: time,
    takenAt: nullable(time),
    attempts: number,
  },
  order: [
    { column: "requested_at", type: "timestamptz", descending: true },
    { column: "command_id", type: "text" },
  ],
};
