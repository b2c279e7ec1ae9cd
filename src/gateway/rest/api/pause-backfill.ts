// POST /api/v1/backfills/{id}/pause

import { actionRoute, done, identified } from "./action-route.ts";

export const addPauseBackfill = actionRoute({
  method: "post",
  path: "/api/v1/backfills/{id}/pause",
  summary: "Makes no new instances until it is resumed",
  tag: "backfills",
  params: identified,
  answer: done,
  errors: [404, 409],
  async handle({ backfills }, { params }) {
    await backfills.pause(params.id);
    return {};
  },
});
