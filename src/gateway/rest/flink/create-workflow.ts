// POST /workflow/embedded-scheduler/create. Flink has it in V3 only; we answer it in V4 and
// without a version too.

import { type FlinkRoute, since } from "../flink-route.ts";

export const createWorkflow: FlinkRoute = {
  method: "POST",
  path: "/workflow/embedded-scheduler/create",
  versions: since("v3"),
  bare: true,
  requestClass: "CreateEmbeddedSchedulerWorkflowRequestBody",
  failure: { producer: "rest", message: null },
  async handle({ fields }, { scheduler }) {
    const { workflowName, workflowGroup } = await scheduler.create({
      materializedTableIdentifier: fields.text("materializedTableIdentifier"),
      cronExpression: fields.text("cronExpression"),
      initConfig: fields.map("initConfig"),
      executionConfig: fields.map("executionConfig"),
      restEndpointUrl: fields.text("restEndpointUrl"),
    });
    return JSON.stringify({ workflowName, workflowGroup });
  },
};
