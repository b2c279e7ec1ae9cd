// GET /api/v1/gateways

import { listRoute } from "./list-route.ts";
import { gatewayView } from "./views/small-views.ts";

export const addListGateways = listRoute({
  path: "/api/v1/gateways",
  summary: "Gateways that share the database",
  tag: "monitoring",
  view: gatewayView,
  filters: {},
});
