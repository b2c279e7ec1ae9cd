// DELETE /sessions/:session_handle/operations/:operation_handle/close: no error if the operation
// is unknown.

import { type FlinkRoute, since } from "../flink-route.ts";

export const closeOperation: FlinkRoute = {
  method: "DELETE",
  path: "/sessions/:session_handle/operations/:operation_handle/close",
  versions: since("v1"),
  bare: true,
  requestClass: null,
  failure: { producer: "rest", message: "Failed to closeOperation." },
  async handle({ session, operation }, { gateway }) {
    await gateway.closeOperation(session, operation);
    return '{"status":"CLOSED"}';
  },
};
