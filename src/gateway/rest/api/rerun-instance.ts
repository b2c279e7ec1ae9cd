// POST /api/v1/instances/{id}/rerun

import { z } from "@hono/zod-openapi";
import { asId, type InstanceId } from "../../../common/ids.ts";
import { actionRoute, done, identified } from "./action-route.ts";
import { missingTask } from "./missing-task.ts";

export const addRerunInstance = actionRoute({
  method: "post",
  path: "/api/v1/instances/{id}/rerun",
  summary: "Runs an ended instance, or tasks of it, again",
  tag: "instances",
  params: identified,
  body: z.union([
    z.strictObject({ what: z.enum(["all", "failed"]) }),
    z.strictObject({ task: z.string(), downstream: z.boolean().default(false) }),
  ]),
  answer: done,
  status: 202,
  errors: [400, 404, 409],
  async handle({ instances }, { params, body }) {
    const what = "what" in body ? { kind: body.what } : { kind: "task" as const, ...body };
    try {
      await instances.rerun(asId<InstanceId>(params.id), what);
    } catch (error) {
      throw missingTask(error);
    }
    return {};
  },
});
