// Size budgets: small functions, files, lines and parameter lists. Anything larger needs an entry
// in budget-exceptions.json with a reason, and an entry that is not needed any more is itself a
// finding.

import ts from "typescript";
import type { Finding } from "./finding.ts";
import { type SourceFile, syntaxTree } from "./source-tree.ts";

export const limits = { function: 70, file: 400, line: 100, parameters: 4 } as const;

/** An allowed breach. `where` is a file, or `file#name` for one function of it. */
export interface BudgetException {
  readonly rule: "function-length" | "file-length" | "parameters";
  readonly where: string;
  readonly reason: string;
}

const why = {
  "function-length": "a function that does not fit on a screen is not understood at a glance",
  "file-length": "a file is about one thing; two things are two files",
  "line-length": "side-by-side diffs and small screens",
  parameters: "more than four positional values get mixed up: pass one named object",
} as const;

/** All budget breaches of one file. `used` collects the exceptions that were needed. */
export function checkBudgets(
  source: SourceFile,
  exceptions: readonly BudgetException[],
  used: Set<BudgetException>,
): Finding[] {
  const tree = syntaxTree(source);
  const findings = [
    ...fileLength(source),
    ...lineLengths(source, tree),
    ...functions(source, tree),
  ];
  return findings
    .filter(({ finding, name }) => {
      const exception = exceptions.find(
        (entry) =>
          entry.rule === finding.rule &&
          (entry.where === source.path || entry.where === `${source.path}#${name}`),
      );
      if (exception !== undefined) used.add(exception);
      return exception === undefined;
    })
    .map(({ finding }) => finding);
}

/** Entries of the exception list that no file needs, or that give no reason. */
export function checkExceptions(
  exceptions: readonly BudgetException[],
  used: ReadonlySet<BudgetException>,
): Finding[] {
  const findings: Finding[] = [];
  const file = "tools/check/budget-exceptions.json";
  for (const entry of exceptions) {
    if (!used.has(entry)) {
      const message = `${entry.rule} of ${entry.where} is within the budget now: remove the entry`;
      findings.push({ rule: "exception", file, line: 0, message, why: "the list must stay short" });
    }
    if (entry.reason.trim().length < 10) {
      const message = `${entry.rule} of ${entry.where} has no reason`;
      findings.push({ rule: "exception", file, line: 0, message, why: "a breach is argued for" });
    }
  }
  return findings;
}

interface Named {
  readonly finding: Finding;
  /** The function's name; empty for the file and its lines. */
  readonly name: string;
}

function fileLength(source: SourceFile): Named[] {
  const lines = source.text.split("\n").length - (source.text.endsWith("\n") ? 1 : 0);
  if (lines <= limits.file) return [];
  const message = `${lines} lines, the budget is ${limits.file}`;
  return [named(source.path, 0, "file-length", message)];
}

/**
 * Long lines, except those that are nothing but one literal, or carry a link: neither can be
 * broken.
 */
function lineLengths(source: SourceFile, tree: ts.SourceFile): Named[] {
  const found: Named[] = [];
  let inLiteral: Set<number> | undefined;
  for (const [index, line] of source.text.split("\n").entries()) {
    if ([...line].length <= limits.line || /https?:\/\//.test(line)) continue;
    inLiteral ??= literalLines(tree);
    if (inLiteral.has(index)) continue;
    const message = `${[...line].length} characters, the budget is ${limits.line}`;
    found.push(named(source.path, index + 1, "line-length", message));
  }
  return found;
}

/** Lines (from 0) that consist of one string or regular expression and punctuation. */
function literalLines(tree: ts.SourceFile): Set<number> {
  const lines = new Set<number>();
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node) || isRegex(node)) {
      const start = tree.getLineAndCharacterOfPosition(node.getStart(tree));
      const end = tree.getLineAndCharacterOfPosition(node.getEnd());
      const before = tree.text.slice(node.getStart(tree) - start.character, node.getStart(tree));
      if (start.line === end.line && /^[\s[({+]*$/.test(before)) lines.add(start.line);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return lines;
}

function isRegex(node: ts.Node): boolean {
  return node.kind === ts.SyntaxKind.RegularExpressionLiteral;
}

function functions(source: SourceFile, tree: ts.SourceFile): Named[] {
  const found: Named[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) found.push(...judge(source, tree, node));
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function judge(
  source: SourceFile,
  tree: ts.SourceFile,
  node: ts.SignatureDeclaration,
): readonly Named[] {
  const found: Named[] = [];
  const name = nameOf(node);
  const start = tree.getLineAndCharacterOfPosition(node.getStart(tree)).line;
  const parameters = node.parameters.filter((p) => p.name.getText(tree) !== "this").length;
  if (parameters > limits.parameters && !isTableRow(node)) {
    const message = `${name} takes ${parameters} parameters, the budget is ${limits.parameters}`;
    found.push({ ...named(source.path, start + 1, "parameters", message), name });
  }
  const length = tree.getLineAndCharacterOfPosition(node.getEnd()).line - start + 1;
  if ("body" in node && length > limits.function && !isSuite(node)) {
    const message = `${name} has ${length} lines, the budget is ${limits.function}`;
    found.push({ ...named(source.path, start + 1, "function-length", message), name });
  }
  return found;
}

/** The callback of `describe(…)` only groups tests: each test in it is measured by itself. */
function isSuite(node: ts.Node): boolean {
  const call = node.parent;
  if (call === undefined || !ts.isCallExpression(call)) return false;
  return /^describe\b/.test(call.expression.getText());
}

/**
 * The callback of `test.each(rows)(name, callback)`: its parameters are the columns of the table.
 */
function isTableRow(node: ts.Node): boolean {
  const call = node.parent;
  if (call === undefined || !ts.isCallExpression(call)) return false;
  return /^(test|it|describe)\.each\b/.test(call.expression.getText());
}

/** The name a reader would look for: its own, or that of the variable or property that holds it. */
function nameOf(node: ts.SignatureDeclaration): string {
  if (ts.isConstructorDeclaration(node)) {
    const owner = ts.isClassLike(node.parent) ? node.parent.name?.text : undefined;
    return `${owner ?? "class"}.constructor`;
  }
  if (node.name !== undefined) return node.name.getText();
  const holder = node.parent;
  if (ts.isVariableDeclaration(holder) || ts.isPropertyAssignment(holder)) {
    return holder.name.getText();
  }
  return "anonymous function";
}

function named(file: string, line: number, rule: keyof typeof why, message: string): Named {
  return { finding: { rule, file, line, message, why: why[rule] }, name: "" };
}
