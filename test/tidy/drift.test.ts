// A generated file that is missing or differs is found, with the first line that differs.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { checkDrift } from "../../tools/check/drift.ts";

const root = mkdtempSync(join(tmpdir(), "sluice-drift-"));
afterAll(() => rmSync(root, { recursive: true }));

function messages(files: Record<string, string>): string[] {
  return checkDrift(root, files).map((finding) => `${finding.file} ${finding.message}`);
}

test("equal, different and missing files", () => {
  writeFileSync(join(root, "a.md"), "one\ntwo\n");
  expect(messages({ "a.md": "one\ntwo\n" })).toEqual([]);
  expect(messages({ "a.md": "one\n2\n" })).toEqual(["a.md differs from line 2 on"]);
  expect(messages({ "b.md": "one\n" })).toEqual(["b.md was never written"]);
});
