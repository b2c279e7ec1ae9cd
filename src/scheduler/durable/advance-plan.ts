// What follows from recorded outcomes, without I/O: another attempt, the end of the task, the end
// of the instance. The only place where retries are decided. A lost attempt is no failure: it is
// made again whatever the retry policy says, unless it was lost too often. One that was given back
// (RELEASED: its gateway stopped) goes back to the queue.

import { milliseconds } from "../../common/time.ts";
import { lostDelay, maxLost, retryDelay, suspendable } from "../policies.ts";
import type { AdvancePlan, SettledTask, TaskEnd } from "./store.ts";

const noDelay = milliseconds(0);

type Requeue = AdvancePlan["requeue"][number];
type Finish = AdvancePlan["finish"][number];

/** Requeues or finishes each of the tasks. */
export function planAdvance(settled: readonly SettledTask[]): AdvancePlan {
  const requeue: Requeue[] = [];
  const finish: Finish[] = [];
  for (const task of settled) {
    const again = attemptAgain(task);
    if (again !== null) requeue.push(again);
    else finish.push(finishOf(task));
  }
  return { requeue, finish };
}

function attemptAgain(task: SettledTask): Requeue | null {
  if (task.status !== "FAILED" || task.detail === "UPSTREAM_FAILED" || !mayStart(task)) return null;
  const { taskInstanceId, policy } = task;
  if (task.detail === "RELEASED") return { taskInstanceId, delay: noDelay, lost: false };
  if (task.detail === "LOST") {
    if (policy.once === true) return null;
    const lost = task.lost + 1;
    return lost > maxLost ? null : { taskInstanceId, delay: lostDelay(lost), lost: true };
  }
  const failures = task.attempt - task.lost;
  if (failures > policy.retries || !(task.retryable || policy.anyError)) return null;
  return { taskInstanceId, delay: retryDelay(policy, failures), lost: false };
}

/** False after a wish to cancel, after DROP, and for scheduled runs of a suspended table. */
function mayStart(task: SettledTask): boolean {
  if (task.cancel !== null || task.enabled === null) return false;
  return task.enabled || task.kind === "user" || !suspendable.includes(task.trigger);
}

function finishOf(task: SettledTask): Finish {
  const lost = task.detail === "LOST" && task.lost < maxLost;
  if ((lost || task.detail === "RELEASED") && !mayStart(task)) {
    // It never happened, and it may not happen any more.
    const wanted = task.cancel !== null || task.enabled === null;
    const detail = wanted ? cancelDetail(task.cancel) : "SUSPENDED";
    return {
      ...named(task),
      status: wanted ? "CANCELED" : "SKIPPED",
      detail,
      failsDownstream: null,
    };
  }
  const ok = task.status === "SUCCESSFUL" || task.status === "SKIPPED";
  return {
    ...named(task),
    status: task.status,
    detail: task.detail,
    failsDownstream: ok ? null : "UPSTREAM_FAILED",
  };
}

function named(task: SettledTask): Pick<Finish, "taskInstanceId"> {
  return { taskInstanceId: task.taskInstanceId };
}

/** Only REPLACED is a word of its own. */
export function cancelDetail(reason: string | null): string | null {
  return reason === "REPLACED" ? "REPLACED" : null;
}

/** How an instance ended, from how its tasks did; `cancel` is the reason of a wish to cancel. */
export function instanceEnd(tasks: readonly TaskEnd[], cancel: string | null): TaskEnd {
  const failed = tasks.filter((task) => task.status === "FAILED");
  const canceled = tasks.find((task) => task.status === "CANCELED");
  if (canceled !== undefined && (cancel !== null || failed.length === 0)) {
    return { ...canceled, detail: cancelDetail(cancel) ?? canceled.detail };
  }
  const culprit = failed.find((task) => task.detail !== "UPSTREAM_FAILED") ?? failed[0];
  if (culprit !== undefined) return culprit;
  const worked = tasks.find((task) => task.status === "SUCCESSFUL") ?? tasks[0];
  const single = tasks.length === 1 ? (worked?.detail ?? null) : null;
  const status = worked?.status ?? "SUCCESSFUL";
  return { status, detail: single, errorCode: null, error: null };
}
