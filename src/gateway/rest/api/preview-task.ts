// GET /api/v1/workflows/{database}/{name}/tasks/{task}/preview

import { z } from "@hono/zod-openapi";
import { actionRoute, named } from "./action-route.ts";
import { missingTask } from "./missing-task.ts";

export const addPreviewTask = actionRoute({
  method: "get",
  path: "/api/v1/workflows/{database}/{name}/tasks/{task}/preview",
  summary: "What a task would do at a scheduled time",
  tag: "workflows",
  params: named.extend({ task: z.string() }),
  query: z.strictObject({
    at: z
      .string()
      .optional()
      .openapi({ description: "yyyy-MM-dd HH:mm:ss in the workflow's zone; left out: now." }),
  }),
  answer: z
    .union([
      z.object({ execute: z.string() }),
      z.object({
        refresh: z.string(),
        partitions: z
          .array(z.string())
          .nullable()
          .openapi({ description: "Null: the whole table." }),
      }),
    ])
    .openapi("TaskPreview"),
  errors: [400, 404],
  async handle({ workflows, catalogName }, { params, query }) {
    const { task, ...names } = params;
    try {
      const identifier = { catalog: catalogName, ...names };
      const preview = await workflows.preview(identifier, task, query.at ?? null);
      if ("execute" in preview) return preview;
      const { refresh, partitions } = preview;
      return { refresh, partitions: partitions === null ? null : [...partitions] };
    } catch (error) {
      throw missingTask(error);
    }
  },
});
