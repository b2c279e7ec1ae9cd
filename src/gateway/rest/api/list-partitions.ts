// GET /api/v1/partitions

import { equalFilter, nameFilter, wordsFilter } from "./filters.ts";
import { listRoute } from "./list-route.ts";
import { partitionView } from "./views/partition-view.ts";
import { cellStates } from "./views/words.ts";

export const addListPartitions = listRoute({
  path: "/api/v1/partitions",
  summary: "The partition ledger of all tables",
  tag: "tables",
  view: partitionView,
  filters: {
    database: equalFilter("database"),
    name: nameFilter("name"),
    status: wordsFilter("state", cellStates),
  },
});
