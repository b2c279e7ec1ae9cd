// GET /api/v1/task-instances/{id}

import { oneRoute } from "./one-route.ts";
import { taskInstanceView } from "./views/task-instance-view.ts";

export const addGetTaskInstance = oneRoute({
  path: "/api/v1/task-instances/{id}",
  summary: "A run of a task",
  tag: "instances",
  view: taskInstanceView,
  params: { id: "task_instance_id" },
  missing: { code: "GW-ROW-UNKNOWN", what: "task instance" },
});
