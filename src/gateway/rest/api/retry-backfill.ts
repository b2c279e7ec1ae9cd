// POST /api/v1/backfills/{id}/retry

import { actionRoute, done, identified } from "./action-route.ts";

export const addRetryBackfill = actionRoute({
  method: "post",
  path: "/api/v1/backfills/{id}/retry",
  summary: "Computes the failed intervals again",
  tag: "backfills",
  params: identified,
  answer: done,
  errors: [404, 409],
  async handle({ backfills }, { params }) {
    await backfills.retryFailed(params.id);
    return {};
  },
});
