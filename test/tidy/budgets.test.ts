// The budgets catch what is over them by one, leave alone what is just within, and an exception is
// neither silent nor kept beyond its need.

import { describe, expect, test } from "vitest";
import { type BudgetException, checkBudgets, checkExceptions } from "../../tools/check/budgets.ts";

/** `rule:line` of each finding. */
function judge(text: string, exceptions: readonly BudgetException[] = []): string[] {
  const found = checkBudgets({ path: "src/x/a.ts", text }, exceptions, new Set());
  return found.map((finding) => `${finding.rule}:${finding.line}`);
}

function functionOf(lines: number): string {
  return `function long() {\n${"  step();\n".repeat(lines - 2)}}\n`;
}

describe("functions", () => {
  test("70 lines are within the budget, 71 are not", () => {
    expect(judge(functionOf(70))).toEqual([]);
    expect(judge(functionOf(71))).toEqual(["function-length:1"]);
  });

  test("arrows, methods and constructors are functions too", () => {
    const body = "    step();\n".repeat(70);
    expect(judge(`const f = () => {\n${body}};\n`)).toEqual(["function-length:1"]);
    expect(judge(`class A {\n  m() {\n${body}  }\n}\n`)).toEqual(["function-length:2"]);
    expect(judge(`class A {\n  constructor() {\n${body}  }\n}\n`)).toEqual(["function-length:2"]);
  });

  test("a suite of tests is not a function, a test is", () => {
    const body = "    step();\n".repeat(70);
    expect(judge(`describe("x", () => {\n${body}});\n`)).toEqual([]);
    expect(judge(`test("x", () => {\n${body}});\n`)).toEqual(["function-length:1"]);
  });

  test("four parameters are within the budget, five are not; `this` does not count", () => {
    expect(judge("function f(a: A, b: B, c: C, d: D) {}\n")).toEqual([]);
    expect(judge("function f(a: A, b: B, c: C, d: D, e: E) {}\n")).toEqual(["parameters:1"]);
    expect(judge("interface I {\n  f(a: A, b: B, c: C, d: D, e: E): void;\n}\n")).toEqual([
      "parameters:2",
    ]);
    expect(judge('test.each(rows)("x", (a, b, c, d, e) => {});\n')).toEqual([]);
    expect(judge("function f(this: T, a: A, b: B, c: C, d: D) {}\n")).toEqual([]);
  });
});

describe("files and lines", () => {
  test("400 lines are within the budget, 401 are not", () => {
    expect(judge("step();\n".repeat(400))).toEqual([]);
    expect(judge("step();\n".repeat(401))).toEqual(["file-length:0"]);
  });

  test("100 characters are within the budget, 101 are not", () => {
    expect(judge(`// ${"x".repeat(97)}\n`)).toEqual([]);
    expect(judge(`// ${"x".repeat(98)}\n`)).toEqual(["line-length:1"]);
  });

  test("a line that is one literal or holds a link cannot be broken", () => {
    expect(judge(`const a =\n  "${"x".repeat(120)}";\n`)).toEqual([]);
    expect(judge(`const a = f(1, "${"x".repeat(120)}");\n`)).toEqual(["line-length:1"]);
    expect(judge(`// https://example.org/${"x".repeat(120)}\n`)).toEqual([]);
  });
});

describe("exceptions", () => {
  const needed = {
    rule: "function-length",
    where: "src/x/a.ts#long",
    reason: "one table, read from top to bottom",
  } as const;

  test("an entry covers its own rule and function only", () => {
    expect(judge(functionOf(71), [needed])).toEqual([]);
    expect(judge(functionOf(71), [{ ...needed, where: "src/x/a.ts#other" }])).toHaveLength(1);
    expect(judge(functionOf(71), [{ ...needed, rule: "parameters" }])).toHaveLength(1);
  });

  test("an entry that nothing needs is found, and so is one without a reason", () => {
    const empty = { ...needed, reason: " " };
    expect(checkExceptions([needed], new Set()).map((finding) => finding.message)).toEqual([
      "function-length of src/x/a.ts#long is within the budget now: remove the entry",
    ]);
    expect(checkExceptions([empty], new Set([empty])).map((finding) => finding.message)).toEqual([
      "function-length of src/x/a.ts#long has no reason",
    ]);
    expect(checkExceptions([needed], new Set([needed]))).toEqual([]);
  });
});
