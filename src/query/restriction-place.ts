// Finds where in the canonical text the WHERE of one level of a query is, or would be. Restricting
// there, after all joins of the level, is right for any kind of join, which replacing the relation
// by a narrower one would not be.

import { parseSync, type ScanToken, scanSync, type SelectStmt } from "libpg-query";
import { quoteIdent } from "../common/sql.ts";
import { parseCanonical, shapeOf } from "./ast.ts";
import type { RestrictionPlace } from "./query-analysis.ts";

type Gap = Pick<RestrictionPlace, "where" | "open" | "close">;

/** Canonical text with its tokens; offsets of the parser are bytes, ours are UTF-16 units. */
export class QueryText {
  readonly text: string;
  #tokens: readonly ScanToken[] | undefined;
  #bytes: Buffer | undefined;

  constructor(text: string) {
    this.text = text;
  }

  /**
   * The place for a restriction of `alias` at the level of `select`; null if it cannot be found for
   * certain.
   */
  placeOf(select: SelectStmt, alias: string, aliasColumn: string): RestrictionPlace | null {
    const gap = this.#gapOf(select);
    if (!gap) return null;
    const place = { ...gap, alias, aliasColumn };
    return this.#proves(select, place) ? place : null;
  }

  #gapOf(select: SelectStmt): Gap | null {
    const first = select.targetList?.[0];
    const start = first && "ResTarget" in first ? first.ResTarget.location : undefined;
    if (start === undefined) return null;
    this.#tokens ??= scanSync(this.text).tokens;
    let depth = 0;
    let open: number | null = null;
    let end = this.text.trimEnd().length;
    const begin = this.#tokens.findIndex((token) => token.start === start);
    if (begin < 0) return null;
    const tokens = this.#tokens.slice(begin);
    for (const [k, token] of tokens.entries()) {
      if (token.text === "(" || token.text === "[") depth++;
      if (token.text === ")" || token.text === "]") depth--;
      if (depth < 0 || (depth === 0 && endsClause(token, tokens[k - 1], tokens[k + 1]))) {
        end = this.#offset(tokens[k - 1]?.end ?? 0);
        break;
      }
      if (depth === 0 && isWord(token, "where")) open = this.#offset(token.end);
    }
    return { where: open !== null, open: open ?? end, close: end };
  }

  #offset(bytes: number): number {
    this.#bytes ??= Buffer.from(this.text);
    return this.#bytes.subarray(0, bytes).toString().length;
  }

  /** Puts a trial condition there, parses, and compares with the tree as it ought to be. */
  #proves(select: SelectStmt, place: RestrictionPlace): boolean {
    const column = `${quoteIdent(place.alias)}.${quoteIdent(place.aliasColumn)}`;
    const trial = insertCondition(this.text, place, `${column} IS NULL`);
    const parsed = parseCanonical(trial);
    const whole = parseCanonical(this.text);
    const test = parseSync(`SELECT WHERE ${column} IS NULL`).stmts?.[0]?.stmt;
    if (!parsed || !whole || !test || !("SelectStmt" in test)) return false;
    const level = findLevel(whole, select);
    const condition = test.SelectStmt.whereClause;
    if (!level || !condition) return false;
    level.whereClause = level.whereClause
      ? { BoolExpr: { boolop: "AND_EXPR", args: [condition, level.whereClause] } }
      : condition;
    return shapeOf(parsed) === shapeOf(whole);
  }
}

/**
 * The text with a condition added at a place; the old condition, if any, stays in parentheses of
 * its own.
 */
export function insertCondition(text: string, place: Gap, condition: string): string {
  const [before, inside, after] = piecesAt(text, place);
  return place.where
    ? `${before} (${condition}) AND (${inside})${after}`
    : `${before} WHERE (${condition})${after}`;
}

/** The text before, inside and after a place. */
export function piecesAt(text: string, place: Gap): [string, string, string] {
  return [text.slice(0, place.open), text.slice(place.open, place.close), text.slice(place.close)];
}

/** The same level in another parse of the same text, known by the place of its first column. */
function findLevel(whole: unknown, wanted: SelectStmt): SelectStmt | null {
  const key = shapeOfPlace(wanted);
  let found: SelectStmt | null = null;
  const look = (value: unknown): void => {
    if (typeof value !== "object" || value === null || found) return;
    const level = value as SelectStmt;
    if (Array.isArray(level.targetList) && shapeOfPlace(level) === key) found = level;
    else for (const inner of Object.values(value)) look(inner);
  };
  look(whole);
  return found;
}

function shapeOfPlace(select: SelectStmt): string {
  return JSON.stringify(select.targetList?.[0]);
}

function isWord(token: ScanToken | undefined, word: string): boolean {
  return token !== undefined && token.keywordKind !== 0 && token.text.toLowerCase() === word;
}

const enders = [
  "having",
  "window",
  "union",
  "intersect",
  "except",
  "limit",
  "offset",
  "fetch",
  "for",
];

function endsClause(token: ScanToken, before?: ScanToken, after?: ScanToken): boolean {
  if (isWord(token, "group")) return isWord(after, "by") && !isWord(before, "within");
  if (isWord(token, "order")) return isWord(after, "by");
  return enders.some((word) => isWord(token, word)) || token.text === ";";
}
