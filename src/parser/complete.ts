// What may stand at the cursor: keywords by the grammar (chevrotain's content assist), beginnings
// of PostgreSQL's statements by a list, names by what the caller knows of the catalog.

import { unreachable } from "../common/assert.ts";
import { CodePoints } from "./code-points.ts";
import { cutTokens } from "./cut.ts";
import { theParser } from "./grammar/statement-parser.ts";
import { keywordType, terminals } from "./grammar/tokens.ts";
import { Lexer } from "./lexer.ts";
import { type NameKind, nameKindBehind, taskNames } from "./name-kind.ts";
import { nestedTooDeeply } from "./nesting.ts";
import {
  postgresHeads,
  queryWords,
  wordsBeforeNames,
  wordsBeforeTables,
} from "./postgres-words.ts";
import { name as printName } from "./render/parts.ts";
import { shortened } from "./shorten-tokens.ts";
import { Source } from "./source.ts";
import { skipByteOrderMark } from "./split-script.ts";
import { findStatement } from "./statement-bounds.ts";
import { readHead } from "./statement-owner.ts";

/** What Flink's SQL client is offered on an empty line: its own commands. */
const emptyLine = ["CLEAR", "HELP", "EXIT", "QUIT", "RESET", "SET"];

/**
 * Candidates for the word at `position` (zero-based code points), sorted; `catalogNames` are names
 * of the catalog (qualified or not, quoted where needed), offered where a name may stand. A
 * position outside of the text, and one inside of a string, a quoted name or a comment, answers
 * nothing. Throws nothing.
 */
export function complete(
  text: string,
  position: number,
  catalogNames: readonly string[],
  others: OtherNames = { workflows: [], queues: [] },
): readonly string[] {
  const cursor = cursorAt(text, position);
  if (cursor === null) return [];
  if (cursor.words.length === 0 && cursor.partial === "") return emptyLine;
  const { keywords, names } = candidates(cursor);
  const typed = cursor.partial.toUpperCase();
  const found = new Set(keywords.filter((word) => word.startsWith(typed)));
  if (names !== null) {
    const known = namesOf(names, cursor, catalogNames, others);
    for (const name of matchingNames(cursor, known)) found.add(name);
  }
  return [...found].sort();
}

/** Names that stand in statements about workflows, quoted where needed. */
export interface OtherNames {
  readonly workflows: readonly string[];
  readonly queues: readonly string[];
}

interface Cursor {
  /** The statement up to the word at the cursor. */
  readonly before: string;
  /** The letters of that word that are left of the cursor. */
  readonly partial: string;
  /** First words of the statement, as `readHead` gives them. */
  readonly words: readonly string[];
  /** The path before the word, with its last point: `db.`; empty if there is none. */
  readonly path: string;
}

/** Null where nothing can be completed. */
function cursorAt(text: string, position: number): Cursor | null {
  if (!Number.isInteger(position) || position < 0) return null;
  const codePoints = new CodePoints(text);
  if (position > codePoints.position(text.length)) return null;
  const left = text.slice(skipByteOrderMark(text), codePoints.offset(position));
  const start = lastStatement(left);
  const lexer = new Lexer(left, start);
  let partialStart = left.length;
  let path = "";
  while (lexer.advance()) {
    if (!lexer.complete) return null;
    const isLast = lexer.end === left.length;
    if (isLast && lexer.kind === "word") partialStart = lexer.start;
    else if (isLast && lexer.kind === "comment" && lexer.image.startsWith("--")) return null;
    else path = pathSoFar(path, lexer);
  }
  const before = left.slice(start, partialStart);
  const words = readHead(before, 0, before.length);
  return { before, partial: left.slice(partialStart), words, path: path.endsWith(".") ? path : "" };
}

/** Three quoted names of PostgreSQL; longer ones are no path. */
const longestPath = 400;

function pathSoFar(path: string, lexer: Lexer): string {
  const isName = lexer.kind === "word" || lexer.kind.endsWith("quoted-name");
  if (path.length > longestPath) return "";
  if (isName) return path.endsWith(".") ? path + lexer.image : lexer.image;
  return lexer.image === "." && path !== "" ? `${path}.` : "";
}

/** Where the statement begins that the text ends in. */
function lastStatement(text: string): number {
  for (let start = 0; ; ) {
    const bounds = findStatement(text, start);
    if (bounds.next >= text.length) {
      return text.slice(bounds.end).trimStart().startsWith(";") ? text.length : start;
    }
    start = bounds.next;
  }
}

interface Candidates {
  readonly keywords: readonly string[];
  /** Which names may stand here too; null: none. */
  readonly names: NameKind | null;
}

function candidates(cursor: Cursor): Candidates {
  const tokens = cutTokens(cursor.before, 0, cursor.before.length);
  const heads = headWords(cursor.words);
  const inText = tokens.some(({ tokenType }) => freeTexts.has(tokenType));
  const unknown = inText || nestedTooDeeply(tokens) !== undefined;
  const expected = unknown ? [] : theParser().expectedAfter(shortened(tokens));
  const ours = expected.map((type) => type.name).filter((name) => keywordType(name) !== undefined);
  const keywords = [...ours, ...heads];
  const nameWanted = expected.includes(terminals.Identifier) || expected.includes(terminals.Word);
  if (nameWanted) {
    const names = nameKindBehind(tokens, cursor.words);
    return { keywords: cursor.path === "" ? keywords : [], names };
  }
  if (expected.length > 0 || cursor.words.length === 0) return { keywords, names: null };
  return inQuery(cursor, keywords);
}

function namesOf(
  kind: NameKind,
  cursor: Cursor,
  catalogNames: readonly string[],
  { workflows, queues }: OtherNames,
): readonly string[] {
  switch (kind) {
    case "catalog":
      return catalogNames;
    case "workflow":
      return workflows;
    case "workflow or table":
      return [...workflows, ...catalogNames];
    case "queue":
      return queues;
    case "task": {
      const source = new Source(cursor.before);
      return taskNames(source, cutTokens(cursor.before, 0, cursor.before.length)).map(printName);
    }
    default:
      return unreachable(kind);
  }
}

const freeTexts: ReadonlySet<unknown> = new Set([terminals.Query, terminals.Expression]);

/**
 * Statements of PostgreSQL's and queries: names where they are likely, words once a letter is
 * typed.
 */
function inQuery(cursor: Cursor, keywords: readonly string[]): Candidates {
  if (cursor.path !== "") return { keywords: [], names: "catalog" };
  const last = lastToken(cursor.before);
  if (wordsBeforeTables.has(last)) return { keywords: [], names: "catalog" };
  if (cursor.partial !== "") return { keywords: [...keywords, ...queryWords], names: "catalog" };
  return { keywords, names: wordsBeforeNames.has(last) ? "catalog" : null };
}

function lastToken(text: string): string {
  const lexer = new Lexer(text);
  let last = "";
  while (lexer.advanceToToken()) last = lexer.end - lexer.start > 16 ? "" : lexer.image;
  return last.toUpperCase();
}

/** The words that may follow these ones at the beginning of a statement of PostgreSQL's. */
function headWords(words: readonly string[]): readonly string[] {
  return postgresHeads.flatMap((head) => {
    const parts = head.split(" ");
    const next = parts[words.length];
    return next !== undefined && words.every((word, index) => word === parts[index]) ? [next] : [];
  });
}

/**
 * Names whose last part begins like the word, or the whole name; behind a path, what follows that
 * path.
 */
function matchingNames(cursor: Cursor, names: readonly string[]): readonly string[] {
  const typed = (cursor.path + cursor.partial).toLowerCase();
  return names.flatMap((name) => {
    const lower = name.toLowerCase();
    const starts = [0, ...dots(lower)];
    const at = starts.find(
      (start) =>
        lower.startsWith(typed, start) ||
        (lower[start] === "`" && lower.startsWith(typed, start + 1)),
    );
    if (at === undefined) return [];
    return [cursor.path === "" ? name : name.slice(at + cursor.path.length)];
  });
}

/** Offsets behind the points of a name. */
function dots(name: string): readonly number[] {
  return [...name.matchAll(/\./g)].map((found) => found.index + 1);
}
