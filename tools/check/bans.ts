// What may not appear in the code: time and chance outside common/clock.ts, output beside the log,
// names that say nothing, inheritance, mocks and sleeps, notes to do something later, and the paths
// of somebody's machine.

import ts from "typescript";
import type { Finding } from "./finding.ts";
import { type SourceFile, syntaxTree } from "./source-tree.ts";

/** A ban on an expression, in the files that `applies` picks. */
interface Ban {
  readonly rule: string;
  readonly applies: (path: string) => boolean;
  /** True for the node that must not be there. */
  readonly matches: (node: ts.Node) => boolean;
  readonly message: string;
  readonly why: string;
}

const production = (path: string) => path.startsWith("src/") && path !== "src/common/clock.ts";
const test = (path: string) => path.startsWith("test/");
const inTests = (path: string) => test(path) && !/^test\/(support|fakes|clients)\//.test(path);

const timeAndChance =
  "time and chance come in through common/clock.ts, so that the simulation can replace them";

const bans: readonly Ban[] = [
  {
    rule: "banned-call",
    applies: production,
    matches: (node) => isCallOf(node, "Date.now") || isCallOf(node, "Date") || isEmptyNew(node),
    message: "reads the machine's clock: take a Clock",
    why: timeAndChance,
  },
  {
    rule: "banned-call",
    applies: production,
    matches: (node) =>
      isCallOf(node, /^(globalThis\.)?set(Timeout|Interval|Immediate)$/) ||
      isCallOf(node, "AbortSignal.timeout") ||
      isImportOf(node, /^node:timers/),
    message: "sets a timer: take a Clock",
    why: timeAndChance,
  },
  {
    rule: "banned-call",
    applies: production,
    matches: (node) => isCallOf(node, /^(performance\.now|process\.hrtime(\.bigint)?)$/),
    message: "measures with the machine's clock: use Clock.monotonic",
    why: timeAndChance,
  },
  {
    rule: "banned-call",
    applies: production,
    matches: (node) =>
      isCallOf(node, /^(Math\.random|(crypto\.)?(randomUUID|randomBytes|randomInt))$/),
    message: "uses chance: take a RandomSource",
    why: timeAndChance,
  },
  {
    rule: "banned-call",
    applies: (path) => production(path) && !path.startsWith("src/cli/"),
    matches: (node) => isCallOf(node, /^console\.\w+$/),
    message: "prints: only the command line prints, everything else logs",
    why: "a log line has a level, an operation and a run; a printed one has nothing",
  },
  {
    rule: "inheritance",
    applies: (path) => path.startsWith("src/"),
    matches: (node) =>
      extendsOf(node, (name) => !/Error$|^(Cst|EmbeddedActions)Parser$/.test(name)),
    message: "extends a class: compose instead",
    why: "behaviour that is spread over a family of classes is read nowhere",
  },
  {
    rule: "mock",
    applies: test,
    matches: (node) => isCallOf(node, /^vi\.(mock|doMock|fn|spyOn|useFakeTimers|stubGlobal)$/),
    message: "mocks: use a fake that the contract suite proves",
    why: "a mock repeats what the author believed; it cannot be wrong together with the product",
  },
  {
    rule: "sleep",
    applies: inTests,
    matches: (node) =>
      isCallOf(node, /^(setTimeout|setInterval|sleep|delay)$/) || isTimersImport(node),
    message: "sleeps: wait for the event or the condition",
    why: "a test that sleeps is slow on a fast machine and fails on a slow one",
  },
  {
    rule: "skipped-test",
    applies: test,
    matches: (node) => isCallOf(node, /^x?(it|test|describe)\.(skip|todo|only)$|^x(it|describe)$/),
    message: "is skipped or focused",
    why: "a test that does not run proves nothing, and nobody comes back to it",
  },
  {
    rule: "enum",
    applies: () => true,
    matches: (node) => ts.isEnumDeclaration(node),
    message: "is an enum: use an `as const` array",
    why: "the runtime list and the type cannot drift apart",
  },
  {
    rule: "default-export",
    applies: (path) => !path.endsWith(".config.ts"),
    matches: (node) => ts.isExportAssignment(node) || hasDefaultModifier(node),
    message: "is a default export: export it by name",
    why: "one thing has one name wherever it is used",
  },
];

/** Breaches of the bans in one TypeScript file. */
export function checkBans(source: SourceFile): Finding[] {
  const tree = syntaxTree(source);
  const active = bans.filter((ban) => ban.applies(source.path));
  const findings: Finding[] = [];
  const visit = (node: ts.Node): void => {
    for (const { rule, matches, message, why } of active) {
      if (!matches(node)) continue;
      const line = tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
      const text = node.getText(tree).split("\n")[0]?.slice(0, 40) ?? "";
      findings.push({ rule, file: source.path, line, message: `\`${text}\` ${message}`, why });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return findings;
}

const emptyNames = /(^|\/)(utils?|helpers?|types|constants|index|misc)\.ts$/;

/** Names that say nothing. */
export function checkFileName(path: string): Finding[] {
  if (!emptyNames.test(path)) return [];
  const why = "a file is named after the one thing that it exports";
  return [{ rule: "file-name", file: path, line: 0, message: "has a name that says nothing", why }];
}

// Written so that this file does not match itself.
const laterNotes = new RegExp(
  `\\b(${["FIX", "TO"].map((a, i) => a + ["ME", "DO"][i]).join("|")})\\b`,
);
const machinePaths =
  /(?<![\w.])\/(home|root|Users|work|tmp\/(?!sluice)[\w-]+)\/[\w.-]+|\b[A-Z]:\\Users\\|\b(10|192\.168)(\.\d{1,3}){2,3}:\d+/;

/** Text that no tracked file may hold, whatever its kind. */
export function checkText(source: SourceFile): Finding[] {
  const findings: Finding[] = [];
  for (const [index, line] of source.text.split("\n").entries()) {
    const place = { file: source.path, line: index + 1 };
    const later = laterNotes.exec(line);
    if (later !== null) {
      const why =
        "what is not done is an issue or a sentence in the documents, not a note in the code";
      findings.push({ rule: "later-note", ...place, message: `holds ${later[0]}`, why });
    }
    const machine = machinePaths.exec(line);
    // A test may speak of an address that is nobody's.
    if (machine !== null && !(test(source.path) && /^\d/.test(machine[0]))) {
      const why = "it works on one machine only";
      findings.push({
        rule: "machine-path",
        ...place,
        message: `holds the path ${machine[0]}`,
        why,
      });
    }
  }
  return findings;
}

function isCallOf(node: ts.Node, callee: string | RegExp): boolean {
  if (!ts.isCallExpression(node)) return false;
  const name = node.expression.getText().replace(/^globalThis\./, "");
  return typeof callee === "string" ? name === callee : callee.test(name);
}

/** `new Date()`: with arguments it only computes. */
function isEmptyNew(node: ts.Node): boolean {
  if (!ts.isNewExpression(node)) return false;
  const name = node.expression.getText().replace(/^globalThis\./, "");
  return name === "Date" && (node.arguments?.length ?? 0) === 0;
}

function isImportOf(node: ts.Node, from: RegExp): boolean {
  return (
    ts.isImportDeclaration(node) &&
    ts.isStringLiteral(node.moduleSpecifier) &&
    from.test(node.moduleSpecifier.text)
  );
}

function isTimersImport(node: ts.Node): boolean {
  return isImportOf(node, /^node:timers/);
}

function extendsOf(node: ts.Node, bad: (name: string) => boolean): boolean {
  if (!ts.isHeritageClause(node) || node.token !== ts.SyntaxKind.ExtendsKeyword) return false;
  if (!ts.isClassLike(node.parent)) return false;
  return node.types.some((type) => bad(type.expression.getText()));
}

function hasDefaultModifier(node: ts.Node): boolean {
  if (!ts.canHaveModifiers(node)) return false;
  return (
    ts.getModifiers(node)?.some((modifier) => modifier.kind === ts.SyntaxKind.DefaultKeyword) ===
    true
  );
}
