// The arrows are checked over every form of import, and the broken row is named with its reason.

import { expect, test } from "vitest";
import { checkArrows } from "../../tools/check/arrows.ts";

function judge(path: string, text: string): string[] {
  return checkArrows({ path, text }).map((finding) => `${finding.line} ${finding.message}`);
}

test.each([
  ["src/parser/a.ts", "../common/sql.ts"],
  ["src/parser/ast/a.ts", "../../common/sql.ts"],
  ["src/parser/a.ts", "./b.ts"],
  ["src/parser/a.ts", "chevrotain"],
  ["src/refresh/a.ts", "../engine/engine.ts"],
  ["src/refresh/full/a.ts", "../../scheduler/schedule.ts"],
  ["src/gateway/a.ts", "../refresh/refresher.ts"],
  ["src/sluice.ts", "./engine/postgres/engine.ts"],
  ["src/main.ts", "./cli/main.ts"],
  ["test/a.test.ts", "../src/parser/parse.ts"],
])("%s may import %s", (path, specifier) => {
  expect(judge(path, `import { x } from "${specifier}";`)).toEqual([]);
});

test.each([
  [
    "src/common/a.ts",
    "../parser/parse.ts",
    "imports src/parser/parse.ts; common/ may import nothing of ours",
  ],
  [
    "src/parser/a.ts",
    "../catalog/catalog.ts",
    "imports src/catalog/catalog.ts; parser/ may import common/",
  ],
  [
    "src/scheduler/a.ts",
    "../refresh/refresher.ts",
    "imports src/refresh/refresher.ts; scheduler/ may import common/",
  ],
  [
    "src/driver/a.ts",
    "../gateway/sql-gateway.ts",
    "imports src/gateway/sql-gateway.ts; driver/ may import protocol/",
  ],
  ["src/parser/a.ts", "../../tools/x.ts", "imports ../../tools/x.ts, which is outside src"],
])("%s may not import %s", (path, specifier, message) => {
  expect(judge(path, `\nimport { x } from "${specifier}";`)).toEqual([`2 ${message}`]);
});

test("implementation folders are closed to refresh and gateway", () => {
  expect(judge("src/refresh/a.ts", 'import "../engine/postgres/engine.ts";')).toHaveLength(1);
  expect(judge("src/gateway/a.ts", 'import "../scheduler/durable/tick.ts";')).toHaveLength(1);
});

test.each([
  'import type { X } from "../gateway/a.ts";',
  'export { x } from "../gateway/a.ts";',
  'export * from "../gateway/a.ts";',
  'const x = await import("../gateway/a.ts");',
  'type X = import("../gateway/a.ts").X;',
])("%s is an import", (text) => {
  expect(judge("src/engine/a.ts", text)).toHaveLength(1);
});

test("a folder without a row is found", () => {
  expect(judge("src/cleverness/a.ts", "")).toEqual([
    "0 no row of the arrows table covers src/cleverness/a.ts",
  ]);
});
