// GET /sessions/:session_handle/operations/:operation_handle/status

import { type FlinkRoute, since } from "../flink-route.ts";

export const getOperationStatus: FlinkRoute = {
  method: "GET",
  path: "/sessions/:session_handle/operations/:operation_handle/status",
  versions: since("v1"),
  bare: true,
  requestClass: null,
  failure: { producer: "rest", message: "Failed to getOperationInfo." },
  async handle({ session, operation }, { gateway }) {
    return JSON.stringify({ status: await gateway.operationStatus(session, operation) });
  },
};
