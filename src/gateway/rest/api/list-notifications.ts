// GET /api/v1/notifications

import { equalFilter, nameFilter, wordsFilter } from "./filters.ts";
import { listRoute } from "./list-route.ts";
import { notificationView } from "./views/small-views.ts";
import { notificationStatuses } from "./views/words.ts";

export const addListNotifications = listRoute({
  path: "/api/v1/notifications",
  summary: "What was to be told, to whom, and what became of it; newest first",
  tag: "monitoring",
  view: notificationView,
  filters: {
    database: equalFilter("database"),
    workflow: equalFilter("workflow"),
    name: nameFilter("workflow"),
    status: wordsFilter("status", notificationStatuses),
    kind: wordsFilter("channel", ["email", "webhook", "dingtalk", "slack"]),
    instance: equalFilter("instance_id"),
  },
});
