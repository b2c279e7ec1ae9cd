// `npm run update`: writes every generated file and says which ones changed.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { repositoryRoot } from "../check/source-tree.ts";
import { generate } from "./generate.ts";

const files = await generate();
let changed = 0;
for (const [path, text] of Object.entries(files)) {
  const file = join(repositoryRoot, path);
  if (existsSync(file) && readFileSync(file, "utf8") === text) continue;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  changed += 1;
  console.log(`wrote ${path}`);
}
console.log(`${Object.keys(files).length} generated files, ${changed} changed`);
