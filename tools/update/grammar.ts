// grammar/*: the parser's rules as EBNF, keyword list and railroad diagrams, from the rules the
// parser runs.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import {
  grammarEbnf,
  grammarKeywords,
  grammarRailroad,
  grammarReadme,
} from "../../src/parser/describe-grammar.ts";
import type { GeneratedFiles } from "./generated-page.ts";

/** The page runs them in this order; each finds the ones before it. */
const scripts = [
  "vendor/railroad-diagrams.js",
  "src/diagrams_builder.js",
  "src/diagrams_behavior.js",
  "src/main.js",
];

/** Four files. */
export function files(): GeneratedFiles {
  const entryPoint = createRequire(import.meta.url).resolve("chevrotain");
  const diagrams = join(dirname(entryPoint), "../../diagrams");
  const read = (name: string) => readFileSync(join(diagrams, name), "utf8");
  return {
    "grammar/statements.ebnf": grammarEbnf(),
    "grammar/keywords.txt": grammarKeywords(),
    "grammar/railroad.html": grammarRailroad({
      css: read("diagrams.css"),
      scripts: scripts.map(read),
    }),
    "grammar/README.md": grammarReadme(),
  };
}
