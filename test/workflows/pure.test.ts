// The pure parts of workflows: graph of tasks, timestamps, options.

import { describe, expect, test } from "vitest";
import { parseInstant, toIso } from "../../src/common/time.ts";
import { checkName, checkTaskGraph } from "../../src/workflows/check-tasks.ts";
import { readTimestamp, renderTimestamp } from "../../src/workflows/local-timestamp.ts";
import {
  checkOptions,
  isTransactional,
  type OptionOwner,
  taskPolicies,
  workflowPolicies,
} from "../../src/workflows/workflow-options.ts";
import { failure, nowhere } from "./world.ts";

/** `a: b c` is task a AFTER (b, c). */
function graph(...lines: readonly string[]) {
  return lines.map((line) => {
    const [name = "", after = ""] = line.split(":");
    return { name, after: after.split(" ").filter((word) => word !== "") };
  });
}

describe("the graph of tasks", () => {
  test.each([[["a", "b:a", "c:a b", "d:c"]], [["late:early", "early"]], [["ä\"'`", "日本:ä\"'`"]]])(
    "%j is one",
    (lines) => {
      expect(() => checkTaskGraph(graph(...lines), nowhere)).not.toThrow();
    },
  );

  test.each([
    [[], "WF-TASKS-EMPTY at tasks: a workflow needs at least one task"],
    [["a", "b", "a"], 'WF-TASK-DUPLICATE at tasks/2: task "a" occurs twice'],
    [["a", "b:a c"], 'WF-TASK-UNKNOWN at tasks/1/after/1: task "c" does not exist'],
    [
      ["a", "b:a a"],
      'WF-TASK-DUPLICATE at tasks/1/after/1: task "b" names task "a" twice in AFTER',
    ],
    [["a:a"], "WF-CYCLE at tasks/0/after/0: tasks wait for each other in a circle"],
    [["a:b", "b:a"], "WF-CYCLE at tasks/0/after/0: tasks wait for each other in a circle"],
    // The task behind the circle does not lie on it, nor does what the circle waits for.
    [
      ["tail:b", "root", "a:root c", "b:a", "c:b"],
      "WF-CYCLE at tasks/2/after/1: tasks wait for each other in a circle",
    ],
    [["A", "a:A b", "b:B", "B"], null],
  ])("%j: %s", async (lines, expected) => {
    const check = (positionOf: typeof nowhere) => checkTaskGraph(graph(...lines), positionOf);
    if (expected === null) expect(() => check(nowhere)).not.toThrow();
    else expect(await failure(check)).toBe(expected);
  });

  test("a circle is told as a way through it", async () => {
    const error = (() => {
      try {
        checkTaskGraph(graph("x:a", "a:c", "b:a", "c:b y", "y"), nowhere);
      } catch (thrown) {
        return thrown as { detail?: string };
      }
      return null;
    })();
    expect(error?.detail).toBe('The circle is "a" -> "c" -> "b" -> "a".');
  });

  test("ten times as many tasks take about ten times as long", async () => {
    const check = async (size: number) => {
      const names = Array.from({ length: size }, (_, index) => `t${index}`);
      const row = names.map((name, index) => ({ name, after: names.slice(index - 1, index) }));
      const fan = names.map((name, index) => ({ name, after: index === 0 ? [] : ["t0"] }));
      const join = names.map((name, index) => ({ name, after: index === 0 ? names.slice(1) : [] }));
      const ring = row.map((one, index) =>
        index === 0 ? { ...one, after: [`t${size - 1}`] } : one,
      );
      const begun = process.cpuUsage();
      for (const tasks of [row, fan, join]) checkTaskGraph(tasks, nowhere);
      expect(await failure((at) => checkTaskGraph(ring, at))).toBe(
        "WF-CYCLE at tasks/0/after/0: tasks wait for each other in a circle",
      );
      return process.cpuUsage(begun).user;
    };
    await check(3_000);
    const few = await check(3_000);
    // A quadratic check would take a hundred times as long.
    expect((await check(30_000)) / few).toBeLessThan(40);
  });

  test.each([
    ["", "WF-NAME: the name of a task is empty"],
    ["  ", "WF-NAME: the name of a task is empty"],
    ["x".repeat(256), "WF-NAME: the name of a task is too long"],
    ["a\nb", "WF-NAME: the name of a task has a control character"],
  ])("%j is no name", async (name, expected) => {
    expect(await failure(() => checkName("task", name))).toBe(expected);
  });
});

describe("timestamps in the workflow's zone", () => {
  test.each([
    ["2026-12-01 00:00:00", "Europe/Berlin", "2026-11-30T23:00:00.000Z"],
    ["2026-12-01", "Europe/Berlin", "2026-11-30T23:00:00.000Z"],
    ["2026-12-01T06:30", "+05:30", "2026-12-01T01:00:00.000Z"],
    ["2026-12-01 00:00:00.1239", "UTC", "2026-12-01T00:00:00.123Z"],
    // 02:30 does not exist: the gap ends at 03:00.
    ["2026-03-29 02:30:00", "Europe/Berlin", "2026-03-29T01:00:00.000Z"],
    // 02:30 comes twice: the first.
    ["2026-10-25 02:30:00", "Europe/Berlin", "2026-10-25T00:30:00.000Z"],
  ])("%s in %s is %s", (text, zone, iso) => {
    expect(toIso(readTimestamp(text, zone))).toBe(iso);
  });

  test.each([
    "now",
    "yesterday",
    "2026-02-30 00:00:00",
    "2026-12-01 25:00:00",
    "",
    "2026-12-01 00:00:00Z",
  ])("%j is none", async (text) => {
    expect(await failure(() => readTimestamp(text, "UTC"))).toBe(
      `WF-TIMESTAMP: "${text}" cannot be read as a timestamp`,
    );
  });

  test.each(["2026-12-01 00:00:00", "2026-12-01 12:34:56.789", "2026-10-25 02:30:00"])(
    "%s is printed as it was read",
    (text) => {
      expect(renderTimestamp(readTimestamp(text, "Europe/Berlin"), "Europe/Berlin")).toBe(text);
    },
  );

  test("printed in the zone of whoever reads it", () => {
    const at = parseInstant("2026-01-01T00:00:00Z");
    expect(renderTimestamp(at, "America/New_York")).toBe("2025-12-31 19:00:00");
  });
});

describe("options", () => {
  const check = (owner: OptionOwner, options: Record<string, string>) => (at: typeof nowhere) =>
    checkOptions(owner, options, { positionOf: at, path: "options" });

  // covers: S1-46, S1-54
  test("all that a workflow and a task may have", () => {
    const shared = {
      retries: "2",
      "retry.delay": "30 s",
      "retry.backoff": "1.5",
      timeout: "600",
      queue: "default-queue",
      "notify.email": "a@example.com, b@example.com",
      "notify.webhook": "https://example.com/hook?x=1",
      "notify.on": "failure",
      "tag.team": "",
    };
    check("workflow", { ...shared, overlap: "SKIP", "catch-up": "all" })(nowhere);
    check("execute task", { ...shared, condition: "SELECT true", transactional: "false" })(nowhere);
    check("refresh task", { ...shared, condition: "SELECT true" })(nowhere);
    check("queue", { concurrency: "4" })(nowhere);
  });

  test.each<[OptionOwner, string, string, string]>([
    ["workflow", "retires", "1", "UNKNOWN at options/retires: option 'retires' of a workflow"],
    [
      "workflow",
      "condition",
      "SELECT 1",
      "UNKNOWN at options/condition: option 'condition' of a workflow",
    ],
    ["workflow", "tag.", "x", "UNKNOWN at options/tag.: option 'tag.' of a workflow"],
    ["execute task", "overlap", "skip", "UNKNOWN at options/overlap: option 'overlap' of a task"],
    [
      "refresh task",
      "transactional",
      "true",
      "UNKNOWN at options/transactional: option 'transactional' of a task",
    ],
    ["queue", "tag.x", "1", "UNKNOWN at options/tag.x: option 'tag.x' of a queue"],
    ["workflow", "toString", "1", "UNKNOWN at options/toString: option 'toString' of a workflow"],
  ])("%s has no %s", async (owner, key, value, expected) => {
    expect(await failure(check(owner, { [key]: value }))).toBe(
      `WF-OPTION-${expected} does not exist`,
    );
  });

  test.each<[OptionOwner, string, string]>([
    ["workflow", "retries", "-1"],
    ["workflow", "retries", "many"],
    ["workflow", "retry.delay", "30 parsecs"],
    ["workflow", "retry.backoff", "0.5"],
    ["workflow", "timeout", "0"],
    ["workflow", "timeout", "25 d"],
    ["workflow", "queue", " "],
    ["workflow", "overlap", "maybe"],
    ["workflow", "catch-up", "first"],
    ["workflow", "notify.email", "nobody"],
    ["workflow", "notify.webhook", "ftp://x"],
    ["workflow", "notify.on", "never"],
    ["execute task", "transactional", "perhaps"],
    ["refresh task", "condition", ""],
    ["queue", "concurrency", "0"],
    ["queue", "concurrency", "4.5"],
  ])("%s: %s is not %j", async (owner, key, value) => {
    expect(await failure(check(owner, { [key]: value }))).toBe(
      `WF-OPTION-VALUE at options/${key}: value "${value}" of option '${key}' cannot be used`,
    );
  });

  test("the nearest is suggested", () => {
    const hint = (owner: OptionOwner, key: string) => {
      try {
        check(owner, { [key]: "1" })(nowhere);
      } catch (error) {
        return (error as { hint?: string }).hint;
      }
      return null;
    };
    expect(hint("workflow", "catchup")).toBe("Did you mean 'catch-up'?");
    expect(hint("execute task", "conditon")).toBe("Did you mean 'condition'?");
    expect(hint("queue", "concurency")).toBe("Did you mean 'concurrency'?");
    expect(hint("queue", "x")).toBe("The options are concurrency.");
  });

  // covers: S1-29, S1-40
  test("defaults, the workflow's over them, the task's over those", () => {
    expect(taskPolicies({}, {})).toEqual({
      queue: "default-queue",
      retry: { retries: 0, delay: 5_000, backoff: 2 },
      timeout: null,
      condition: null,
    });
    const workflow = { retries: "3", "retry.delay": "1 min", timeout: "90", queue: "q" };
    expect(
      taskPolicies(workflow, { retries: "0", "retry.backoff": "1", condition: "SELECT 1" }),
    ).toEqual({
      queue: "q",
      retry: { retries: 0, delay: 60_000, backoff: 1 },
      timeout: 90_000,
      condition: "SELECT 1",
    });
    expect(taskPolicies(workflow, { queue: "own", timeout: "2 h" })).toMatchObject({
      queue: "own",
      timeout: 7_200_000,
    });
    expect(workflowPolicies({})).toEqual({ overlap: "queue", catchup: "last" });
    expect(workflowPolicies({ overlap: "Replace", "catch-up": "NONE" })).toEqual({
      overlap: "replace",
      catchup: "none",
    });
    expect([isTransactional({}), isTransactional({ transactional: "FALSE" })]).toEqual([
      true,
      false,
    ]);
  });
});
