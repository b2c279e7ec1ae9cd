// PUT /api/v1/workflows/{database}/{name}

import { actionRoute, named } from "./action-route.ts";
import { savedSchema } from "./create-workflow.ts";
import { toWorkflowRequest, workflowPartsSchema } from "./workflow-json.ts";

export const addReplaceWorkflow = actionRoute({
  method: "put",
  path: "/api/v1/workflows/{database}/{name}",
  summary: "Gives a disabled workflow another definition: a new version, unless nothing differs",
  tag: "workflows",
  params: named,
  body: workflowPartsSchema,
  answer: savedSchema,
  errors: [400, 404, 409],
  async handle({ workflows, catalogName }, { params, body }) {
    await workflows.get({ catalog: catalogName, ...params }, null);
    const request = toWorkflowRequest({ ...body, ...params }, catalogName);
    const how = { orAlter: true, ifNotExists: false };
    const saved = await workflows.create(request, how, () => null);
    return { ...saved, warnings: [...saved.warnings] };
  },
});
