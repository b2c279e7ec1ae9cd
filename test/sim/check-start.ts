// What must hold whenever a task starts, by the committed rows of that moment.

import { suspendable } from "../../src/scheduler/policies.ts";
import type { Tables, TaskEntry } from "../fakes/memory-database.ts";
import { broken } from "./broken.ts";

/** `touched`: instances that users made again or changed by hand. */
export function checkStart(tables: Tables, task: TaskEntry, touched: ReadonlySet<string>): void {
  const instance = tables.instances.get(task.instanceId);
  if (instance === undefined) return broken("a task runs without its instance", task);
  if (instance.gated) broken("a start behind a gate", task);
  const byHand = touched.has(task.instanceId);
  checkUpstream(tables, task, byHand);
  checkQueue(tables, task);
  if (!byHand) {
    notAfterSuspend(tables, task);
    const attempts = task.policy.retries + 1;
    if (task.attempt - task.lost > attempts) broken("more attempts than allowed", task);
  }
  if (instance.backfill !== null) checkParallelism(tables, instance.backfill.id, touched);
}

/** Nothing starts before what it waits for has ended, and ended well unless a user wants it so. */
function checkUpstream(tables: Tables, task: TaskEntry, byHand: boolean): void {
  for (const other of tables.tasks.values()) {
    if (other.instanceId !== task.instanceId || !other.downstream.includes(task.task)) continue;
    if (!other.advanced) broken("a start before its upstream has ended", { task, other });
    const well = other.status === "SUCCESSFUL" || other.status === "SKIPPED";
    if (!well && !byHand) broken("a start after its upstream has failed", { task, other });
  }
}

/** The limit of a queue counts over all gateways. */
function checkQueue(tables: Tables, { queue }: TaskEntry): void {
  let running = 0;
  for (const other of tables.tasks.values()) {
    if (other.status === "RUNNING" && other.queue === queue) running += 1;
  }
  const limit = tables.queues.get(queue) ?? 0;
  if (running > limit) broken("more than a queue takes", { queue, running, limit });
}

/**
 * Invariant 4: after SUSPEND has committed no scheduled, catch-up or retry run of the table starts.
 */
function notAfterSuspend(tables: Tables, task: TaskEntry): void {
  const instance = tables.instances.get(task.instanceId);
  if (instance?.kind !== "table" || !suspendable.includes(instance.trigger)) return;
  const workflow = tables.workflows.get(task.workflowId);
  if (workflow !== undefined && !workflow.enabled) broken("a start after SUSPEND", task);
}

function checkParallelism(tables: Tables, id: string, touched: ReadonlySet<string>): void {
  const limit = tables.backfills.get(id)?.row.parallelism ?? 0;
  const open = [...tables.instances.values()].filter(
    (other) => other.backfill?.id === id && !touched.has(other.instanceId),
  );
  if (open.length > limit) broken("more intervals at a time than wanted", { id, limit });
}
