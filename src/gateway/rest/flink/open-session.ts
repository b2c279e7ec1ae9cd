// POST /sessions

import { type FlinkRoute, since } from "../flink-route.ts";

export const openSession: FlinkRoute = {
  method: "POST",
  path: "/sessions",
  versions: since("v1"),
  bare: true,
  requestClass: "OpenSessionRequestBody",
  failure: { producer: "unhandled", message: "Failed to openSession." },
  async handle({ fields }, { gateway }) {
    const sessionHandle = await gateway.openSession(
      fields.text("sessionName"),
      fields.nullableMap("properties"),
    );
    return JSON.stringify({ sessionHandle });
  },
};
