// POST /api/v1/backfills/dry-run

import { z } from "@hono/zod-openapi";
import { type Instant, toIso } from "../../../common/time.ts";
import { actionRoute } from "./action-route.ts";
import { backfillSchema, toBackfillRequest } from "./backfill-json.ts";

const planned = z
  .object({
    ordinal: z.number(),
    intervalStart: z.string().nullable(),
    intervalEnd: z.string().nullable(),
    partition: z.string().nullable(),
    reason: z.string().nullable().openapi({ description: "Why it would not be run." }),
    estimatedRows: z.number().nullable(),
    estimatedMs: z.number().nullable(),
  })
  .openapi("PlannedInterval");

export const addDryRunBackfill = actionRoute({
  method: "post",
  path: "/api/v1/backfills/dry-run",
  summary: "The intervals that a backfill would have; nothing is written",
  tag: "backfills",
  params: z.object({}),
  body: backfillSchema,
  answer: z.object({ items: z.array(planned), next: z.null() }).openapi("BackfillPlan"),
  errors: [400, 404, 409],
  async handle({ backfills, catalogName }, { body }) {
    const plan = await backfills.dryRun(toBackfillRequest(body, catalogName));
    const items = plan.map((one) => ({
      ...one,
      intervalStart: iso(one.intervalStart),
      intervalEnd: iso(one.intervalEnd),
    }));
    return { items, next: null };
  },
});

function iso(at: Instant | null): string | null {
  return at === null ? null : toIso(at);
}
