// GET /api/v1/progress

import { z } from "@hono/zod-openapi";
import { toIso } from "../../../common/time.ts";
import { actionRoute } from "./action-route.ts";

const running = z
  .object({
    taskInstanceId: z.string(),
    instanceId: z.string(),
    database: z.string(),
    workflow: z.string(),
    tableName: z.string().nullable(),
    task: z.string(),
    attempt: z.number(),
    gateway: z.string().nullable(),
    startedAt: z.string().openapi({ format: "date-time" }),
    step: z
      .object({ done: z.number(), total: z.number(), note: z.string() })
      .nullable()
      .openapi({ description: "Null: nothing told yet." }),
    backend: z
      .object({
        pid: z.number(),
        state: z.string().nullable(),
        waitEvent: z.string().nullable(),
        command: z.string().nullable(),
        phase: z.string().nullable(),
        fraction: z.number().nullable(),
      })
      .nullable()
      .openapi({ description: "What its backend does, as PostgreSQL tells." }),
  })
  .openapi("RunningTask");

export const addGetProgress = actionRoute({
  method: "get",
  path: "/api/v1/progress",
  summary: "How far the tasks that run now have come",
  tag: "monitoring",
  params: z.object({}),
  answer: z.object({ items: z.array(running), next: z.null() }).openapi("Progress"),
  errors: [],
  async handle({ monitor }) {
    const runs = await monitor.progress();
    return { items: runs.map((run) => ({ ...run, startedAt: toIso(run.startedAt) })), next: null };
  },
});
