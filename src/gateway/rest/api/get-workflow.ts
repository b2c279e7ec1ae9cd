// GET /api/v1/workflows/{database}/{name}

import { z } from "@hono/zod-openapi";
import { GatewayError } from "../../../common/gateway-error.ts";
import { sql } from "../../../common/sql.ts";
import { actionRoute, named } from "./action-route.ts";
import { loadRow, viewSchema } from "./view.ts";
import { workflowView } from "./views/workflow-view.ts";
import { fromWorkflowRequest, workflowSchema } from "./workflow-json.ts";

export const addGetWorkflow = actionRoute({
  method: "get",
  path: "/api/v1/workflows/{database}/{name}",
  summary: "A workflow: its state, and its definition",
  tag: "workflows",
  params: named,
  answer: z
    .object({
      workflow: viewSchema(workflowView),
      definition: z
        .union([workflowSchema, z.null()])
        .openapi({ description: "Null: the workflow belongs to a table." }),
    })
    .openapi("WorkflowDetails"),
  errors: [404],
  async handle({ database, workflows, catalogName }, { params }) {
    const row = await loadRow(
      database,
      workflowView,
      sql`r.database = ${params.database} AND r.workflow = ${params.name}`,
    );
    if (row === null) {
      throw new GatewayError("WF-NOTFOUND", `workflow "${params.name}" does not exist`);
    }
    if (row["kind"] === "table") return { workflow: row, definition: null };
    const { request } = await workflows.get({ catalog: catalogName, ...params }, null);
    return { workflow: row, definition: fromWorkflowRequest(request) };
  },
});
