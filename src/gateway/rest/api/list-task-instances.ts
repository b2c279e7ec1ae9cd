// GET /api/v1/task-instances

import { triggers } from "../../../scheduler/task-runner.ts";
import { equalFilter, nameFilter, timeFilter, wordsFilter, workflowFilter } from "./filters.ts";
import { listRoute } from "./list-route.ts";
import { taskInstanceView } from "./views/task-instance-view.ts";
import { instanceStatuses } from "./views/words.ts";

export const addListTaskInstances = listRoute({
  path: "/api/v1/task-instances",
  summary: "Runs of tasks, by scheduled time, newest first",
  tag: "instances",
  view: taskInstanceView,
  filters: {
    database: equalFilter("database"),
    workflow: workflowFilter(),
    instance: equalFilter("instance_id"),
    name: nameFilter("task"),
    queue: equalFilter("queue"),
    status: wordsFilter("status", instanceStatuses),
    kind: wordsFilter("trigger", triggers),
    since: timeFilter("scheduled_at", ">="),
    until: timeFilter("scheduled_at", "<"),
  },
});
