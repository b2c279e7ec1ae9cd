// Variables in the text of a statement. Invariant: no value, whatever it is, changes the tokens
// that PostgreSQL reads; a value that could is refused with WF-VARIABLE. Inside quotes a value is
// protected as these quotes need it. Outside there are two ways: it is one number, or it is part of
// a name, which then is quoted, so that it is a name whatever the value is. The text is meant for a
// server with standard_conforming_strings = on; whoever runs it sets that. Pure.

import { unreachable } from "../../common/assert.ts";
import { GatewayError } from "../../common/gateway-error.ts";
import { quoteIdent } from "../../common/sql.ts";
import { type Piece, valueOf, type Variables } from "./references.ts";
import { type BareRun, type Quoted, scanSql, type SqlPiece } from "./scan-sql.ts";

/** The statement with all references replaced. Throws WF-VARIABLE. */
export function substituteSql(text: string, variables: Variables): string {
  return render(scanSql(text), (name) => valueOf(name, variables));
}

type ValueOf = (name: string) => string;

function render(pieces: readonly SqlPiece[], of: ValueOf): string {
  return pieces.map((piece) => renderPiece(piece, of)).join("");
}

function renderPiece(piece: SqlPiece, of: ValueOf): string {
  switch (piece.kind) {
    case "text":
      return piece.text;
    case "string":
    case "name":
      return quoted(piece, of);
    case "dollar":
      return undelimited(inQuotes(piece.parts, of, checkZero), piece);
    case "code":
      return undelimited(render(piece.pieces, of), piece);
    case "run":
      return run(piece, of);
    default:
      return unreachable(piece);
  }
}

/** Parts with each value as `protect` gives it back; it throws for one that does not fit. */
function inQuotes(
  parts: readonly Piece[],
  of: ValueOf,
  protect: (value: string, name: string) => string,
): string {
  return parts
    .map((part) => (part.kind === "text" ? part.text : protect(of(part.name), part.name)))
    .join("");
}

function quoted(piece: Quoted, of: ValueOf): string {
  const quote = piece.kind === "name" ? '"' : "'";
  const text = inQuotes(piece.parts, of, (value, name) => {
    checkZero(value, name);
    if (piece.closed && !/^[\p{L}\p{N}_]*$/u.test(value)) {
      throw refused(name, value, "Only letters, digits and underscores may stand in this string.");
    }
    const doubled = value.replaceAll(quote, quote + quote);
    switch (piece.quoting) {
      case "plain":
        return doubled;
      case "escape":
      case "unicode":
        return doubled.replaceAll("\\", "\\\\");
      case "bits":
        if (/^[0-9A-Fa-f]*$/.test(value)) return value;
        throw refused(name, value, "Only digits may stand in a bit string.");
      default:
        return unreachable(piece.quoting);
    }
  });
  const last = piece.parts.at(-1);
  if (piece.kind === "name" && text === "" && last?.kind === "reference") {
    throw refused(last.name, "", "A name cannot be empty.");
  }
  return text;
}

function checkZero(value: string, name: string): string {
  if (value.includes("\0")) throw refused(name, value, "It has a zero character.");
  return value;
}

/** A value must not close the dollar quotes, alone or with what stands beside it. */
function undelimited(
  body: string,
  piece: Extract<SqlPiece, { readonly kind: "dollar" | "code" }>,
): string {
  if ((body + piece.delimiter).indexOf(piece.delimiter) === body.length) return body;
  throw new GatewayError(
    "WF-VARIABLE",
    `the value of a variable would close the quotes ${piece.delimiter}`,
    { hint: "Give the quotes a tag that no value has, or use a plain string." },
  );
}

const oneNumber = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const wordCharacters = /^[\p{L}\p{N}_]*$/u;
const wholeName = /^[\p{L}_][\p{L}\p{N}_$]*$/u;

/** One number, or part of a name. */
function run(piece: BareRun, of: ValueOf): string {
  const { parts } = piece;
  const text = inQuotes(parts, of, (value) => value);
  const isWord = parts.some((part) => part.kind === "text" && !/^\d+$/.test(part.text));
  const first = parts.find((part) => part.kind === "reference")?.name ?? "";
  if (!isWord) return number(piece, text, first);
  const every = inEvery(parts, of, wordCharacters);
  if (every !== null) {
    throw refused(every.name, every.value, "A name has letters, digits and underscores only.");
  }
  if (piece.inComment) return text;
  if (!wholeName.test(text) || /["&]$/.test(piece.before) || piece.behind.startsWith('"')) {
    throw refused(first, of(first), `It does not make one name of "${text}".`);
  }
  return quoteIdent(fold(text));
}

/** The first value that does not match; null: all do. */
function inEvery(
  parts: readonly Piece[],
  of: ValueOf,
  pattern: RegExp,
): { readonly name: string; readonly value: string } | null {
  for (const part of parts) {
    if (part.kind === "reference" && !pattern.test(of(part.name))) {
      return { name: part.name, value: of(part.name) };
    }
  }
  return null;
}

/** As the server folds names that are not quoted. */
function fold(name: string): string {
  return name.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Digits beside each other, or one number alone, which nothing that stands beside it joins. */
function number({ parts, before, behind, inComment }: BareRun, text: string, name: string): string {
  const alone = parts.length === 1;
  const valid = alone ? oneNumber.test(text) : /^\d+$/.test(text);
  if (!valid) {
    throw refused(name, text, "Outside quotes only one number may stand, or part of a name.");
  }
  if (inComment) return text;
  const operator = /[+\-*/<>=~!@#%^&|`?]*$/.exec(before)?.[0] ?? "";
  if (text.startsWith("-") && (operator.endsWith("-") || /[~!@#%^&|`?]/.test(operator))) {
    throw refused(name, text, `The sign would join the operator "${operator}" before it.`);
  }
  const joined = /(?:^|[^.])\.$/.test(before) || /^\.(?!\.)/.test(behind) || behind[0] === "$";
  if (joined) throw refused(name, text, "The number would join what stands beside it.");
  return text;
}

function refused(name: string, value: string, detail: string): GatewayError {
  const shown = value.length > 40 ? `${value.slice(0, 40)}…` : value;
  return new GatewayError(
    "WF-VARIABLE",
    `the value of variable "${name}" does not fit where it stands`,
    {
      detail: `The value is "${shown}". ${detail}`,
      hint: "Put the reference into quotes: '${…}' for a value, \"${…}\" for a name.",
    },
  );
}
