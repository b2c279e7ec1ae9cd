// GET /api/v1/queues

import { nameFilter } from "./filters.ts";
import { listRoute } from "./list-route.ts";
import { queueView } from "./views/small-views.ts";

export const addListQueues = listRoute({
  path: "/api/v1/queues",
  summary: "Queues and their load over all gateways",
  tag: "queues",
  view: queueView,
  filters: { name: nameFilter("queue") },
});
