// The workflow of a materialized table: one task, on the schedule of its freshness. What the task
// carries is all that a claim needs to be computed from, so that the scheduler can stay ignorant of
// tables. Pure.

import type { MaterializedTable } from "../catalog/materialized-table.ts";
import type { TableId } from "../common/ids.ts";
import type { QueryAnalysis } from "../query/query-analysis.ts";
import type { WorkflowDefinition } from "../scheduler/scheduler.ts";
import { cellRuleOf } from "./cell-rule.ts";
import type { CellRule } from "./partition-variables.ts";
import { scheduleOf } from "./schedule-of.ts";
import { policiesOf } from "./table-policies.ts";

/** The action of a table's task; handed through the scheduler as it is. */
export interface RefreshAction {
  readonly type: "refresh";
  readonly tableId: TableId;
  /** How slots become cells; null: they refresh the table whole. */
  readonly cells: CellRule | null;
}

/** Name of the workflow that belongs to a table. */
export function workflowName(table: string): string {
  return `table:${table}`;
}

/** The definition for the table as it is now. */
export function tableWorkflow(
  table: Omit<MaterializedTable, "workflowId">,
  analysis: QueryAnalysis,
): WorkflowDefinition {
  const policies = policiesOf(table);
  const action: RefreshAction = {
    type: "refresh",
    tableId: table.id,
    cells: cellRuleOf(table, analysis),
  };
  return {
    kind: "table",
    database: table.identifier.database,
    name: workflowName(table.identifier.name),
    comment: null,
    schedule: scheduleOf(table.freshness, table.timeZone, table.createdAt),
    timeZone: table.timeZone,
    startAt: null,
    endAt: null,
    overlap: policies.overlap,
    catchup: policies.catchup,
    variables: {},
    options: {},
    tasks: [
      {
        name: "refresh",
        comment: null,
        upstream: [],
        action: { ...action },
        variables: {},
        options: {},
        condition: null,
        queue: policies.queue,
        retry: policies.retry,
        timeout: policies.timeout,
      },
    ],
  };
}
