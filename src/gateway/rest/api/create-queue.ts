// POST /api/v1/queues

import { z } from "@hono/zod-openapi";
import { actionRoute, done } from "./action-route.ts";

export const concurrency = z.number().int().min(1).max(2_147_483_647);

export const addCreateQueue = actionRoute({
  method: "post",
  path: "/api/v1/queues",
  summary: "Creates a queue",
  tag: "queues",
  params: z.object({}),
  body: z.strictObject({ name: z.string(), concurrency }),
  answer: done,
  status: 201,
  errors: [400, 409],
  async handle({ queues }, { body }) {
    const options = { concurrency: String(body.concurrency) };
    await queues.create(body.name, options, { ifNotExists: false });
    return {};
  },
});
