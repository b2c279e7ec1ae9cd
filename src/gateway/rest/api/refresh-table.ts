// POST /api/v1/tables/{database}/{name}/refresh

import { z } from "@hono/zod-openapi";
import { actionRoute, named } from "./action-route.ts";

export const addRefreshTable = actionRoute({
  method: "post",
  path: "/api/v1/tables/{database}/{name}/refresh",
  summary: "Queues a refresh of a table, or of the partitions that agree with a spec",
  tag: "tables",
  params: named,
  body: z.strictObject({
    partition: z.record(z.string(), z.string().nullable()).nullable().default(null),
    cascade: z.boolean().default(false),
    options: z.record(z.string(), z.string()).default({}),
  }),
  answer: z
    .object({
      instanceId: z.string(),
      backfillId: z
        .string()
        .nullable()
        .openapi({ description: "Of a cascade: the tables below follow as a backfill." }),
    })
    .openapi("RefreshQueued"),
  status: 202,
  errors: [400, 404, 409],
  async handle({ tables, backfills, catalogName }, { params, body }) {
    const request = { identifier: { catalog: catalogName, ...params }, ...body };
    if (body.cascade) return backfills.refreshCascade(request);
    return { ...(await tables.refresh(request)), backfillId: null };
  },
});
