// DELETE /workflow/embedded-scheduler/delete. Flink has it in V3 only; we answer it in V4 and
// without a version too.

import { type FlinkRoute, since } from "../flink-route.ts";

export const deleteWorkflow: FlinkRoute = {
  method: "DELETE",
  path: "/workflow/embedded-scheduler/delete",
  versions: since("v3"),
  bare: true,
  requestClass: "EmbeddedSchedulerWorkflowRequestBody",
  failure: { producer: "rest", message: null },
  async handle({ fields }, { scheduler }) {
    await scheduler.remove({
      workflowName: fields.text("workflowName"),
      workflowGroup: fields.text("workflowGroup"),
    });
    return "{}";
  },
};
