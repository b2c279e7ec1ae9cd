// GET /api/v1/report

import { z } from "@hono/zod-openapi";
import { toIso } from "../../../common/time.ts";
import { actionRoute } from "./action-route.ts";

export const addGetReport = actionRoute({
  method: "get",
  path: "/api/v1/report",
  summary: "How many materialized tables are healthy, now",
  tag: "monitoring",
  params: z.object({}),
  answer: z
    .object({
      at: z.string().openapi({ format: "date-time" }),
      total: z.number(),
      healthy: z.number(),
      failed: z.number(),
      ratio: z.number().openapi({ description: "healthy / total; 1 if there are no tables." }),
      unhealthy: z.array(z.object({ database: z.string(), name: z.string(), problem: z.string() })),
    })
    .openapi("Report"),
  errors: [],
  async handle({ monitor }) {
    const { at, unhealthy, ...figures } = await monitor.report();
    return { at: toIso(at), ...figures, unhealthy: [...unhealthy] };
  },
});
