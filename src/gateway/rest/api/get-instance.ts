// GET /api/v1/instances/{id}

import { z } from "@hono/zod-openapi";
import { GatewayError } from "../../../common/gateway-error.ts";
import { sql } from "../../../common/sql.ts";
import { actionRoute, identified } from "./action-route.ts";
import { loadRow, loadRows, viewSchema } from "./view.ts";
import { instanceView } from "./views/instance-view.ts";
import { taskInstanceView } from "./views/task-instance-view.ts";

export const addGetInstance = actionRoute({
  method: "get",
  path: "/api/v1/instances/{id}",
  summary: "A run of a workflow with its tasks",
  tag: "instances",
  params: identified,
  answer: z
    .object({ instance: viewSchema(instanceView), tasks: z.array(viewSchema(taskInstanceView)) })
    .openapi("InstanceDetails"),
  errors: [404],
  async handle({ database }, { params }) {
    const isIt = sql`r.instance_id = ${params.id}`;
    const instance = await loadRow(database, instanceView, isIt);
    if (instance === null) {
      throw new GatewayError("WF-INSTANCE-UNKNOWN", `instance "${params.id}" does not exist`);
    }
    return { instance, tasks: await loadRows(database, taskInstanceView, isIt) };
  },
});
