// Which tasks of an instance are open again after RERUN, MARK or SKIP, without I/O. Whatever is
// open waits for those of its upstream tasks that are open too and for no others: what has ended
// for good, well or not, is not waited for, so that nothing waits for what will never come.

import { GatewayError } from "../../common/gateway-error.ts";
import type { RerunSpec } from "../scheduler.ts";
import type { InstanceTask, Reopened } from "./store.ts";

/** Throws WF-TASK-UNKNOWN. */
export function planRerun(tasks: readonly InstanceTask[], what: RerunSpec): readonly Reopened[] {
  switch (what.kind) {
    case "all":
      return opened(tasks, new Set(tasks.map((task) => task.task)));
    case "failed":
      return opened(tasks, new Set(tasks.filter(isFailed).map((task) => task.task)));
    default: {
      const one = taskOf(tasks, what.task);
      return opened(tasks, what.downstream ? below(tasks, one) : new Set([one.task]));
    }
  }
}

/**
 * What is open again if `task` counts as done: the tasks below it that failed for it alone, or were
 * canceled, and have nothing above them that has failed otherwise.
 */
export function planEnd(tasks: readonly InstanceTask[], task: InstanceTask): readonly Reopened[] {
  const candidates = below(tasks, task);
  candidates.delete(task.task);
  const names = new Set<string>();
  const byName = new Map(tasks.map((each) => [each.task, each]));
  const fine = (name: string) => {
    const above = byName.get(name);
    return name === task.task || names.has(name) || above === undefined || !isFailed(above);
  };
  // As often as the longest path: each round opens what the last one made possible.
  for (let grown = true; grown; ) {
    grown = false;
    for (const each of tasks) {
      if (!candidates.has(each.task) || names.has(each.task) || !isFollower(each)) continue;
      if (!upstreamOf(tasks, each).every(fine)) continue;
      names.add(each.task);
      grown = true;
    }
  }
  // What waits already has one more to wait for.
  const waiting = tasks.filter(
    (each) => each.status === "PENDING" && upstreamOf(tasks, each).some((up) => names.has(up)),
  );
  return opened(tasks, new Set([...names, ...waiting.map((each) => each.task)]));
}

/** The task of that name; throws WF-TASK-UNKNOWN. */
export function taskOf(tasks: readonly InstanceTask[], name: string): InstanceTask {
  const found = tasks.find((task) => task.task === name);
  if (found !== undefined) return found;
  const names = tasks.map((task) => `"${task.task}"`).sort();
  throw new GatewayError("WF-TASK-UNKNOWN", `task "${name}" does not exist`, {
    detail: `The tasks of the instance are ${names.join(", ")}.`,
  });
}

function isFailed({ status }: InstanceTask): boolean {
  return status === "FAILED" || status === "CANCELED";
}

/** Ended without having been at fault. */
function isFollower({ status, detail }: InstanceTask): boolean {
  return status === "CANCELED" || (status === "FAILED" && detail === "UPSTREAM_FAILED");
}

function upstreamOf(tasks: readonly InstanceTask[], { task }: InstanceTask): readonly string[] {
  return tasks.filter((other) => other.downstream.includes(task)).map((other) => other.task);
}

/** The task and all that comes after it. */
function below(tasks: readonly InstanceTask[], task: InstanceTask): Set<string> {
  const byName = new Map(tasks.map((each) => [each.task, each]));
  const reached = new Set([task.task]);
  for (const name of reached) {
    for (const next of byName.get(name)?.downstream ?? []) reached.add(next);
  }
  return reached;
}

function opened(tasks: readonly InstanceTask[], names: ReadonlySet<string>): readonly Reopened[] {
  const waited = (name: string) => names.has(name) || isOpen(tasks, name);
  return tasks
    .filter((task) => names.has(task.task))
    .map((task) => ({
      taskInstanceId: task.taskInstanceId,
      waiting: upstreamOf(tasks, task).filter(waited).length,
    }));
}

/** Its end will still be counted down. */
function isOpen(tasks: readonly InstanceTask[], name: string): boolean {
  return tasks.some((task) => task.task === name && !task.advanced);
}
