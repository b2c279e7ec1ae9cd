// The only door of the parser: text → statement. Pure, linear in the length of the text, and throws
// nothing but GatewayError (GW-SYNTAX, GW-SYNTAX-EOF, GW-MULTIPLE-STATEMENTS, MT-PARSE-*).

import type { ParsedStatement } from "./ast/statement.ts";
import { classify } from "./classify.ts";
import { flinkOnlyStatements } from "./flink-only.ts";
import { parseOurs } from "./parse-ours.ts";
import { Source } from "./source.ts";
import { skipByteOrderMark } from "./split-script.ts";
import { findStatement, type StatementBounds } from "./statement-bounds.ts";
import { findRow, indexRows, isOurs, readHead } from "./statement-owner.ts";
import { placedError, severalStatements, unexpectedEnd } from "./syntax-error.ts";

const flinkOnly = indexRows(flinkOnlyStatements);

/**
 * Reads one statement, with or without a trailing `;`. Every position in the result is a zero-based
 * offset in code points of `text`. The result is frozen. Throws GatewayError.
 */
export function parse(text: string): ParsedStatement {
  const source = new Source(text);
  refuseCharacters(source);
  const bounds = onlyStatement(source);
  const head = readHead(text, bounds.start, bounds.end);
  const foreign = findRow(flinkOnly, head);
  if (foreign === undefined && isOurs(text, bounds, head)) {
    return deepFreeze(parseOurs(source, bounds));
  }
  refuseUnfinished(source, bounds);
  if (foreign !== undefined) {
    const { sentence, hint } = foreign;
    const words = foreign.words.replaceAll(/ (end|name|string)$|[[\]]|\|\S+/g, "");
    return Object.freeze({ kind: "unsupported", words, sentence, hint });
  }
  // Comments before the statement stay: they may be hints, and positions stay what they are.
  const piece = source.piece(skipByteOrderMark(text), bounds.end);
  return deepFreeze({ kind: "passthrough", ...piece, ...classify(piece.text) });
}

/**
 * PostgreSQL's text holds neither NUL nor half of a surrogate pair; passing them on would change
 * the statement.
 */
function refuseCharacters(source: Source): void {
  const found = /[\0\p{Surrogate}]/u.exec(source.text);
  if (found === null) return;
  const isNul = found[0] === "\0";
  throw placedError(source, {
    code: "GW-SYNTAX",
    message: isNul ? "a statement cannot contain NUL" : "a statement must be valid Unicode text",
    offset: found.index,
  });
}

function onlyStatement(source: Source): StatementBounds {
  const { text } = source;
  let bounds = findStatement(text, skipByteOrderMark(text));
  // Empty statements before the one that counts are nothing: `;;SELECT 1`.
  while (bounds.start === bounds.end && bounds.next < text.length) {
    bounds = findStatement(text, bounds.next);
  }
  if (bounds.start === bounds.end) {
    throw unexpectedEnd(source, bounds.end, [], "The text holds no statement.");
  }
  for (let from = bounds.next; from < text.length; ) {
    const more = findStatement(text, from);
    if (more.end > more.start) throw severalStatements(source, more.start);
    from = more.next;
  }
  return bounds;
}

/** Nothing that is open at the end of the text can be a whole statement, whoever reads it. */
function refuseUnfinished(source: Source, bounds: StatementBounds): void {
  if (bounds.open === null) return;
  throw unexpectedEnd(source, bounds.end, [], `A ${bounds.open.what} is not closed.`);
}

/** Freezes a statement with all its parts. */
function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}
