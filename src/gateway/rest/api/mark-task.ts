// POST /api/v1/instances/{id}/mark

import { z } from "@hono/zod-openapi";
import { asId, type InstanceId } from "../../../common/ids.ts";
import { actionRoute, done, identified } from "./action-route.ts";
import { missingTask } from "./missing-task.ts";

export const addMarkTask = actionRoute({
  method: "post",
  path: "/api/v1/instances/{id}/mark",
  summary: "Counts a task as successful; what waited for it goes on",
  tag: "instances",
  params: identified,
  body: z.strictObject({ task: z.string() }),
  answer: done,
  errors: [400, 404, 409],
  async handle({ instances }, { params, body }) {
    try {
      await instances.markSuccessful(asId<InstanceId>(params.id), body.task);
    } catch (error) {
      throw missingTask(error);
    }
    return {};
  },
});
