// GET /api/v1/notifications/{id}

import { trusted } from "../../../common/sql.ts";
import { oneRoute } from "./one-route.ts";
import { notificationView } from "./views/small-views.ts";

export const addGetNotification = oneRoute({
  path: "/api/v1/notifications/{id}",
  summary: "A notification and its history",
  tag: "monitoring",
  view: {
    ...notificationView,
    relation: trusted("(SELECT *, notification_id::text AS id FROM sluice.notifications)"),
  },
  params: { id: "id" },
  missing: { code: "GW-ROW-UNKNOWN", what: "notification" },
});
