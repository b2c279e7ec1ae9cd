// GET /api/v1/backfills/{id}

import { oneRoute } from "./one-route.ts";
import { backfillView } from "./views/backfill-view.ts";

export const addGetBackfill = oneRoute({
  path: "/api/v1/backfills/{id}",
  summary: "A backfill and how far it is",
  tag: "backfills",
  view: backfillView,
  params: { id: "backfill_id" },
  missing: { code: "BF-NOTFOUND", what: "backfill" },
});
