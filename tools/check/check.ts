// `npm run check [-- name…]`: all static checks, side by side, each failure with the broken rule
// and why it is one. Exits 1 if anything was found. With names only those checks run.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BudgetException } from "./budgets.ts";
import { checkDrift } from "./drift.ts";
import { runProgram } from "./external.ts";
import { type Finding, renderFinding } from "./finding.ts";
import { listFiles, repositoryRoot as root } from "./source-tree.ts";
import { tidyTree } from "./tidy.ts";

interface Outcome {
  readonly ok: boolean;
  readonly output: string;
}

interface Check {
  readonly name: string;
  /** Printed when it fails. */
  readonly rule: string;
  readonly run: () => Promise<Outcome>;
}

const paths = listFiles(root);
const exceptions = JSON.parse(
  readFileSync(join(root, "tools/check/budget-exceptions.json"), "utf8"),
) as BudgetException[];
const own = { done: false, tidy: [] as Finding[], arrows: [] as Finding[] };

const checks: readonly Check[] = [
  {
    name: "types",
    rule: "the strict compiler options of tsconfig.json hold for every file",
    run: () => runProgram(root, "tsgo", ["--noEmit", "--pretty", "false"]),
  },
  {
    name: "lint",
    rule: ".oxlintrc.json: no any, no non-null assertion, no floating promise, no namespace, …",
    run: () => runProgram(root, "oxlint", ["--type-aware", "--deny-warnings", "-f", "unix"]),
  },
  {
    name: "format",
    rule: "biome.json decides about white space, so that nobody discusses it: npm run format",
    run: () => runProgram(root, "biome", ["format", "--colors=off", "--max-diagnostics=60"]),
  },
  {
    name: "dead code",
    rule: "what nothing uses is removed: files, exports, dependencies (knip.json)",
    run: () => runProgram(root, "knip", ["--no-progress"]),
  },
  {
    name: "tidy",
    rule: "tools/check/{budgets,bans}.ts",
    run: async () => outcome(ownRules().tidy),
  },
  { name: "arrows", rule: "tools/check/arrows.ts", run: async () => outcome(ownRules().arrows) },
  { name: "drift", rule: "generated files equal their source", run: drift },
];

/** Budgets, bans and arrows read the same files: once. */
function ownRules(): { readonly tidy: Finding[]; readonly arrows: Finding[] } {
  if (!own.done) Object.assign(own, tidyTree(root, paths, exceptions), { done: true });
  return own;
}

async function drift(): Promise<Outcome> {
  const { generate } = await import("../update/generate.ts");
  return outcome(checkDrift(root, await generate()));
}

function outcome(findings: readonly Finding[]): Outcome {
  return { ok: findings.length === 0, output: findings.map(renderFinding).join("\n") };
}

async function runCheck(check: Check): Promise<boolean> {
  const started = performance.now();
  const result = await check
    .run()
    .catch((error: unknown) => ({ ok: false, output: String(error) }));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (result.ok) console.log(`ok      ${check.name} (${seconds} s)`);
  else console.log(`FAILED  ${check.name} (${seconds} s): ${check.rule}\n${indent(result.output)}`);
  return result.ok;
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, "        ");
}

const wanted = process.argv.slice(2);
const chosen = checks.filter((check) => wanted.length === 0 || wanted.includes(check.name));
const results = await Promise.all(chosen.map(runCheck));
const failed = results.filter((ok) => !ok).length;
console.log(`${results.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 && results.length > 0 ? 0 : 1;
