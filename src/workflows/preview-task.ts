// What a task would do at a scheduled time: its text with the variables' values, or the partitions
// that it would refresh. Nothing is written.

import type { ObjectIdentifier } from "../catalog/object-identifier.ts";
import { renderPartition } from "../catalog/partition.ts";
import type { DataInterval, Instant } from "../common/time.ts";
import { cellsOfSlot } from "../refresh/partition-variables.ts";
import { scheduleOf } from "../scheduler/schedule.ts";
import type { TaskDefinition, WorkflowDefinition } from "../scheduler/scheduler.ts";
import { substituteText, type Variables } from "../scheduler/variables/references.ts";
import { resolveVariables } from "../scheduler/variables/resolve-variables.ts";
import { substituteSql } from "../scheduler/variables/substitute-sql.ts";
import { attemptVariable } from "../scheduler/variables/system-variables.ts";
import { unknownTask } from "./apply-change.ts";
import { readTimestamp } from "./local-timestamp.ts";
import type { RefreshTableAction } from "./resolve-refresh.ts";
import { findWorkflow, readClock, workflowNotFound } from "./stored-workflow.ts";
import { findTables, type TableFacts } from "./table-facts.ts";
import type { WorkflowServices } from "./workflow-services.ts";

export type TaskPreview =
  /** The statement that would run. */
  | { readonly execute: string }
  /** `database.table`; the partitions as `k1=v1/k2=v2`, null: the whole table. */
  | { readonly refresh: string; readonly partitions: readonly string[] | null };

/** What stands in for the id that a run would have. */
const noInstance = "0".repeat(32);

/**
 * `at` in the workflow's zone; null: the next slot of the schedule, or now if there is none. Throws
 * WF-NOTFOUND, WF-TASK-UNKNOWN, WF-TIMESTAMP, WF-VARIABLE.
 */
export async function previewTask(
  { database, catalog }: Pick<WorkflowServices, "database" | "catalog">,
  identifier: ObjectIdentifier,
  name: string,
  at: string | null,
): Promise<TaskPreview> {
  const stored = await findWorkflow(database, identifier);
  if (stored === null) throw await workflowNotFound(database, identifier);
  const { definition } = stored;
  const task = definition.tasks.find((one) => one.name === name);
  if (task === undefined) throw unknownTask(definition.tasks, name);
  const now = await readClock(database);
  const scheduledAt =
    at === null ? nextRun(definition, now) : readTimestamp(at, definition.timeZone);
  const { schedule, timeZone } = definition;
  const interval = scheduleOf(schedule, timeZone).intervalEndingAt(scheduledAt);
  const variables = variablesOf(definition, task, { scheduledAt, interval });
  if (task.action["type"] === "execute-sql") {
    const known = { ...variables, [attemptVariable]: "1" };
    return { execute: substituteSql(String(task.action["text"]), known) };
  }
  const action = task.action as unknown as RefreshTableAction;
  const tables = await findTables(database, catalog.catalogName, [action.tableId]);
  return refreshPreview(action, tables.byId(action.tableId), { variables, interval });
}

function nextRun(definition: WorkflowDefinition, now: Instant): Instant {
  return scheduleOf(definition.schedule, definition.timeZone).nextAfter(now) ?? now;
}

function variablesOf(
  { name, variables, timeZone }: WorkflowDefinition,
  task: TaskDefinition,
  run: { readonly scheduledAt: Instant; readonly interval: DataInterval },
): Variables {
  const layers = { workflow: variables, task: task.variables };
  const facts = { ...run, workflow: name, instanceId: noInstance };
  return resolveVariables(layers, facts, timeZone);
}

function refreshPreview(
  { partition, identifier }: RefreshTableAction,
  table: TableFacts | null,
  run: { readonly variables: Variables; readonly interval: DataInterval },
): TaskPreview {
  const { database, name } = table?.identifier ?? identifier;
  const refresh = `${database}.${name}`;
  const keys = table?.partitionKeys ?? Object.keys(partition ?? {});
  if (partition !== null) {
    const spec = Object.fromEntries(
      Object.entries(partition).map(([key, value]) => [
        key,
        value === null ? null : substituteText(value, run.variables),
      ]),
    );
    return { refresh, partitions: [renderPartition(spec, keys)] };
  }
  const rule = table?.cells ?? null;
  const cells = rule === null ? null : cellsOfSlot(rule, run.interval);
  if (cells === null) return { refresh, partitions: null };
  return { refresh, partitions: cells.map((cell) => renderPartition(cell.spec, keys)) };
}
