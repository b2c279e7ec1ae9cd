// POST /sessions/:session_handle/heartbeat: keeps the session alive. Its failure has the words of
// another endpoint, as Flink's has.

import { type FlinkRoute, since } from "../flink-route.ts";

export const heartbeat: FlinkRoute = {
  method: "POST",
  path: "/sessions/:session_handle/heartbeat",
  versions: since("v1"),
  bare: true,
  requestClass: null,
  failure: { producer: "rest", message: "Failed to getSessionConfig." },
  async handle({ session }, { gateway }) {
    await gateway.heartbeat(session);
    return "{}";
  },
};
