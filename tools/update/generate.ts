// Everything that is generated, in one list. `npm run update` writes it, the drift check compares
// it.

import type { GeneratedFiles } from "./generated-page.ts";
import { compatibilityPages } from "./compatibility.ts";
import { coveragePages } from "./coverage.ts";
import { errorPages } from "./errors.ts";
import { files as grammarFiles } from "./grammar.ts";
import { optionPages } from "./options.ts";
import { statementPages } from "./statements.ts";

const generators: readonly (() => GeneratedFiles | Promise<GeneratedFiles>)[] = [
  errorPages,
  optionPages,
  statementPages,
  compatibilityPages,
  coveragePages,
  grammarFiles,
];

/** All generated files. Two generators never write the same path. */
export async function generate(): Promise<GeneratedFiles> {
  const files: Record<string, string> = {};
  for (const generator of generators) {
    for (const [path, text] of Object.entries(await generator())) {
      if (files[path] !== undefined) throw new Error(`two generators write ${path}`);
      files[path] = text;
    }
  }
  return files;
}
