// POST /api/v1/tables/{database}/{name}/resume

import { z } from "@hono/zod-openapi";
import { actionRoute, named } from "./action-route.ts";

export const addResumeTable = actionRoute({
  method: "post",
  path: "/api/v1/tables/{database}/{name}/resume",
  summary: "Lets the schedule of a table run again",
  tag: "tables",
  params: named,
  body: z.strictObject({
    options: z
      .record(z.string(), z.string())
      .default({})
      .openapi({ description: "Stored, as by ALTER … SET." }),
  }),
  answer: z.object({ warnings: z.array(z.string()) }).openapi("TableResumed"),
  errors: [400, 404, 409],
  async handle({ tables, catalogName }, { params, body }) {
    const { warnings } = await tables.resume({ catalog: catalogName, ...params }, body.options);
    return { warnings: [...warnings] };
  },
});
