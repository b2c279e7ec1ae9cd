// The lexer follows PostgreSQL's lexical rules: whatever PostgreSQL's own scanner takes for a word,
// a string, a number, a parameter or a comment is one lexeme of ours, at the same place.

import fc from "fast-check";
import { loadModule, type ScanToken, scanSync } from "libpg-query";
import { beforeAll, expect, test } from "vitest";
import { Lexer } from "../../src/parser/lexer.ts";

beforeAll(loadModule);

/** No back-quotes: those are Flink's. */
const words =
  "' '' \" \"\" $ $$ $a$ $a E' e' U&' U&\" B' x' \\ \\' -- /* */ a Z9 _x$y é u & 1 23 1.5 .5";
const marks = "1e5 1e + - * / < = :: ( ) , ; [ $1 0x1F 1_000";
const pieces = fc.constantFrom(...words.split(" "), ...marks.split(" "), " ", "\n", "\r", "\t");
const texts = fc.array(pieces, { maxLength: 20 }).map((list) => list.join(""));

/** PostgreSQL's tokens; null where it refuses the text (an open string, junk behind a number). */
function scan(text: string): readonly ScanToken[] | null {
  try {
    return scanSync(text).tokens;
  } catch {
    return null;
  }
}

/** Our lexemes by where they start, in bytes; the ends of all of them. */
function lexemes(text: string) {
  const starts = new Map<number, number>();
  const ends = new Set<number>();
  const lexer = new Lexer(text);
  while (lexer.advance()) {
    const start = Buffer.byteLength(text.slice(0, lexer.start));
    const end = Buffer.byteLength(text.slice(0, lexer.end));
    starts.set(start, end);
    ends.add(end);
  }
  return { starts, ends };
}

let compared = 0;

function agree(text: string): void {
  const tokens = scan(text);
  if (tokens === null) return;
  const { starts, ends } = lexemes(text);
  for (const token of tokens) {
    const isOperator = /^[^\w\s'"$é.]/u.test(token.text) && !/^(--|\/\*)/.test(token.text);
    if (isOperator || /^[.$]+$/.test(token.text)) continue;
    compared += 1;
    // 'a' <newline> 'b' is one string of PostgreSQL's and two lexemes of ours.
    if (token.text.endsWith("'") && starts.get(token.start) !== token.end) {
      expect(starts.has(token.start) && ends.has(token.end), text).toBe(true);
    } else
      expect([text, token.text, starts.get(token.start)]).toEqual([text, token.text, token.end]);
  }
}

test("on texts at random", () => {
  fc.assert(fc.property(texts, agree), { numRuns: 3000 });
  expect(compared).toBeGreaterThan(1000);
});

test.each([
  "SELECT 'a''b' \"c\"\"d\" -- x\n/* y /* */ */ 1.5e3 $1 E'\\'' U&'x' B'1' $$a$$ é::int4 .5 1_000",
  "a$b$ c$b$ $b$ d $b$",
  "1..2 1. .5.5 a.5 1e+5 0x1F-1",
  "€$1$€$1$ x",
  "a+-- b\n c/* d */e",
  "'a'\n'b'",
])("on %j", (text) => {
  const before = compared;
  agree(text);
  expect(compared).toBeGreaterThan(before);
});
