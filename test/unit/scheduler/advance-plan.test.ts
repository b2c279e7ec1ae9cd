// What follows an outcome: another attempt or the end, and how an instance ends.

import { describe, expect, test } from "vitest";
import {
  asId,
  type InstanceId,
  type TaskInstanceId,
  type WorkflowId,
} from "../../../src/common/ids.ts";
import { milliseconds } from "../../../src/common/time.ts";
import { instanceEnd, planAdvance } from "../../../src/scheduler/durable/advance-plan.ts";
import type { SettledTask, TaskEnd } from "../../../src/scheduler/durable/store.ts";

const failed: SettledTask = {
  taskInstanceId: asId<TaskInstanceId>("t"),
  instanceId: asId<InstanceId>("i"),
  workflowId: asId<WorkflowId>("w"),
  kind: "table",
  trigger: "SCHEDULE",
  task: "refresh",
  status: "FAILED",
  detail: null,
  errorCode: "X",
  error: "x",
  retryable: true,
  attempt: 1,
  lost: 0,
  policy: { retries: 2, delay: milliseconds(100), backoff: 2, timeout: null, anyError: false },
  downstream: [],
  cancel: null,
  enabled: true,
};

/** `again after n ms`, or the end with its words. */
function verdict(parts: Partial<SettledTask>): string {
  const { requeue, finish } = planAdvance([{ ...failed, ...parts }]);
  const [again] = requeue;
  if (again !== undefined) return `again after ${again.delay}${again.lost ? ", lost" : ""}`;
  const [end] = finish;
  return [end?.status, end?.detail, end?.failsDownstream].filter((word) => word !== null).join(" ");
}

const anyError = { ...failed.policy, anyError: true };
const lost = { detail: "LOST" };

describe("after an outcome", () => {
  test.each<[string, Partial<SettledTask>, string]>([
    ["success", { status: "SUCCESSFUL" }, "SUCCESSFUL"],
    ["skipped", { status: "SKIPPED", detail: "CONDITION" }, "SKIPPED CONDITION"],
    ["first failure", {}, "again after 100"],
    ["second failure", { attempt: 2 }, "again after 200"],
    ["retries used up", { attempt: 3 }, "FAILED UPSTREAM_FAILED"],
    ["lost attempts do not count", { attempt: 5, lost: 3 }, "again after 200"],
    ["no attempt can help", { retryable: false }, "FAILED UPSTREAM_FAILED"],
    ["a user workflow retries it", { retryable: false, policy: anyError }, "again after 100"],
    ["timed out", { detail: "TIMED_OUT" }, "again after 100"],
    ["failed upstream", { detail: "UPSTREAM_FAILED" }, "FAILED UPSTREAM_FAILED UPSTREAM_FAILED"],
    ["wanted canceled", { cancel: "CANCELED" }, "FAILED UPSTREAM_FAILED"],
    ["canceled", { status: "CANCELED" }, "CANCELED UPSTREAM_FAILED"],
    ["suspended", { enabled: false }, "FAILED UPSTREAM_FAILED"],
    ["suspended, asked for by a user", { enabled: false, trigger: "MANUAL" }, "again after 100"],
    ["disabled user workflow", { enabled: false, kind: "user" }, "again after 100"],
    ["dropped", { enabled: null }, "FAILED UPSTREAM_FAILED"],
    ["lost", lost, "again after 0, lost"],
    [
      "lost, and not to be made twice",
      { ...lost, policy: { ...anyError, once: true } },
      "FAILED LOST UPSTREAM_FAILED",
    ],
    ["lost again", { ...lost, lost: 2 }, "again after 2000, lost"],
    ["lost whatever the retries", { ...lost, attempt: 9, lost: 1 }, "again after 1000, lost"],
    ["lost ten times", { ...lost, lost: 10 }, "FAILED LOST UPSTREAM_FAILED"],
    ["lost, suspended", { ...lost, enabled: false }, "SKIPPED SUSPENDED"],
    ["lost, wanted canceled", { ...lost, cancel: "CANCELED" }, "CANCELED"],
    ["lost, replaced", { ...lost, cancel: "REPLACED" }, "CANCELED REPLACED"],
    ["given back", { detail: "RELEASED", attempt: 0 }, "again after 0"],
    ["given back, suspended", { detail: "RELEASED", enabled: false }, "SKIPPED SUSPENDED"],
  ])("%s", (_name, parts, expected) => {
    expect(verdict(parts)).toBe(expected);
  });
});

describe("an instance", () => {
  const end = (
    status: TaskEnd["status"],
    detail: string | null = null,
    error: string | null = null,
  ) => ({
    status,
    detail,
    error,
    errorCode: error === null ? null : "E",
  });
  test.each<[string, TaskEnd[], string | null, TaskEnd]>([
    ["all well", [end("SUCCESSFUL"), end("SKIPPED", "CONDITION")], null, end("SUCCESSFUL")],
    ["one task's detail is its own", [end("SUCCESSFUL", "d")], null, end("SUCCESSFUL", "d")],
    ["all skipped", [end("SKIPPED", "CONDITION")], null, end("SKIPPED", "CONDITION")],
    [
      "the culprit, not its victims",
      [end("FAILED", "UPSTREAM_FAILED", "v"), end("FAILED", null, "c"), end("SUCCESSFUL")],
      null,
      end("FAILED", null, "c"),
    ],
    ["canceled by wish", [end("CANCELED"), end("FAILED", null, "c")], "CANCELED", end("CANCELED")],
    ["replaced", [end("CANCELED")], "REPLACED", end("CANCELED", "REPLACED")],
    ["too late to cancel", [end("SUCCESSFUL")], "CANCELED", end("SUCCESSFUL")],
  ])("%s", (_name, tasks, cancel, expected) => {
    expect(instanceEnd(tasks, cancel)).toEqual(expected);
  });
});
