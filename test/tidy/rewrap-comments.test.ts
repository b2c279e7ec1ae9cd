// Comments over the budget are broken at words; code, lists, links and comments within the budget
// stay as they are.

import { expect, test } from "vitest";
import { rewrapComments } from "../../tools/check/rewrap-comments.ts";

const long = "word ".repeat(30).trim();

test("a paragraph is broken again as a whole", () => {
  const wrapped = rewrapComments(`  // ${long}\n  // tail\n  //\n  // next\n`);
  expect(wrapped.split("\n").every((line) => line.length <= 100)).toBe(true);
  expect(wrapped.replaceAll(/\s*\/\/ ?/g, " ").trim()).toBe(`${long} tail  next`);
  expect(rewrapComments(wrapped)).toBe(wrapped);
});

test("a documentation comment on one line becomes a block", () => {
  const wrapped = rewrapComments(`  /** ${long} */\n  x: 1;\n`);
  expect(wrapped.startsWith("  /**\n   * word")).toBe(true);
  expect(wrapped.endsWith("word\n   */\n  x: 1;\n")).toBe(true);
});

test.each([
  `const text = "${long} ${long}";\n`,
  "// short\n// lines stay apart\n",
  `//   ${long}\n`,
  `// | ${long} |\n`,
  `// https://example.org/${"x".repeat(120)}\n`,
  `step(); // ${long}\n`,
])("%s stays", (text) => {
  expect(rewrapComments(text)).toBe(text);
});
