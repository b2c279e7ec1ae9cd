// DELETE /api/v1/queues/{name}

import { z } from "@hono/zod-openapi";
import { actionRoute, done } from "./action-route.ts";
import { requireQueue } from "./require-queue.ts";

export const addDropQueue = actionRoute({
  method: "delete",
  path: "/api/v1/queues/{name}",
  summary: "Drops a queue that nothing uses",
  tag: "queues",
  params: z.object({ name: z.string() }),
  answer: done,
  errors: [404, 409],
  async handle({ database, queues }, { params }) {
    await requireQueue(database, params.name);
    await queues.drop(params.name, { ifExists: false });
    return {};
  },
});
