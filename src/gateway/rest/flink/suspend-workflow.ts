// POST /workflow/embedded-scheduler/suspend. Flink has it in V3 only; we answer it in V4 and
// without a version too.

import { type FlinkRoute, since } from "../flink-route.ts";

export const suspendWorkflow: FlinkRoute = {
  method: "POST",
  path: "/workflow/embedded-scheduler/suspend",
  versions: since("v3"),
  bare: true,
  requestClass: "EmbeddedSchedulerWorkflowRequestBody",
  failure: { producer: "rest", message: null },
  async handle({ fields }, { scheduler }) {
    await scheduler.suspend({
      workflowName: fields.text("workflowName"),
      workflowGroup: fields.text("workflowGroup"),
    });
    return "{}";
  },
};
