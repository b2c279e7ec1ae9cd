// POST /workflow/embedded-scheduler/resume. Flink has it in V3 only; we answer it in V4 and
// without a version too.

import { type FlinkRoute, since } from "../flink-route.ts";

export const resumeWorkflow: FlinkRoute = {
  method: "POST",
  path: "/workflow/embedded-scheduler/resume",
  versions: since("v3"),
  bare: true,
  requestClass: "ResumeEmbeddedSchedulerWorkflowRequestBody",
  failure: { producer: "rest", message: null },
  async handle({ fields }, { scheduler }) {
    await scheduler.resume(
      {
        workflowName: fields.text("workflowName"),
        workflowGroup: fields.text("workflowGroup"),
      },
      fields.map("dynamicOptions"),
    );
    return "{}";
  },
};
