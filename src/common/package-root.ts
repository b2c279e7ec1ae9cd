// Where this package lies, whether its sources run or what was built of them, and its version.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of package.json, absolute. */
export const packageRoot = rootAbove(dirname(fileURLToPath(import.meta.url)));

/** The version of this build. */
export function packageVersion(): string {
  const manifest = readFileSync(join(packageRoot, "package.json"), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

function rootAbove(folder: string): string {
  if (existsSync(join(folder, "package.json"))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error("package.json is missing above the program");
  return rootAbove(parent);
}
