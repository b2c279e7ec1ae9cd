// POST /api/v1/workflows/{database}/{name}/disable

import { actionRoute, done, named } from "./action-route.ts";

export const addDisableWorkflow = actionRoute({
  method: "post",
  path: "/api/v1/workflows/{database}/{name}/disable",
  summary: "Stops the schedule; instances that exist still run",
  tag: "workflows",
  params: named,
  answer: done,
  errors: [404, 409],
  async handle({ workflows, catalogName }, { params }) {
    await workflows.disable({ catalog: catalogName, ...params });
    return {};
  },
});
