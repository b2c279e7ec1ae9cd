// POST /sessions/:session_handle/materialized-tables/:identifier/refresh. Flink has it in V3 only;
// we answer it in V4 and without a version too.

import { type FlinkRoute, since } from "../flink-route.ts";

export const refreshTable: FlinkRoute = {
  method: "POST",
  path: "/sessions/:session_handle/materialized-tables/:identifier/refresh",
  versions: since("v3"),
  bare: true,
  requestClass: "RefreshMaterializedTableRequestBody",
  needsBody: true,
  failure: { producer: "rest", message: "Failed to refresh MaterializedTable." },
  async handle(request, { gateway }) {
    const { fields } = request;
    const operationHandle = await gateway.refreshTable(
      request.session,
      {
        identifier: request.param("identifier"),
        isPeriodic: fields.requiredBoolean("isPeriodic"),
        scheduleTime: fields.text("scheduleTime"),
        dynamicOptions: fields.map("dynamicOptions"),
        staticPartitions: fields.map("staticPartitions"),
      },
      fields.map("executionConfig"),
    );
    return JSON.stringify({ operationHandle });
  },
};
