// Each ban finds its breach where it applies, and leaves alone the places and forms that are
// allowed.

import { expect, test } from "vitest";
import { checkBans, checkFileName, checkText } from "../../tools/check/bans.ts";

function rules(path: string, text: string): string[] {
  return checkBans({ path, text }).map((finding) => finding.rule);
}

// code | rule | a path where it is a breach | a path where it is allowed
const breaches = [
  ["const t = Date.now();", "banned-call", "src/gateway/a.ts", "src/common/clock.ts"],
  ["const t = new Date();", "banned-call", "src/gateway/a.ts", "tools/a.ts"],
  ["const t = new globalThis.Date();", "banned-call", "src/gateway/a.ts", "tools/a.ts"],
  ["setTimeout(f, 10);", "banned-call", "src/gateway/a.ts", "src/common/clock.ts"],
  ["globalThis.setInterval(f, 10);", "banned-call", "src/gateway/a.ts", "src/common/clock.ts"],
  [
    'import { setTimeout as s } from "node:timers/promises";',
    "banned-call",
    "src/a.ts",
    "bench/a.ts",
  ],
  ["AbortSignal.timeout(5);", "banned-call", "src/gateway/a.ts", "src/common/clock.ts"],
  ["const x = Math.random();", "banned-call", "src/gateway/a.ts", "bench/a.ts"],
  ["const x = randomUUID();", "banned-call", "src/gateway/a.ts", "src/common/clock.ts"],
  ["const x = performance.now();", "banned-call", "src/gateway/a.ts", "tools/a.ts"],
  ["const x = process.hrtime.bigint();", "banned-call", "src/gateway/a.ts", "tools/a.ts"],
  ['console.log("x");', "banned-call", "src/gateway/a.ts", "src/cli/a.ts"],
  ["class A extends B {}", "inheritance", "src/gateway/a.ts", "test/a.ts"],
  ['vi.mock("./a.ts");', "mock", "test/unit/a.test.ts", "src/a.ts"],
  ["vi.useFakeTimers();", "mock", "test/unit/a.test.ts", "src/a.ts"],
  ["await sleep(10);", "sleep", "test/unit/a.test.ts", "test/support/a.ts"],
  ["setTimeout(f, 10);", "sleep", "test/unit/a.test.ts", "test/support/a.ts"],
  ['test.skip("x", f);', "skipped-test", "test/unit/a.test.ts", "src/a.ts"],
  ['describe.only("x", f);', "skipped-test", "test/unit/a.test.ts", "src/a.ts"],
  ["export default 1;", "default-export", "src/a.ts", "vitest.config.ts"],
  ["export default function f() {}", "default-export", "tools/a.ts", "vitest.config.ts"],
] as const;

test.each(breaches)("%s is %s in %s, not in %s", (code, rule, where, allowed) => {
  expect(rules(where, code)).toContain(rule);
  expect(rules(allowed, code)).not.toContain(rule);
});

test("enums are refused everywhere", () => {
  expect(rules("test/support/a.ts", "enum A { B }")).toEqual(["enum"]);
});

test.each([
  ["computing with a given moment", "const t = new Date(0); Date.parse(text); Date.UTC(2026, 0);"],
  ["a type", "function f(at: Date): Date { return at; }"],
  ["words in a text", 'const text = "Date.now() and setTimeout(x) and console.log(x)";'],
  [
    "errors, and the classes of the parser",
    "class A extends Error {} class P extends CstParser {}",
  ],
  ["interfaces", "interface A extends B {}"],
])("%s is no breach", (_what, code) => {
  expect(rules("src/gateway/a.ts", code)).toEqual([]);
});

test.each(["utils", "helpers", "types", "constants", "index"])("%s.ts says nothing", (name) => {
  expect(checkFileName(`src/gateway/${name}.ts`)).toHaveLength(1);
  expect(checkFileName(`src/gateway/logical-${name}.ts`)).toEqual([]);
});

test("a test may speak of an address that is nobody's", () => {
  const text = `Host: ${["10", "0", "0", "7:80"].join(".")}`;
  expect(checkText({ path: "test/rest/a.test.ts", text })).toEqual([]);
  expect(checkText({ path: "src/gateway/a.ts", text })).toHaveLength(1);
});

test("notes for later are found in any file, as whole words", () => {
  const later = ["TO", "DO"].join("");
  expect(checkText({ path: "docs/a.md", text: `one\n${later}: two\n` })).toMatchObject([
    { rule: "later-note", line: 2 },
  ]);
  expect(checkText({ path: "docs/a.md", text: `mas${later.toLowerCase()}n, ${later}S` })).toEqual(
    [],
  );
});

test.each([
  ["a home", ["", "home", "ann", "x"].join("/"), 1],
  ["the home of root", ["", "root", ".cache"].join("/"), 1],
  ["a private address with a port", ["10", "1", "2", "3:8080"].join("."), 1],
  ["a route", "/v1/sessions/:session/operations", 0],
  ["the loopback", "127.0.0.1:8083", 0],
  ["a part of an address", "https://example.org/home/page", 0],
])("%s in a tracked file", (_what, path, found) => {
  expect(checkText({ path: "docs/a.md", text: `see ${path} for it` })).toHaveLength(found);
});
