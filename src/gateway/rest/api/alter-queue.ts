// PUT /api/v1/queues/{name}

import { z } from "@hono/zod-openapi";
import { actionRoute, done } from "./action-route.ts";
import { concurrency } from "./create-queue.ts";
import { requireQueue } from "./require-queue.ts";

export const addAlterQueue = actionRoute({
  method: "put",
  path: "/api/v1/queues/{name}",
  summary: "Changes how many tasks of a queue may run at a time",
  tag: "queues",
  params: z.object({ name: z.string() }),
  body: z.strictObject({ concurrency }),
  answer: done,
  errors: [400, 404],
  async handle({ database, queues }, { params, body }) {
    await requireQueue(database, params.name);
    await queues.alter(params.name, { concurrency: String(body.concurrency) });
    return {};
  },
});
