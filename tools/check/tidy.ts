// Runs our own rules over the tree: budgets, bans, names, texts and arrows. Pure given the files;
// the rules live in budgets.ts, bans.ts and arrows.ts, and test/tidy plants a breach of each.

import { checkArrows } from "./arrows.ts";
import { checkBans, checkFileName, checkText } from "./bans.ts";
import { type BudgetException, checkBudgets, checkExceptions } from "./budgets.ts";
import type { Finding } from "./finding.ts";
import { readSource, readTypeScript, type SourceFile } from "./source-tree.ts";

/** Budgets and bans over every TypeScript file. */
export function tidy(
  sources: readonly SourceFile[],
  exceptions: readonly BudgetException[],
): Finding[] {
  const used = new Set<BudgetException>();
  const findings = sources.flatMap((source) => [
    ...checkFileName(source.path),
    ...checkBudgets(source, exceptions, used),
    ...checkBans(source),
  ]);
  return [...findings, ...checkExceptions(exceptions, used)];
}

/**
 * Texts that no file may hold; every text file, not TypeScript alone. Recorded traffic is what it
 * is.
 */
export function tidyTexts(root: string, paths: readonly string[]): Finding[] {
  const texts = paths.filter(
    (path) =>
      /\.(ts|js|json|md|sql|q|txt|yaml|yml|sh|java|ebnf|html|jdbc)$/.test(path) || !/\./.test(path),
  );
  return texts
    .filter((path) => path !== "package-lock.json" && !/(^|\/)fixtures\//.test(path))
    .flatMap((path) => checkText(readSource(root, path)));
}

/** Arrows over src, and the TypeScript read once for both. */
export function tidyTree(
  root: string,
  paths: readonly string[],
  exceptions: readonly BudgetException[],
): { readonly tidy: Finding[]; readonly arrows: Finding[] } {
  const sources = readTypeScript(root, paths);
  return {
    tidy: [...tidy(sources, exceptions), ...tidyTexts(root, paths)],
    arrows: sources.flatMap((source) => checkArrows(source)),
  };
}
