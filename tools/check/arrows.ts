// The arrows of the architecture as data: which part of the tree may import which. A breach prints
// the row of the table that it breaks. Imports of types count: a type ties two modules together as
// firmly as a value does.

import ts from "typescript";
import type { Finding } from "./finding.ts";
import { type SourceFile, syntaxTree } from "./source-tree.ts";

/** One row of the table: files below `module` may import what `may` lists, and themselves. */
export interface Arrow {
  /** Folder below src, or a file. The longest matching row counts. */
  readonly module: string;
  /** Folders (ending in `/`) or files below src; "*" is everything. */
  readonly may: readonly string[];
  readonly why: string;
}

export const arrows: readonly Arrow[] = [
  { module: "common/", may: [], why: "common is the ground: it imports nothing of ours" },
  {
    module: "protocol/",
    may: [],
    why: "the wire is shared with clients: it imports nothing of ours",
  },
  {
    module: "parser/",
    may: ["common/"],
    why: "parsing is pure: no catalog, no engine, no database",
  },
  {
    module: "catalog/",
    may: ["common/"],
    why: "the catalog says what exists; it knows neither parser, engine, scheduler nor gateway",
  },
  {
    module: "query/",
    may: ["common/", "catalog/"],
    why: "query analyses text and yields algebra; it runs nothing and serves nobody",
  },
  {
    module: "engine/",
    may: ["common/", "catalog/", "query/"],
    why: "the engine runs steps that it is given; it does not know why or when",
  },
  {
    module: "scheduler/",
    may: ["common/"],
    why: "the scheduler knows nothing of tables: it calls a function it was given",
  },
  {
    module: "refresh/",
    may: [
      "common/",
      "catalog/",
      "query/",
      "engine/engine.ts",
      "engine/refresh-step.ts",
      "engine/storage.ts",
      "scheduler/schedule.ts",
      "scheduler/task-runner.ts",
      "scheduler/scheduler.ts",
    ],
    why: "the door into a table sees ports, never implementations, gateway or parser",
  },
  {
    module: "tasks/",
    may: [
      "common/",
      "catalog/",
      "refresh/",
      "engine/engine.ts",
      "scheduler/task-runner.ts",
      "scheduler/scheduler.ts",
      "scheduler/variables/",
    ],
    why: "a task is what the scheduler runs; it does not know the gateway",
  },
  {
    module: "workflows/",
    may: [
      "common/",
      "catalog/",
      "query/",
      "refresh/",
      "scheduler/schedule.ts",
      "scheduler/task-runner.ts",
      "scheduler/scheduler.ts",
      "scheduler/cron-expression.ts",
      "scheduler/variables/",
    ],
    why: "workflows of users are checked against tables and handed to the scheduler's port",
  },
  {
    module: "backfill/",
    may: [
      "common/",
      "catalog/",
      "query/",
      "refresh/",
      "workflows/",
      "scheduler/schedule.ts",
      "scheduler/task-runner.ts",
      "scheduler/scheduler.ts",
      "scheduler/backfill-runs.ts",
      "scheduler/variables/",
    ],
    why: "a backfill is planned from tables and workflows and handed to the scheduler's port",
  },
  {
    module: "commands/",
    may: [
      "common/",
      "catalog/",
      "refresh/",
      "workflows/",
      "backfill/",
      "scheduler/scheduler.ts",
      "scheduler/task-runner.ts",
    ],
    why: "a command from SQL calls the services that statements call",
  },
  {
    module: "gateway/",
    may: [
      "common/",
      "protocol/",
      "parser/",
      "catalog/",
      "query/",
      "refresh/",
      "workflows/",
      "backfill/",
      "ops/monitoring.ts",
      "engine/engine.ts",
      "scheduler/schedule.ts",
      "scheduler/task-runner.ts",
      "scheduler/scheduler.ts",
      "scheduler/workflow-scheduler.ts",
    ],
    why: "the gateway speaks to ports: implementation folders are joined in sluice.ts alone",
  },
  {
    module: "ops/",
    may: ["common/", "catalog/", "engine/", "config.ts"],
    why: "what an operator runs works without a gateway",
  },
  { module: "notify/", may: ["common/"], why: "notifications are told what happened" },
  { module: "driver/", may: ["protocol/"], why: "the driver must be publishable on its own" },
  {
    module: "cli/",
    may: ["driver/", "protocol/", "parser/", "common/", "ops/", "config.ts", "sluice.ts"],
    why: "the command is a client: it neither serves nor reads the catalog itself",
  },
  { module: "config.ts", may: ["common/"], why: "options are data for everybody" },
  { module: "assemble.ts", may: ["*"], why: "the composition root joins everything" },
  { module: "assemble-work.ts", may: ["*"], why: "the composition root joins everything" },
  { module: "program/", may: ["*"], why: "a program's entry is a composition root too" },
  {
    module: "operations.ts",
    may: ["common/", "config.ts", "notify/", "ops/"],
    why: "what goes on beside the work knows neither tables nor statements",
  },
  { module: "sluice.ts", may: ["*"], why: "the composition root joins everything" },
  { module: "main.ts", may: ["cli/"], why: "the entry point is `sluice start` and nothing else" },
];

/** Every import of `source` that the table does not allow; only files below src are looked at. */
export function checkArrows(source: SourceFile, table: readonly Arrow[] = arrows): Finding[] {
  if (!source.path.startsWith("src/")) return [];
  const from = source.path.slice("src/".length);
  const row = rowOf(from, table);
  if (row === undefined) {
    const why = "architecture: every part of the tree has its row, so that it has its limits";
    return [finding(source.path, 0, `no row of the arrows table covers src/${from}`, why)];
  }
  const findings: Finding[] = [];
  for (const { line, specifier } of importsOf(source)) {
    const broken = judge(row, from, specifier);
    if (broken !== null) findings.push(finding(source.path, line, broken, row.why));
  }
  return findings;
}

/** The row with the longest matching module. */
function rowOf(path: string, table: readonly Arrow[]): Arrow | undefined {
  const matching = table.filter((row) => covers(row.module, path));
  return matching.sort((a, b) => b.module.length - a.module.length)[0];
}

function covers(pattern: string, path: string): boolean {
  return pattern === "*" || pattern === path || (pattern.endsWith("/") && path.startsWith(pattern));
}

/** What is wrong with an import, or null. Packages are not arrows' business. */
function judge(row: Arrow, from: string, specifier: string): string | null {
  if (!specifier.startsWith(".")) return null;
  const target = resolve(from, specifier);
  if (target === null) return `imports ${specifier}, which is outside src`;
  if (covers(row.module, target) || row.may.some((allowed) => covers(allowed, target))) return null;
  const allowed = row.may.length === 0 ? "nothing of ours" : row.may.join(", ");
  return `imports src/${target}; ${row.module} may import ${allowed}`;
}

/** `../common/x.ts` seen from `refresh/y.ts` is `common/x.ts`; null if it leaves src. */
function resolve(from: string, specifier: string): string | null {
  const parts = from.split("/").slice(0, -1);
  for (const part of specifier.split("/")) {
    if (part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join("/");
}

/** All import and export specifiers, dynamic imports and `import("…")` types included. */
export function importsOf(source: SourceFile): { line: number; specifier: string }[] {
  const tree = syntaxTree(source);
  const found: { line: number; specifier: string }[] = [];
  const visit = (node: ts.Node): void => {
    const literal = specifierOf(node);
    if (literal !== null) {
      const line = tree.getLineAndCharacterOfPosition(literal.getStart(tree)).line + 1;
      found.push({ line, specifier: literal.text });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function specifierOf(node: ts.Node): ts.StringLiteralLike | null {
  let candidate: ts.Node | undefined;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node))
    candidate = node.moduleSpecifier;
  else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    candidate = node.arguments[0];
  else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
    candidate = node.argument.literal;
  return candidate !== undefined && ts.isStringLiteralLike(candidate) ? candidate : null;
}

function finding(file: string, line: number, message: string, why: string): Finding {
  return { rule: "arrows", file, line, message, why };
}
