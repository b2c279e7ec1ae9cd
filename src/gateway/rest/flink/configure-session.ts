// POST /sessions/:session_handle/configure-session: executes one statement that configures, and
// waits for its end.

import { type FlinkRoute, since } from "../flink-route.ts";

export const configureSession: FlinkRoute = {
  method: "POST",
  path: "/sessions/:session_handle/configure-session",
  versions: since("v2"),
  bare: true,
  requestClass: "ConfigureSessionRequestBody",
  soleText: "statement",
  failure: { producer: "unhandled", message: "Failed to configure session." },
  async handle({ session, fields }, { gateway }) {
    await gateway.configureSession(session, {
      statement: fields.text("statement"),
      executionTimeout: fields.integer("executionTimeout"),
      executionConfig: new Map(),
    });
    return "{}";
  },
};
