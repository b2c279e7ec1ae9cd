// GET /api/v1/queues/{name}

import { oneRoute } from "./one-route.ts";
import { queueView } from "./views/small-views.ts";

export const addGetQueue = oneRoute({
  path: "/api/v1/queues/{name}",
  summary: "A queue and its load",
  tag: "queues",
  view: queueView,
  params: { name: "queue" },
  missing: { code: "GW-ROW-UNKNOWN", what: "queue" },
});
