// POST /api/v1/workflows/{database}/{name}/execute

import { z } from "@hono/zod-openapi";
import { actionRoute, named } from "./action-route.ts";

export const addExecuteWorkflow = actionRoute({
  method: "post",
  path: "/api/v1/workflows/{database}/{name}/execute",
  summary: "Runs a workflow once, enabled or not",
  tag: "workflows",
  params: named,
  body: z.strictObject({
    at: z
      .string()
      .nullable()
      .default(null)
      .openapi({ description: "yyyy-MM-dd HH:mm:ss in the workflow's zone; null: now." }),
    variables: z.record(z.string(), z.string()).default({}),
  }),
  answer: z.object({ instanceId: z.string() }).openapi("Queued"),
  status: 202,
  errors: [400, 404, 409],
  handle: ({ workflows, catalogName }, { params, body }) =>
    workflows.execute({ catalog: catalogName, ...params }, body, () => null),
});
