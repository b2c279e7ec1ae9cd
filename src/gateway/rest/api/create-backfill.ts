// POST /api/v1/backfills

import { z } from "@hono/zod-openapi";
import { actionRoute } from "./action-route.ts";
import { backfillSchema, toBackfillRequest } from "./backfill-json.ts";

export const addCreateBackfill = actionRoute({
  method: "post",
  path: "/api/v1/backfills",
  summary: "Computes a period of a table or workflow again",
  tag: "backfills",
  params: z.object({}),
  body: backfillSchema,
  answer: z.object({ backfillId: z.string(), total: z.number() }).openapi("BackfillCreated"),
  status: 201,
  errors: [400, 404, 409],
  handle: ({ backfills, catalogName }, { body }) =>
    backfills.create(toBackfillRequest(body, catalogName)),
});
