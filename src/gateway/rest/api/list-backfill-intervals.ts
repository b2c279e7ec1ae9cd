// GET /api/v1/backfills/{id}/intervals

import { sql } from "../../../common/sql.ts";
import { wordsFilter } from "./filters.ts";
import { listRoute } from "./list-route.ts";
import { backfillIntervalView } from "./views/backfill-view.ts";
import { instanceStatuses } from "./views/words.ts";

export const addListBackfillIntervals = listRoute({
  path: "/api/v1/backfills/{id}/intervals",
  summary: "Intervals of a backfill, in the order of running",
  tag: "backfills",
  view: backfillIntervalView,
  filters: { status: wordsFilter("status", instanceStatuses) },
  params: { id: (value) => sql`r.backfill_id = ${value}` },
  parent: {
    code: "BF-NOTFOUND",
    what: "backfill",
    exists: ({ id }) => sql`SELECT FROM sluice.backfills WHERE backfill_id = ${id}`,
  },
});
