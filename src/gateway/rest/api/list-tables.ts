// GET /api/v1/tables

import { sql } from "../../../common/sql.ts";
import { equalFilter, nameFilter, tagFilter, wordsFilter } from "./filters.ts";
import { listRoute } from "./list-route.ts";
import { tableView } from "./views/table-view.ts";
import { tableStatuses } from "./views/words.ts";

export const addListTables = listRoute({
  path: "/api/v1/tables",
  summary: "Materialized tables",
  tag: "tables",
  view: tableView,
  filters: {
    database: equalFilter("database"),
    name: nameFilter("name"),
    status: wordsFilter("status", tableStatuses),
    kind: wordsFilter("refresh_mode", ["FULL", "CONTINUOUS"]),
    tag: tagFilter(
      (tags) => sql`(r.database, r.name) IN (
        SELECT w.database, w.table_name FROM sluice.workflows w
        WHERE w.kind = 'table' AND w.tags @> ${tags})`,
    ),
  },
});
