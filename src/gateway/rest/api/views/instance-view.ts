// Workflow instances as JSON, by scheduled time, newest first.

import { trusted } from "../../../../common/sql.ts";
import { duration, json, nullable, number, oneOf, text, time, type View } from "../view.ts";
import { instanceStatuses } from "./words.ts";

export const instanceView: View = {
  name: "WorkflowInstance",
  relation: trusted("sluice.workflow_instances"),
  columns: {
    instanceId: text,
    database: text,
    workflow: text,
    workflowId: text,
    version: number,
    trigger: text,
    intervalStart: nullable(time),
    intervalEnd: nullable(time),
    scheduledAt: time,
    status: oneOf(instanceStatuses),
    detail: nullable(text),
    startedAt: nullable(time),
    finishedAt: nullable(time),
    duration: nullable(duration),
    backfillId: nullable(text),
    variables: json,
    gateway: nullable(text),
    errorCode: nullable(text),
    error: nullable(text),
  },
  order: [
    { column: "scheduled_at", type: "timestamptz", descending: true },
    { column: "instance_id", type: "text" },
  ],
};
