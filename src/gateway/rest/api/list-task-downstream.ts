// GET /api/v1/workflows/{database}/{name}/tasks/{task}/downstream

import { z } from "@hono/zod-openapi";
import { actionRoute, named } from "./action-route.ts";
import { missingTask } from "./missing-task.ts";

export const addListTaskDownstream = actionRoute({
  method: "get",
  path: "/api/v1/workflows/{database}/{name}/tasks/{task}/downstream",
  summary: "Tables below a refresh task by lineage, and whether they could be tasks too",
  tag: "workflows",
  params: named.extend({ task: z.string() }),
  answer: z
    .object({
      items: z.array(
        z.object({
          database: z.string(),
          name: z.string(),
          eligible: z.boolean(),
          reason: z.string().nullable().openapi({ description: "Why it could not." }),
        }),
      ),
      next: z.null(),
    })
    .openapi("DownstreamTables"),
  errors: [400, 404],
  async handle({ workflows, catalogName }, { params }) {
    const { task, ...names } = params;
    try {
      const found = await workflows.downstream({ catalog: catalogName, ...names }, task);
      const items = found.map(({ table, eligible, reason }) => ({
        database: table.database,
        name: table.name,
        eligible,
        reason,
      }));
      return { items, next: null };
    } catch (error) {
      throw missingTask(error);
    }
  },
});
