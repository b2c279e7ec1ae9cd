// Finds and reads the files that the checks look at: everything below the root that is not
// installed, built or produced by a run. Paths are relative to the root and use forward slashes on
// every platform.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** The root of the repository, absolute. */
export const repositoryRoot = fileURLToPath(new URL("../..", import.meta.url));

/** One file with its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

const skipped = new Set(["node_modules", ".git", ".sluice", ".cache", "dist", "coverage"]);

/** Paths of all files below `root`, sorted. */
export function listFiles(root: string, below = ""): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(join(root, below), { withFileTypes: true })) {
    if (skipped.has(entry.name)) continue;
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) found.push(...listFiles(root, path));
    else if (entry.isFile()) found.push(path);
  }
  return found.sort();
}

/** Reads the TypeScript among `paths`. */
export function readTypeScript(root: string, paths: readonly string[]): SourceFile[] {
  return paths.filter((path) => path.endsWith(".ts")).map((path) => readSource(root, path));
}

/** Reads one file as text. */
export function readSource(root: string, path: string): SourceFile {
  return { path, text: readFileSync(join(root, path), "utf8") };
}

const trees = new WeakMap<SourceFile, ts.SourceFile>();

/** The syntax tree of a TypeScript file, with parents; parsed once for all checks. */
export function syntaxTree(source: SourceFile): ts.SourceFile {
  const known = trees.get(source);
  if (known !== undefined) return known;
  const tree = ts.createSourceFile(source.path, source.text, ts.ScriptTarget.ES2023, true);
  trees.set(source, tree);
  return tree;
}
