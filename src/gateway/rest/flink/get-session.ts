// GET /sessions/:session_handle: the whole effective configuration. Clients ask at every key
// stroke.

import { type FlinkRoute, since } from "../flink-route.ts";

export const getSession: FlinkRoute = {
  method: "GET",
  path: "/sessions/:session_handle",
  versions: since("v1"),
  bare: true,
  requestClass: null,
  failure: { producer: "rest", message: "Failed to getSessionConfig." },
  async handle({ session }, { gateway }) {
    const properties = await gateway.sessionProperties(session);
    return JSON.stringify({ properties: Object.fromEntries(properties) });
  },
};
