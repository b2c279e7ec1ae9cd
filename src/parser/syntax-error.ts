// Errors of the text: message in PostgreSQL's manner, place with line, column and caret, what was
// expected, and Flink's sentence beside it. Invariant: `Encountered "<EOF>"` stands in Flink's
// sentence exactly when the text is unfinished (its SQL client asks for another line then).

import type { IToken, TokenType } from "chevrotain";
import type { ErrorCode } from "../common/error-codes.ts";
import { GatewayError } from "../common/gateway-error.ts";
import { nearest } from "../common/nearest.ts";
import { isReserved, keywords, terminals } from "./grammar/tokens.ts";
import { type Place, placeOf } from "./place.ts";
import type { Source } from "./source.ts";

const parseException = "org.apache.flink.sql.parser.impl.ParseException";
const keywordNames: ReadonlySet<string> = new Set(keywords);

/** The text goes on wrongly: `found` is the first token that cannot stand where it stands. */
export function unexpectedToken(
  source: Source,
  found: Pick<IToken, "image" | "startOffset">,
  expected: readonly TokenType[],
  hint?: string,
): GatewayError {
  const place = placeOf(source, found.startOffset);
  const names = expected.map((type) => type.name);
  return new GatewayError("GW-SYNTAX", `syntax error at or near "${shorten(found.image)}"`, {
    detail: [pointer(source, place), expectation(names)].filter((part) => part !== "").join("\n"),
    hint: hint ?? didYouMean(found.image, names) ?? quoteIt(found.image, names),
    position: source.position(found.startOffset),
    flink: { class: parseException, text: flinkSentence(found, place, names) },
  });
}

/**
 * The text ends too early. `end` is the offset behind its last token; `reason` says what is
 * missing, as a sentence.
 */
export function unexpectedEnd(
  source: Source,
  end: number,
  expected: readonly TokenType[],
  reason?: string,
): GatewayError {
  const names = expected.map((type) => type.name);
  const place = placeOf(source, end);
  const last = lastCharacter(source);
  return new GatewayError("GW-SYNTAX-EOF", "syntax error at end of input", {
    detail: [pointer(source, place), reason ?? expectation(names)].join("\n"),
    position: source.position(end),
    flink: {
      class: parseException,
      text: [
        `Encountered "<EOF>" at line ${last.line}, column ${last.column}.`,
        ...(names.length === 0 ? [] : [wasExpecting(names)]),
      ].join("\n"),
    },
  });
}

export interface PlacedError {
  readonly code: ErrorCode;
  readonly message: string;
  /** UTF-16 offset. */
  readonly offset: number;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  /** Flink's sentence, where there is one. */
  readonly flink?: string | undefined;
}

/** Any other error that belongs to a place in the text. */
export function placedError(source: Source, error: PlacedError): GatewayError {
  const place = placeOf(source, error.offset);
  const detail = error.detail === undefined ? [] : [error.detail];
  return new GatewayError(error.code, error.message, {
    detail: [pointer(source, place), ...detail].join("\n"),
    hint: error.hint,
    position: source.position(error.offset),
    flink: error.flink === undefined ? undefined : { class: parseException, text: error.flink },
  });
}

/** Flink's refusal of two statements in one text; `offset` is where the second one begins. */
export function severalStatements(source: Source, offset: number): GatewayError {
  return new GatewayError("GW-MULTIPLE-STATEMENTS", "only one statement can be sent at a time", {
    detail: pointer(source, placeOf(source, offset)),
    hint: "Send each statement by itself.",
    position: source.position(offset),
    flink: {
      class: "java.lang.IllegalArgumentException",
      text: "only single statement supported",
    },
  });
}

/**
 * Where Flink says that the text ends: at its last character that is not blank; 0, 0 if there is
 * none.
 */
function lastCharacter(source: Source): { readonly line: number; readonly column: number } {
  let at = source.text.length - 1;
  while (at >= 0 && /\s/.test(source.text.charAt(at))) at--;
  return at < 0 ? { line: 0, column: 0 } : placeOf(source, at);
}

/** Lines up to this length are shown whole, of longer ones the part around the place. */
const longestLine = 120;
const windowBefore = 70;
const windowAfter = 40;

/** `Line 1, column 30:`, the line (or the part around the place) and a caret below it. */
function pointer(source: Source, place: Place): string {
  const lineLength = source.text.slice(place.lineStart).search(/[\r\n]/);
  const end = lineLength < 0 ? source.text.length : place.lineStart + lineLength;
  const at = source.codePoints.offset(source.position(place.lineStart) + place.column - 1);
  const whole = end - place.lineStart <= longestLine;
  const from = whole ? place.lineStart : Math.max(place.lineStart, at - windowBefore);
  const to = whole ? end : Math.min(end, at + windowAfter);
  const head = (from > place.lineStart ? "…" : "") + visible(source.text.slice(from, at));
  const line = `${head}${visible(source.text.slice(at, to))}${to < end ? "…" : ""}`;
  // Only an unfinished text may make the client's mark for one; the quotes keep the width.
  const shown = line.replaceAll('Encountered "<EOF>"', "Encountered '<EOF>'");
  const caret = " ".repeat(Array.from(head).length);
  return `Line ${place.line}, column ${place.column}:\n  ${shown}\n  ${caret}^`;
}

/** One character for one character, so that the caret stays under its place. */
function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cs}]/gu, " ");
}

function expectation(names: readonly string[]): string {
  const shown = names.slice(0, 24).map(nameInSentence);
  if (names.length > shown.length) return `Expected ${shown.join(", ")} or another word.`;
  const last = shown.pop();
  if (last === undefined) return "Expected the end of the statement.";
  return shown.length === 0 ? `Expected ${last}.` : `Expected ${shown.join(", ")} or ${last}.`;
}

const sentenceNames: Readonly<Record<string, string>> = {
  Word: "a name",
  Identifier: "a name",
  PlainName: "a name",
  String: "a string",
  Number: "a number",
  Query: "a query",
  Expression: "an expression",
  PostgresOptions: "options",
  SettingKey: "a key",
  SettingValue: "a value",
  EOF: "the end of the statement",
};

function nameInSentence(name: string): string {
  return sentenceNames[name] ?? name;
}

const flinkNames: Readonly<Record<string, string>> = {
  Word: "<IDENTIFIER> ...",
  Identifier: "<IDENTIFIER> ...",
  String: "<QUOTED_STRING> ...",
  Number: "<UNSIGNED_INTEGER_LITERAL> ...",
  Query: '"SELECT" ...',
  Expression: "<IDENTIFIER> ...",
  EOF: "<EOF> ",
};

function wasExpecting(names: readonly string[]): string {
  const lines = names
    .filter((name) => keywordNames.has(name) || name.startsWith("'") || name in flinkNames)
    .map((name) => `    ${flinkNames[name] ?? `"${name.replaceAll("'", "")}" ...`}\n`);
  const unique = [...new Set(lines.length === 0 ? ["    <EOF> \n"] : lines)];
  return `${unique.length === 1 ? "Was expecting:" : "Was expecting one of:"}\n${unique.join("")}`;
}

function flinkSentence(
  found: Pick<IToken, "image">,
  place: Place,
  names: readonly string[],
): string {
  const at = `at line ${place.line}, column ${place.column}.`;
  const upper = found.image.toUpperCase();
  const nameWanted = names.includes("Identifier") || names.includes("Word");
  const head =
    nameWanted && isReserved(upper)
      ? `Incorrect syntax near the keyword '${upper}' ${at}`
      : `Encountered "${escapeForJava(shorten(found.image))}" ${at}`;
  return `${head}\n${wasExpecting(names)}`;
}

function escapeForJava(image: string): string {
  return image
    .replaceAll(/[\\'"]/g, (character) => `\\${character}`)
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("\t", "\\t");
}

/** A token of any length as part of a message. */
function shorten(image: string): string {
  const characters = Array.from(image.slice(0, 130));
  return image.length > 64 && characters.length > 64
    ? `${characters.slice(0, 63).join("")}…`
    : image;
}

/** Below this length anything is near to anything. */
const shortestTypo = 4;

function didYouMean(image: string, names: readonly string[]): string | undefined {
  if (!/^[A-Za-z_]{1,32}$/.test(image) || image.length < shortestTypo) return undefined;
  const best = nearest(
    image,
    names.filter((name) => keywordNames.has(name)),
  );
  return best === null ? undefined : `Perhaps you meant ${best}.`;
}

/** A reserved word where a name is wanted. */
function quoteIt(image: string, names: readonly string[]): string | undefined {
  const nameWanted = names.includes("Identifier");
  if (!nameWanted || !isReserved(image.toUpperCase())) return undefined;
  return `"${image}" is a reserved word; a name must be put in double quotes then.`;
}

/** Whether a token of this type may stand where `expected` is wanted. */
export function fits(token: IToken, expected: readonly TokenType[]): boolean {
  const categories = token.tokenType.CATEGORIES ?? [];
  return expected.some((type) => type === token.tokenType || categories.includes(type));
}

/** Token types a reader understands, without the helpers of the grammar. */
export function withoutHelpers(expected: readonly TokenType[]): readonly TokenType[] {
  const helpers: readonly TokenType[] = [terminals.PostgresOptions, terminals.SettingValue];
  return expected.filter((type) => !helpers.includes(type));
}
