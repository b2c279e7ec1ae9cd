// GET /api/v1/instances

import { sql } from "../../../common/sql.ts";
import { triggers } from "../../../scheduler/task-runner.ts";
import {
  equalFilter,
  nameFilter,
  tagFilter,
  timeFilter,
  wordsFilter,
  workflowFilter,
} from "./filters.ts";
import { listRoute } from "./list-route.ts";
import { instanceView } from "./views/instance-view.ts";
import { instanceStatuses } from "./views/words.ts";

export const addListInstances = listRoute({
  path: "/api/v1/instances",
  summary: "Runs of workflows, by scheduled time, newest first",
  tag: "instances",
  view: instanceView,
  filters: {
    database: equalFilter("database"),
    workflow: workflowFilter(),
    name: nameFilter("workflow"),
    status: wordsFilter("status", instanceStatuses),
    kind: wordsFilter("trigger", triggers),
    backfill: equalFilter("backfill_id"),
    since: timeFilter("scheduled_at", ">="),
    until: timeFilter("scheduled_at", "<"),
    tag: tagFilter(
      (tags) => sql`r.workflow_id IN (
        SELECT w.workflow_id FROM sluice.workflows w WHERE w.tags @> ${tags})`,
    ),
  },
});
