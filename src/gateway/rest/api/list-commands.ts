// GET /api/v1/commands

import { equalFilter, nameFilter, wordsFilter } from "./filters.ts";
import { listRoute } from "./list-route.ts";
import { commandView } from "./views/small-views.ts";
import { commandKinds, commandStatuses } from "./views/words.ts";

export const addListCommands = listRoute({
  path: "/api/v1/commands",
  summary: "Commands given by sluice.refresh() and its kin, newest first",
  tag: "commands",
  view: commandView,
  filters: {
    database: equalFilter("database"),
    name: nameFilter("name"),
    status: wordsFilter("status", commandStatuses),
    kind: wordsFilter("command", commandKinds),
  },
});
