// `npx tsx tools/check/rewrap.ts [path…]`: breaks comments that are over the line budget again, so
// that nobody does it by hand. Only whole-line comments with such a line are touched; lists and
// indented text stay as they are.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rewrapComments } from "./rewrap-comments.ts";
import { listFiles, repositoryRoot } from "./source-tree.ts";

const given = process.argv.slice(2);
const paths = listFiles(repositoryRoot).filter(
  (path) =>
    path.endsWith(".ts") &&
    /^(src|test|tools|bench)\//.test(path) &&
    (given.length === 0 || given.some((prefix) => path.startsWith(prefix))),
);
for (const path of paths) {
  const file = join(repositoryRoot, path);
  const text = readFileSync(file, "utf8");
  const wrapped = rewrapComments(text);
  if (wrapped === text) continue;
  writeFileSync(file, wrapped);
  console.log(path);
}
