// GET /api/v1/instances

import { trusted } from "../../../common/sql.ts";
import { triggers } from "../../../scheduler/task-runner.ts";
import { equalFilter, nameFilter, tagFilter, timeFilter, wordsFilter } from "./filters.ts";
import { listRoute } from "./list-route.ts";
import { instanceView } from "./views/instance-view.ts";
import { instanceStatuses } from "./views/words.ts";

const tags = trusted("(SELECT w.tags FROM sluice.workflows w WHERE w.workflow_id = r.workflow_id)");

export const addListInstances = listRoute({
  path: "/api/v1/instances",
  summary: "Runs of workflows, by scheduled time, newest first",
  tag: "instances",
  view: instanceView,
  filters: {
    database: equalFilter("database"),
    workflow: equalFilter("workflow"),
    name: nameFilter("workflow"),
    status: wordsFilter("status", instanceStatuses),
    kind: wordsFilter("trigger", triggers),
    backfill: equalFilter("backfill_id"),
    since: timeFilter("scheduled_at", ">="),
    until: timeFilter("scheduled_at", "<"),
    tag: tagFilter(tags),
  },
});
