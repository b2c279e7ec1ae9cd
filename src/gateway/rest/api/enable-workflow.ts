// POST /api/v1/workflows/{database}/{name}/enable

import { actionRoute, done, named } from "./action-route.ts";

export const addEnableWorkflow = actionRoute({
  method: "post",
  path: "/api/v1/workflows/{database}/{name}/enable",
  summary: "Lets the schedule run from now on",
  tag: "workflows",
  params: named,
  answer: done,
  errors: [404, 409],
  async handle({ workflows, catalogName }, { params }) {
    await workflows.enable({ catalog: catalogName, ...params });
    return {};
  },
});
