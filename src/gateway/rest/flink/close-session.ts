// DELETE /sessions/:session_handle

import { type FlinkRoute, since } from "../flink-route.ts";

export const closeSession: FlinkRoute = {
  method: "DELETE",
  path: "/sessions/:session_handle",
  versions: since("v1"),
  bare: true,
  requestClass: null,
  failure: { producer: "rest", message: "Failed to closeSession." },
  async handle({ session }, { gateway }) {
    await gateway.closeSession(session);
    return '{"status":"CLOSED"}';
  },
};
