// DESCRIBE WORKFLOW [EXTENDED]: its tasks. EXTENDED adds, below them, what is known of the whole
// workflow: rows whose name begins with `# `, the value in `action`.

import { GatewayError } from "../../common/gateway-error.ts";
import { sql } from "../../common/sql.ts";
import type { DescribeWorkflow } from "../../parser/ast/describe-workflow.ts";
import type { Executor } from "./executor.ts";
import { column, tableResult } from "./fixed-results.ts";
import { resolveObject } from "./resolve-name.ts";

interface Described {
  readonly tasks: readonly (readonly [string, string, string, string])[];
  readonly facts: readonly (readonly [string, string | null])[];
}

export const describeWorkflow: Executor<DescribeWorkflow> = async (
  { name, extended },
  { session },
  { database },
) => {
  const identifier = resolveObject(name, session);
  const [found] = await database.query<Described>(sql`
    SELECT coalesce((
             SELECT jsonb_agg(jsonb_build_array(t.task, t.action, array_to_string(t.upstream, ', '),
                                                t.options::text) ORDER BY t.ordinal)
             FROM sluice.workflow_tasks t
             WHERE t.database = w.database AND t.workflow = w.workflow), '[]') AS tasks,
           jsonb_build_array(
             jsonb_build_array('kind', w.kind),
             jsonb_build_array('enabled', w.enabled::text),
             jsonb_build_array('version', w.version::text),
             jsonb_build_array('schedule', w.schedule),
             jsonb_build_array('time zone', w.time_zone),
             jsonb_build_array('starts at', w.starts_at::text),
             jsonb_build_array('ends at', w.ends_at::text),
             jsonb_build_array('next execution', w.next_execution::text),
             jsonb_build_array('last execution', w.last_execution::text),
             jsonb_build_array('created at', w.created_at::text)) AS facts
    FROM sluice.workflows w
    WHERE w.database = ${identifier.database} AND w.workflow = ${identifier.name}`);
  if (found === undefined) {
    const message = `workflow "${identifier.database}.${identifier.name}" does not exist`;
    throw new GatewayError("WF-NOTFOUND", message, { hint: "SHOW WORKFLOWS lists them." });
  }
  const facts = found.facts.map(([fact, value]) => [`# ${fact}`, value, null, null]);
  return tableResult(
    [column("task"), column("action"), column("upstream"), column("options")],
    extended ? [...found.tasks, ...facts] : found.tasks,
  );
};
