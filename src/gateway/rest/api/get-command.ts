// GET /api/v1/commands/{id}

import { oneRoute } from "./one-route.ts";
import { commandView } from "./views/small-views.ts";

export const addGetCommand = oneRoute({
  path: "/api/v1/commands/{id}",
  summary: "A command and what became of it",
  tag: "commands",
  view: commandView,
  params: { id: "command_id" },
  missing: { code: "GW-ROW-UNKNOWN", what: "command" },
});
