// GET /api/v1/workflows/{database}/{name}/versions/{version}

import { z } from "@hono/zod-openapi";
import { GatewayError } from "../../../common/gateway-error.ts";
import { actionRoute, named } from "./action-route.ts";
import { fromWorkflowRequest, workflowSchema } from "./workflow-json.ts";

export const addGetWorkflowVersion = actionRoute({
  method: "get",
  path: "/api/v1/workflows/{database}/{name}/versions/{version}",
  summary: "The definition of one version",
  tag: "workflows",
  params: named.extend({ version: z.coerce.number().int().min(1).max(2_147_483_647) }),
  answer: workflowSchema,
  errors: [400, 404],
  async handle({ workflows, catalogName }, { params }) {
    const { version, ...names } = params;
    try {
      const stored = await workflows.get({ catalog: catalogName, ...names }, version);
      return fromWorkflowRequest(stored.request);
    } catch (error) {
      throw missingVersion(error);
    }
  },
});

/** In a path it is a thing that is not there, not a value that is wrong. */
function missingVersion(error: unknown): unknown {
  if (!(error instanceof GatewayError) || error.code !== "WF-VERSION-UNKNOWN") return error;
  return new GatewayError("GW-ROW-UNKNOWN", error.message, { cause: error });
}
