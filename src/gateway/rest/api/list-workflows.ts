// GET /api/v1/workflows

import { sql } from "../../../common/sql.ts";
import { equalFilter, nameFilter, tagFilter, wordsFilter } from "./filters.ts";
import { type Filter, listRoute } from "./list-route.ts";
import { workflowView } from "./views/workflow-view.ts";
import { workflowKinds } from "./views/words.ts";

const words = wordsFilter("status", ["ENABLED", "DISABLED"]);
const status: Filter = {
  schema: words.schema,
  where: (value) =>
    sql`(CASE WHEN r.enabled THEN 'ENABLED' ELSE 'DISABLED' END)
        = ANY (${String(value).split(",")}::text[])`,
};

export const addListWorkflows = listRoute({
  path: "/api/v1/workflows",
  summary: "Workflows: those of users, and one for each materialized table",
  tag: "workflows",
  view: workflowView,
  filters: {
    database: equalFilter("database"),
    name: nameFilter("workflow"),
    workflow: equalFilter("workflow"),
    kind: wordsFilter("kind", workflowKinds),
    status,
    tag: tagFilter((tags) => sql`r.tags @> ${tags}`),
  },
});
