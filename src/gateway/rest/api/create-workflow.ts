// POST /api/v1/workflows

import { z } from "@hono/zod-openapi";
import { actionRoute } from "./action-route.ts";
import { toWorkflowRequest, workflowSchema } from "./workflow-json.ts";

/** What a create or a change answers. */
export const savedSchema = z
  .object({
    workflowId: z.string(),
    version: z.number(),
    changed: z.boolean(),
    warnings: z.array(z.string()),
  })
  .openapi("WorkflowSaved");

export const addCreateWorkflow = actionRoute({
  method: "post",
  path: "/api/v1/workflows",
  summary: "Creates a workflow, disabled",
  tag: "workflows",
  params: z.object({}),
  body: workflowSchema,
  answer: savedSchema,
  status: 201,
  errors: [400, 404, 409],
  async handle({ workflows, catalogName }, { body }) {
    const how = { orAlter: false, ifNotExists: false };
    const saved = await workflows.create(toWorkflowRequest(body, catalogName), how, () => null);
    return { ...saved, warnings: [...saved.warnings] };
  },
});
