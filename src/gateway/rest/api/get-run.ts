// GET /api/v1/runs/{id}

import { oneRoute } from "./one-route.ts";
import { runView } from "./views/run-view.ts";

export const addGetRun = oneRoute({
  path: "/api/v1/runs/{id}",
  summary: "A refresh run",
  tag: "tables",
  view: runView,
  params: { id: "run_id" },
  missing: { code: "GW-ROW-UNKNOWN", what: "run" },
});
