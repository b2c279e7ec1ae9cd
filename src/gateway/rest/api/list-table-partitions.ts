// GET /api/v1/tables/{database}/{name}/partitions

import { sql } from "../../../common/sql.ts";
import { equalFilter, wordsFilter } from "./filters.ts";
import { listRoute } from "./list-route.ts";
import { partitionView } from "./views/partition-view.ts";
import { cellStates } from "./views/words.ts";

export const addListTablePartitions = listRoute({
  path: "/api/v1/tables/{database}/{name}/partitions",
  summary: "The partition ledger of a table",
  tag: "tables",
  view: partitionView,
  filters: {
    partition: equalFilter("partition"),
    status: wordsFilter("state", cellStates),
  },
  params: {
    database: (value) => sql`r.database = ${value}`,
    name: (value) => sql`r.name = ${value}`,
  },
  parent: {
    code: "MT-NOTFOUND",
    what: "materialized table",
    exists: ({ database, name }) =>
      sql`SELECT FROM sluice.materialized_tables WHERE database = ${database} AND name = ${name}`,
  },
});
