// What a token of the user's text says: quotes taken off, escapes read, unquoted names folded.

import type { IToken } from "chevrotain";
import type { Source } from "./source.ts";
import { placedError } from "./syntax-error.ts";

/** PostgreSQL cuts longer names silently; we refuse them. */
const longestName = 63;

/**
 * The name that a word or quoted name means: unquoted ones folded to lower case (ASCII only, as
 * PostgreSQL does).
 */
export function identifierText(source: Source, token: IToken): string {
  const name = writtenName(source, token);
  return isQuoted(token) ? name : foldCase(name);
}

/** The name without its quotes, but not folded. */
export function writtenName(source: Source, token: IToken): string {
  const name = unquoteName(source, token);
  if (name === "") {
    throw placedError(source, {
      code: "GW-SYNTAX",
      message: `zero-length quoted name at or near ${token.image}`,
      offset: token.startOffset,
    });
  }
  if (name.length * 3 > longestName && Buffer.byteLength(name) > longestName) {
    throw placedError(source, {
      code: "MT-PARSE-NAME-LENGTH",
      message: `name "${name.slice(0, 80)}" is too long`,
      offset: token.startOffset,
      detail: `A name has at most ${longestName} bytes in PostgreSQL.`,
    });
  }
  return name;
}

/** PostgreSQL's folding of unquoted names: ASCII letters only. */
export function foldCase(name: string): string {
  if (!/[A-Z]/.test(name)) return name;
  return name.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function isQuoted(token: IToken): boolean {
  return /^["`]|^[uU]&"/.test(token.image);
}

function unquoteName(source: Source, token: IToken): string {
  const { image } = token;
  if (image.startsWith("`")) return image.slice(1, -1).replaceAll("``", "`");
  if (image.startsWith('"')) return image.slice(1, -1).replaceAll('""', '"');
  if (!isQuoted(token)) return image;
  return unicodeEscapes(source, token, image.slice(3, -1).replaceAll('""', '"'));
}

/** What a string token says, whichever of PostgreSQL's forms it has. */
export function stringText(source: Source, token: IToken): string {
  const { image } = token;
  if (image.startsWith("'")) return image.slice(1, -1).replaceAll("''", "'");
  if (image.startsWith("$")) {
    const tag = image.indexOf("$", 1) + 1;
    return image.slice(tag, image.length - tag);
  }
  switch (image[0]?.toLowerCase()) {
    case "e":
      return escapeString(source, token, image.slice(2, -1));
    case "u":
      return unicodeEscapes(source, token, image.slice(3, -1).replaceAll("''", "'"));
    case "n":
      return image.slice(2, -1).replaceAll("''", "'");
    default:
      throw placedError(source, {
        code: "GW-SYNTAX",
        message: "a bit string cannot stand here",
        offset: token.startOffset,
        detail: "Expected a string.",
      });
  }
}

const shortEscapes: Readonly<Record<string, string>> = {
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

function escapeString(source: Source, token: IToken, body: string): string {
  const pattern =
    /''|\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([^]))/gu;
  const pieces: string[] = [];
  let copied = 0;
  for (const found of body.matchAll(pattern)) {
    pieces.push(body.slice(copied, found.index), escaped(source, token, found));
    copied = found.index + found[0].length;
  }
  const text = pieces.join("") + body.slice(copied);
  if (/\p{Cs}/u.test(text)) throw badEscape(source, token);
  return text;
}

/** What one escape stands for. */
function escaped(source: Source, token: IToken, found: RegExpExecArray): string {
  const [whole, octal, byte, short, long, other = ""] = found;
  if (whole === "''") return "'";
  // Bytes past ASCII would be halves of characters.
  if (octal !== undefined) return codePoint(source, token, Number.parseInt(octal, 8), 0x7f);
  if (byte !== undefined) return codePoint(source, token, Number.parseInt(byte, 16), 0x7f);
  const hex = short ?? long;
  if (hex !== undefined) return codePoint(source, token, Number.parseInt(hex, 16), 0x10ffff);
  return shortEscapes[other] ?? other;
}

function unicodeEscapes(source: Source, token: IToken, body: string): string {
  const pattern = /\\(?:(\\)|([0-9A-Fa-f]{4})|\+([0-9A-Fa-f]{6})|)/g;
  const text = body.replaceAll(pattern, (_, backslash, short, long) => {
    if (backslash !== undefined) return "\\";
    const hex: string | undefined = short ?? long;
    if (hex === undefined) throw badEscape(source, token);
    return codePoint(source, token, Number.parseInt(hex, 16), 0x10ffff);
  });
  if (/\p{Cs}/u.test(text)) throw badEscape(source, token);
  return text;
}

function codePoint(source: Source, token: IToken, code: number, highest: number): string {
  if (code === 0 || code > highest) throw badEscape(source, token);
  return String.fromCodePoint(code);
}

function badEscape(source: Source, token: IToken) {
  return placedError(source, {
    code: "GW-SYNTAX",
    message: "invalid escape in a string or name",
    offset: token.startOffset,
    detail: "An escape must name a Unicode character other than NUL.",
  });
}
