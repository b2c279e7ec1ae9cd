// Task instances as JSON, by the scheduled time of their instance, newest first.

import { trusted } from "../../../../common/sql.ts";
import { nullable, number, oneOf, text, time, type View } from "../view.ts";
import { instanceStatuses } from "./words.ts";

export const taskInstanceView: View = {
  name: "TaskInstance",
  relation: trusted(`(
    SELECT k.task_instance_id, k.instance_id, k.task, k.status, k.detail, k.attempt, k.attempts,
           k.queue, k.due_at, k.claimed_at, k.started_at, k.finished_at, k.gateway, k.run_id,
           k.error_code, k.error, k.done, k.total, k.note,
           i.scheduled_at, i.workflow, i.database, i.trigger, i.workflow_id
    FROM sluice.workflow_instances i
    JOIN sluice.task_instances k ON k.instance_id = i.instance_id)`),
  columns: {
    taskInstanceId: text,
    instanceId: text,
    database: text,
    workflow: text,
    task: text,
    trigger: text,
    scheduledAt: time,
    status: oneOf(instanceStatuses),
    detail: nullable(text),
    attempt: number,
    attempts: number,
    queue: text,
    dueAt: time,
    claimedAt: nullable(time),
    startedAt: nullable(time),
    finishedAt: nullable(time),
    gateway: nullable(text),
    runId: nullable(text),
    errorCode: nullable(text),
    error: nullable(text),
    done: nullable(number),
    total: nullable(number),
    note: nullable(text),
  },
  order: [
    { column: "scheduled_at", type: "timestamptz", descending: true },
    { column: "instance_id", type: "text" },
    { column: "task_instance_id", type: "text" },
  ],
};
