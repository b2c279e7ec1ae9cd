// GET /api/v1/backfills

import { equalFilter, nameFilter, wordsFilter } from "./filters.ts";
import { listRoute } from "./list-route.ts";
import { backfillView } from "./views/backfill-view.ts";
import { backfillStatuses } from "./views/words.ts";

export const addListBackfills = listRoute({
  path: "/api/v1/backfills",
  summary: "Backfills, newest first",
  tag: "backfills",
  view: backfillView,
  filters: {
    database: equalFilter("database"),
    workflow: equalFilter("workflow"),
    table: equalFilter("table_name"),
    name: nameFilter("workflow"),
    status: wordsFilter("status", backfillStatuses),
  },
});
