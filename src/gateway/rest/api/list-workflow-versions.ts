// GET /api/v1/workflows/{database}/{name}/versions

import { sql, trusted } from "../../../common/sql.ts";
import { listRoute } from "./list-route.ts";
import { number, nullable, text, time, type View } from "./view.ts";

const versionView: View = {
  name: "WorkflowVersion",
  relation: trusted(`(
    SELECT w.database, w.name, v.version, v.created_at,
           v.definition ->> 'comment' AS comment,
           jsonb_array_length(v.definition -> 'tasks') AS tasks
    FROM sluice_private.workflows w JOIN sluice_private.workflow_versions v USING (workflow_id))`),
  columns: { version: number, createdAt: time, comment: nullable(text), tasks: number },
  order: [{ column: "version", type: "integer", descending: true }],
};

export const addListWorkflowVersions = listRoute({
  path: "/api/v1/workflows/{database}/{name}/versions",
  summary: "Versions of a workflow, newest first",
  tag: "workflows",
  view: versionView,
  filters: {},
  params: {
    database: (value) => sql`r.database = ${value}`,
    name: (value) => sql`r.name = ${value}`,
  },
  parent: {
    code: "WF-NOTFOUND",
    what: "workflow",
    exists: ({ database, name }) =>
      sql`SELECT FROM sluice.workflows WHERE database = ${database} AND workflow = ${name}`,
  },
});
