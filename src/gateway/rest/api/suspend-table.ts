// POST /api/v1/tables/{database}/{name}/suspend

import { z } from "@hono/zod-openapi";
import { actionRoute, done, named } from "./action-route.ts";

export const addSuspendTable = actionRoute({
  method: "post",
  path: "/api/v1/tables/{database}/{name}/suspend",
  summary: "Stops the schedule of a table",
  tag: "tables",
  params: named,
  body: z.strictObject({
    cancel: z.boolean().default(false).openapi({ description: "Runs that are under way too." }),
  }),
  answer: done,
  errors: [400, 404, 409],
  async handle({ tables, catalogName }, { params, body }) {
    const identifier = { catalog: catalogName, ...params };
    await tables.suspend(identifier, body.cancel ? { cancel: "true" } : {});
    return {};
  },
});
