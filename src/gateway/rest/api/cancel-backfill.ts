// POST /api/v1/backfills/{id}/cancel

import { actionRoute, done, identified } from "./action-route.ts";

export const addCancelBackfill = actionRoute({
  method: "post",
  path: "/api/v1/backfills/{id}/cancel",
  summary: "Makes no new instances and cancels those that exist",
  tag: "backfills",
  params: identified,
  answer: done,
  errors: [404, 409],
  async handle({ backfills }, { params }) {
    await backfills.cancel(params.id);
    return {};
  },
});
