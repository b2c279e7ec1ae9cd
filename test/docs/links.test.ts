// Every relative link of the documents leads to a file or folder that exists, and ARCHITECTURE.md
// names code at all.

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { listFiles, repositoryRoot } from "../../tools/check/source-tree.ts";

const files = listFiles(repositoryRoot);
const documents = files.filter((path) => path.endsWith(".md"));
/** Files, and folders that hold any: an empty folder is not in a clone. */
const known = new Set(files.flatMap((path) => [path, ...foldersOf(path)]));

function foldersOf(path: string): string[] {
  const parts = path.split("/");
  return parts.slice(0, -1).map((_, at) => parts.slice(0, at + 1).join("/"));
}

/** Targets of `[text](target)` without anchors; addresses elsewhere are not ours to check. */
function linksOf(path: string): string[] {
  const text = readFileSync(join(repositoryRoot, path), "utf8").replaceAll(/^```.*?^```$/gms, "");
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => (target ?? "").replace(/#.*$/, ""))
    .filter((target) => target !== "" && !/^[a-z]+:/.test(target));
}

test.each(documents)("links of %s", (path) => {
  const dead = linksOf(path).filter((target) => !known.has(join(dirname(path), target)));
  expect(dead).toEqual([]);
});

test("ARCHITECTURE.md links the roads to the code", () => {
  const code = linksOf("ARCHITECTURE.md").filter((target) => target.startsWith("src/"));
  expect(code.length).toBeGreaterThanOrEqual(20);
});
