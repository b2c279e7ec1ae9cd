// Every relative link of the documents leads to a file or folder that exists, and ARCHITECTURE.md names code at all.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { listFiles, repositoryRoot } from "../../tools/check/source-tree.ts";

const documents = listFiles(repositoryRoot).filter((path) => path.endsWith(".md"));

/** Targets of `[text](target)` without anchors; addresses elsewhere are not ours to check. */
function linksOf(path: string): string[] {
  const text = readFileSync(join(repositoryRoot, path), "utf8").replaceAll(/^```.*?^```$/gms, "");
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => (target ?? "").replace(/#.*$/, ""))
    .filter((target) => target !== "" && !/^[a-z]+:/.test(target));
}

test.each(documents)("links of %s", (path) => {
  const folder = dirname(join(repositoryRoot, path));
  const dead = linksOf(path).filter((target) => !existsSync(join(folder, target)));
  expect(dead).toEqual([]);
});

test("ARCHITECTURE.md links the roads to the code", () => {
  const code = linksOf("ARCHITECTURE.md").filter((target) => target.startsWith("src/"));
  expect(code.length).toBeGreaterThanOrEqual(20);
});
