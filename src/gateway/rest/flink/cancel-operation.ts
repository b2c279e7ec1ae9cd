// POST /sessions/:session_handle/operations/:operation_handle/cancel: answers when the statement
// has really ended.

import { type FlinkRoute, since } from "../flink-route.ts";

export const cancelOperation: FlinkRoute = {
  method: "POST",
  path: "/sessions/:session_handle/operations/:operation_handle/cancel",
  versions: since("v1"),
  bare: true,
  requestClass: null,
  failure: { producer: "rest", message: "Failed to cancelOperation." },
  async handle({ session, operation }, { gateway }) {
    await gateway.cancelOperation(session, operation);
    return '{"status":"CANCELED"}';
  },
};
