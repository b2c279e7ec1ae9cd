// Which tasks are open again after RERUN, MARK and SKIP, and what they wait for.

import { describe, expect, test } from "vitest";
import { asId, type TaskInstanceId } from "../../../src/common/ids.ts";
import { planEnd, planRerun, taskOf } from "../../../src/scheduler/durable/rerun-plan.ts";
import type { InstanceTask, Reopened } from "../../../src/scheduler/durable/store.ts";
import type { InstanceStatus, RerunSpec } from "../../../src/scheduler/scheduler.ts";

/** `a:S b:U<a` …: name, state, upstream. S successful, F failed, U upstream failed, … */
function tasks(text: string, open = false): readonly InstanceTask[] {
  const parsed = text.split(" ").map((word) => {
    const [, name = "", state = "", upstream = ""] = /^(\w+):(\w)(?:<(.*))?$/.exec(word) ?? [];
    return { name, state, upstream: upstream === "" ? [] : upstream.split(",") };
  });
  return parsed.map(({ name, state }) => {
    const [status, detail] = states[state] ?? ["SUCCESSFUL", null];
    return {
      taskInstanceId: asId<TaskInstanceId>(name),
      task: name,
      status,
      detail,
      downstream: parsed.filter((other) => other.upstream.includes(name)).map((it) => it.name),
      advanced: !open || !(status === "PENDING" || status === "RUNNING"),
    };
  });
}

const states: Readonly<Record<string, readonly [InstanceStatus, string | null]>> = {
  S: ["SUCCESSFUL", null],
  F: ["FAILED", null],
  U: ["FAILED", "UPSTREAM_FAILED"],
  C: ["CANCELED", null],
  K: ["SKIPPED", "CONDITION"],
  P: ["PENDING", null],
  R: ["RUNNING", null],
};

const shown = (opened: readonly Reopened[]) =>
  opened.map(({ taskInstanceId, waiting }) => `${taskInstanceId}${waiting}`).join(" ");

const chain = "a:S b:F<a c:U<b d:U<c e:K<a";
const one = (task: string, downstream: boolean): RerunSpec => ({ kind: "task", task, downstream });

describe("RERUN", () => {
  test.each<[string, string, RerunSpec, string]>([
    ["all", chain, { kind: "all" }, "a0 b1 c1 d1 e1"],
    ["what failed, with what failed for it", chain, { kind: "failed" }, "b0 c1 d1"],
    ["what was canceled counts as failed", "a:C b:C<a c:S", { kind: "failed" }, "a0 b1"],
    ["nothing failed", "a:S b:K<a", { kind: "failed" }, ""],
    ["one task, and what failed for it stays", chain, one("b", false), "b0"],
    ["one task that was well", chain, one("a", false), "a0"],
    ["one whose upstream failed waits for nothing", chain, one("c", false), "c0"],
    ["with downstream, well or not", "a:S b:S<a c:F<b d:S", one("a", true), "a0 b1 c1"],
    [
      "two ways to the same task count twice",
      "a:F b:U<a c:U<a d:U<b,c",
      { kind: "failed" },
      "a0 b1 c1 d2",
    ],
  ])("%s", (_, text, what, expected) => {
    expect(shown(planRerun(tasks(text), what))).toBe(expected);
  });

  test("an unknown task is refused with those there are", () => {
    expect(() => planRerun(tasks("a:S b:S"), one("x", false))).toThrow(
      expect.objectContaining({
        code: "WF-TASK-UNKNOWN",
        detail: 'The tasks of the instance are "a", "b".',
      }),
    );
  });
});

describe("MARK and SKIP", () => {
  test.each<[string, string, string, string]>([
    ["what failed for it is open, down to the last", chain, "b", "c0 d1"],
    ["a task that nobody waits for", "a:F", "a", ""],
    ["another failure still holds what waits for both", "a:F b:F c:U<a,b d:U<c", "a", ""],
    ["a way around another failure", "a:F b:F c:U<a d:U<c e:U<b,c", "a", "c0 d1"],
    ["what was done stays done", "a:F b:S c:U<a,b", "a", "c0"],
    ["what was canceled goes on", "a:C b:C<a", "a", "b0"],
    ["what failed by itself stays failed", "a:S b:F<a c:U<b", "a", ""],
  ])("%s", (_, text, task, expected) => {
    const all = tasks(text);
    expect(shown(planEnd(all, taskOf(all, task)))).toBe(expected);
  });

  test("what waits below what is opened waits for it too", () => {
    const all = tasks("a:F b:U<a c:P<b d:R<b", true);
    expect(shown(planEnd(all, taskOf(all, "a")))).toBe("b0 c1");
  });

  test("in an open instance: what is still to come is waited for", () => {
    const all = tasks("a:F b:R c:U<a,b d:P<b", true);
    expect(shown(planEnd(all, taskOf(all, "a")))).toBe("c1");
  });
});
