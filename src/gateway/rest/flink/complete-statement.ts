// GET /sessions/:session_handle/complete-statement: a GET with a body. Parameters in the query are
// taken too, because clients exist that send them there.

import { type FlinkRequest, type FlinkRoute, since } from "../flink-route.ts";

export const completeStatement: FlinkRoute = {
  method: "GET",
  path: "/sessions/:session_handle/complete-statement",
  versions: since("v2"),
  bare: true,
  requestClass: "CompleteStatementRequestBody",
  needsBody: true,
  failure: { producer: "unhandled", message: "Failed to get statement completion candidates." },
  async handle(request, { gateway }) {
    const { statement, position } = asked(request);
    const candidates = await gateway.complete(request.session, statement, position);
    return JSON.stringify({ candidates });
  },
};

function asked(request: FlinkRequest): { statement: string | null; position: number } {
  const position = request.query("position");
  if (!request.hasBody && position !== null && /^-?\d+$/.test(position)) {
    return { statement: request.query("statement"), position: Number(position) };
  }
  const { fields } = request;
  return { statement: fields.text("statement"), position: fields.requiredInteger("position") };
}
