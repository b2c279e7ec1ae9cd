// DELETE /api/v1/workflows/{database}/{name}

import { actionRoute, done, named } from "./action-route.ts";

export const addDropWorkflow = actionRoute({
  method: "delete",
  path: "/api/v1/workflows/{database}/{name}",
  summary: "Drops a disabled workflow; what runs is canceled, history stays",
  tag: "workflows",
  params: named,
  answer: done,
  errors: [404, 409],
  async handle({ workflows, catalogName }, { params }) {
    await workflows.drop({ catalog: catalogName, ...params }, { ifExists: false });
    return {};
  },
});
