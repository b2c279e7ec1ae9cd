// POST /sessions/:session_handle/statements: answers as soon as the operation is accepted.

import { type FlinkRoute, since } from "../flink-route.ts";

export const executeStatement: FlinkRoute = {
  method: "POST",
  path: "/sessions/:session_handle/statements",
  versions: since("v1"),
  bare: true,
  requestClass: "ExecuteStatementRequestBody",
  soleText: "statement",
  failure: { producer: "unhandled", message: "Failed to execute statement." },
  async handle({ session, fields }, { gateway }) {
    const operationHandle = await gateway.executeStatement(session, {
      statement: fields.text("statement"),
      executionTimeout: fields.integer("executionTimeout"),
      executionConfig: fields.map("executionConfig"),
    });
    return JSON.stringify({ operationHandle });
  },
};
