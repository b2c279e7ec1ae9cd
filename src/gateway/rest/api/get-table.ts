// GET /api/v1/tables/{database}/{name}

import { oneRoute } from "./one-route.ts";
import { tableView } from "./views/table-view.ts";

export const addGetTable = oneRoute({
  path: "/api/v1/tables/{database}/{name}",
  summary: "A materialized table",
  tag: "tables",
  view: tableView,
  params: { database: "database", name: "name" },
  missing: { code: "MT-NOTFOUND", what: "materialized table" },
});
