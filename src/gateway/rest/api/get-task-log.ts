// GET /api/v1/task-instances/{id}/log

import { z } from "@hono/zod-openapi";
import { GatewayError } from "../../../common/gateway-error.ts";
import { sql, trusted } from "../../../common/sql.ts";
import { actionRoute, identified } from "./action-route.ts";
import {
  loadRow,
  loadRows,
  number,
  nullable,
  oneOf,
  text,
  time,
  type View,
  viewSchema,
} from "./view.ts";
import { runView } from "./views/run-view.ts";
import { taskInstanceView } from "./views/task-instance-view.ts";
import { runStatuses } from "./views/words.ts";

const attemptView: View = {
  name: "TaskAttempt",
  relation: trusted("sluice_private.task_attempts"),
  columns: {
    attempt: number,
    status: oneOf(runStatuses),
    detail: nullable(text),
    gatewayId: nullable(text),
    claimedAt: nullable(time),
    finishedAt: time,
    errorCode: nullable(text),
    error: nullable(text),
  },
  order: [
    { column: "finished_at", type: "timestamptz" },
    { column: "attempt", type: "integer" },
  ],
};

const progressView: View = {
  name: "TaskProgress",
  relation: trusted("sluice_private.task_progress"),
  columns: { done: number, total: number, note: text, at: time },
  order: [{ column: "task_instance_id", type: "text" }],
};

export const addGetTaskLog = actionRoute({
  method: "get",
  path: "/api/v1/task-instances/{id}/log",
  summary: "Attempts of a task, their errors, what they refreshed, and how far the current one is",
  tag: "instances",
  params: identified,
  answer: z
    .object({
      task: viewSchema(taskInstanceView),
      attempts: z.array(viewSchema(attemptView)),
      runs: z.array(viewSchema(runView)),
      progress: viewSchema(progressView).nullable(),
    })
    .openapi("TaskLog"),
  errors: [404],
  async handle({ database }, { params }) {
    const isIt = sql`r.task_instance_id = ${params.id}`;
    const task = await loadRow(database, taskInstanceView, isIt);
    if (task === null) {
      throw new GatewayError("GW-ROW-UNKNOWN", `task instance "${params.id}" does not exist`);
    }
    const ofInstance = sql`r.instance_id = ${task["instanceId"]} AND ${isIt}`;
    return {
      task,
      attempts: await loadRows(database, attemptView, isIt),
      runs: await loadRows(database, runView, ofInstance),
      progress: await loadRow(database, progressView, isIt),
    };
  },
});
