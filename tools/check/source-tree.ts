// Finds and reads the files that the checks look at: everything below the root that is not
// installed, built or produced by a run. Paths are relative to the root and use forward slashes on
// every platform.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

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
