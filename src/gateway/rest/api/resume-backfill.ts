// POST /api/v1/backfills/{id}/resume

import { actionRoute, done, identified } from "./action-route.ts";

export const addResumeBackfill = actionRoute({
  method: "post",
  path: "/api/v1/backfills/{id}/resume",
  summary: "Goes on",
  tag: "backfills",
  params: identified,
  answer: done,
  errors: [404, 409],
  async handle({ backfills }, { params }) {
    await backfills.resume(params.id);
    return {};
  },
});
