// GET /api/v1/runs

import { triggers } from "../../../scheduler/task-runner.ts";
import { equalFilter, nameFilter, timeFilter, wordsFilter } from "./filters.ts";
import { listRoute } from "./list-route.ts";
import { runView } from "./views/run-view.ts";
import { runStatuses } from "./views/words.ts";

export const addListRuns = listRoute({
  path: "/api/v1/runs",
  summary: "Refresh runs that have ended, newest first",
  tag: "tables",
  view: runView,
  filters: {
    database: equalFilter("database"),
    name: nameFilter("name"),
    table: equalFilter("name"),
    status: wordsFilter("status", runStatuses),
    kind: wordsFilter("trigger", triggers),
    instance: equalFilter("instance_id"),
    since: timeFilter("finished_at", ">="),
    until: timeFilter("finished_at", "<"),
  },
});
