// Workflows follow the tables that they refresh. Whenever the workflow of a table is made or
// altered (CREATE, CREATE OR ALTER, RENAME, SET …), the tasks of users' workflows that refresh the
// table get its name and its rule for cells in the same transaction: the claims of their runs are
// computed from that rule, and one that is out of date would skip every run. A table that was made
// anew under the name of one that is gone takes its place. This makes no version: what the user
// wrote stays.
//
// Only rows of versions are written, never those of workflows, which an edit holds while it waits
// for the table's row: so neither waits for the other in a circle.

import type { Tx } from "../common/pg.ts";
import { sql } from "../common/sql.ts";
import type { Scheduler, WorkflowDefinition } from "../scheduler/scheduler.ts";
import { tablePrefix } from "./stored-workflow.ts";

/** The scheduler, for those who make and alter the workflows of tables. */
export function followingTables(scheduler: Scheduler): Scheduler {
  const followed: Pick<Scheduler, "createWorkflow" | "alterWorkflow"> = {
    async createWorkflow(tx, definition) {
      const id = await scheduler.createWorkflow(tx, definition);
      await followTable(tx, definition);
      return id;
    },
    async alterWorkflow(tx, id, definition) {
      await scheduler.alterWorkflow(tx, id, definition);
      await followTable(tx, definition);
    },
  };
  return new Proxy(scheduler, {
    get(target, key) {
      if (key === "createWorkflow" || key === "alterWorkflow") return followed[key];
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** `definition`: the workflow of a table, as it has just been stored; others are passed over. */
async function followTable(tx: Tx, definition: WorkflowDefinition): Promise<void> {
  const action = definition.tasks[0]?.action;
  if (definition.kind !== "table" || action === undefined) return;
  const { database } = definition;
  const name = definition.name.slice(tablePrefix.length);
  const now = { tableId: action["tableId"], cells: action["cells"] ?? null };
  await tx.execute(sql`
    WITH t AS MATERIALIZED (
      SELECT ${String(now.tableId)}::text AS id, ${database}::text AS database,
        ${name}::text AS name,
        ${JSON.stringify(now)}::jsonb AS now
    ), meant AS MATERIALIZED (
      SELECT v.workflow_id, v.version, k.ordinal,
        k.task || jsonb_build_object('action', (k.task -> 'action') || t.now || jsonb_build_object(
          'identifier', (k.task #> '{action,identifier}')
            || jsonb_build_object('database', t.database, 'name', t.name))) AS task
      FROM t, sluice_private.workflows w
      JOIN sluice_private.workflow_versions v USING (workflow_id, version)
      CROSS JOIN LATERAL jsonb_array_elements(v.definition -> 'tasks')
        WITH ORDINALITY AS k (task, ordinal)
      WHERE w.kind = 'user' AND k.task #>> '{action,type}' = 'refresh' AND (
        k.task #>> '{action,tableId}' = t.id
        OR k.task #>> '{action,identifier,database}' = t.database
          AND k.task #>> '{action,identifier,name}' = t.name
          AND NOT EXISTS (
            SELECT FROM sluice_private.materialized_tables m
            WHERE m.table_id = k.task #>> '{action,tableId}'))
    ), whole AS MATERIALIZED (
      SELECT v.workflow_id, v.version, (
        SELECT jsonb_agg(coalesce(m.task, k.task) ORDER BY k.ordinal)
        FROM jsonb_array_elements(v.definition -> 'tasks') WITH ORDINALITY AS k (task, ordinal)
        LEFT JOIN meant m ON m.workflow_id = v.workflow_id AND m.version = v.version
          AND m.ordinal = k.ordinal) AS tasks
      FROM sluice_private.workflow_versions v
      WHERE (v.workflow_id, v.version) IN (SELECT workflow_id, version FROM meant)
      ORDER BY v.workflow_id FOR UPDATE
    )
    UPDATE sluice_private.workflow_versions v
    SET definition = jsonb_set(v.definition, '{tasks}', whole.tasks)
    FROM whole WHERE v.workflow_id = whole.workflow_id AND v.version = whole.version`);
}
