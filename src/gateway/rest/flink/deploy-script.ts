// POST /sessions/:session_handle/scripts: deploying to a cluster has no meaning here; the answer
// says so.

import { GatewayError } from "../../../common/gateway-error.ts";
import { type FlinkRoute, since } from "../flink-route.ts";

export const deployScript: FlinkRoute = {
  method: "POST",
  path: "/sessions/:session_handle/scripts",
  versions: since("v4"),
  bare: true,
  requestClass: "DeployScriptRequestBody",
  failure: { producer: "unhandled", message: null },
  async handle({ session, fields }, { gateway }) {
    await gateway.heartbeat(session);
    const script = fields.text("script");
    const uri = fields.text("scriptUri");
    if (script === null && uri === null) {
      throw refusal("Please specify script content or uri.");
    }
    if (script !== null && uri !== null) {
      throw refusal("Please specify either the script uri or the script content, but not both.");
    }
    throw new GatewayError("GW-SCRIPTS", "scripts cannot be deployed to a cluster", {
      hint: "Send the statements of the script one by one.",
    });
  },
};

function refusal(text: string): GatewayError {
  return new GatewayError("GW-REQUEST", "the script is missing or given twice", {
    flink: { class: "java.lang.IllegalArgumentException", text },
  });
}
