// No text makes the parser throw anything but its own errors, lose a character, or take more than
// linear time.

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GatewayError } from "../../src/common/gateway-error.ts";
import { complete } from "../../src/parser/complete.ts";
import { keywords } from "../../src/parser/grammar/tokens.ts";
import { Lexer } from "../../src/parser/lexer.ts";
import { parse } from "../../src/parser/parse.ts";
import { splitScript } from "../../src/parser/split-script.ts";

const identity = readFileSync(new URL("../parser/identity.sql", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("--"));

const pieces = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...keywords) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      ..."' \" ` $$ $a$ ( ) , = . < > [ ] + - * ; -- /* */ \n \r \t \0 \\ : | 1 2.5 $1 t x".split(
        " ",
      ),
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 4 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("\ud83d", "\udc00", "😀", "\ufeff", " ", "e'", "U&'", 'U&"'),
  },
);
/** Words and marks of the grammar in any order. */
const soup = fc.array(pieces, { maxLength: 25 }).map((list) => list.join(" "));
const dense = fc.array(pieces, { maxLength: 25 }).map((list) => list.join(""));
/** A right statement with something cut out and something else put in. */
const damaged = fc
  .tuple(fc.constantFrom(...identity), fc.nat(), fc.nat({ max: 5 }), pieces)
  .map(([line, at, cut, piece]) => {
    const from = at % (line.length + 1);
    return line.slice(0, from) + piece + line.slice(from + cut);
  });
const anyText = fc.oneof(soup, dense, damaged, fc.string({ unit: "binary", maxLength: 40 }));

/** Parses, and checks whatever is thrown. */
function parseSafely(text: string): void {
  try {
    parse(text);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    expect(error.code).toMatch(/^(GW-SYNTAX|GW-SYNTAX-EOF|GW-MULTIPLE-STATEMENTS|MT-PARSE-.*)$/);
    const length = [...text].length;
    expect(error.position).toBeGreaterThanOrEqual(0);
    expect(error.position).toBeLessThanOrEqual(length);
    const printed = [error.message, error.detail, error.hint, error.flink?.text].join("\n");
    expect(printed.includes('Encountered "<EOF>"')).toBe(error.code === "GW-SYNTAX-EOF");
  }
}

test("parse throws nothing but its own errors, with a place in the text", () => {
  fc.assert(fc.property(anyText, parseSafely), { numRuns: 4000 });
});

test("every beginning of a statement is a statement or an error", () => {
  for (const line of identity.slice(0, 60)) {
    for (let end = 0; end <= line.length; end += 3) parseSafely(line.slice(0, end));
  }
});

test("lexemes tile the text", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const lexer = new Lexer(text);
      let end = 0;
      while (lexer.advance()) {
        expect(lexer.start).toBe(end);
        expect(lexer.end).toBeGreaterThan(lexer.start);
        ({ end } = lexer);
      }
      expect(end).toBe(text.length);
    }),
    { numRuns: 1000 },
  );
});

test("splitScript and complete throw nothing, and parts are where they say", () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: -2, max: 60 }), (text, position) => {
      const characters = [...text];
      for (const part of splitScript(text)) {
        const length = [...part.text].length;
        expect(characters.slice(part.start, part.start + length).join("")).toBe(part.text);
      }
      expect(Array.isArray(complete(text, position, ["a.b", "c"]))).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

describe("hostile texts are done in linear time", () => {
  const many = 200_000;
  const table = "CREATE MATERIALIZED TABLE t";
  test.each<[string, string]>([
    ["nested parentheses", `SELECT ${"(".repeat(10_000)}1${")".repeat(10_000)}`],
    ["in our query", `${table} AS SELECT ${"(".repeat(10_000)}1${")".repeat(10_000)}`],
    ["in our list", `${table} ${"(".repeat(10_000)}`],
    ["in an expression", `${table} (a AS ${"(".repeat(10_000)}1${")".repeat(10_000)}) AS SELECT 1`],
    ["tasks", `CREATE WORKFLOW w TASKS (${"a EXECUTE 'x' AFTER (b), ".repeat(5_000)}`],
    ["nested types", `${table} (a ${"ARRAY<".repeat(10_000)}INT) AS SELECT 1`],
    ["nested rows", `${table} (a ${"ROW<b ".repeat(99)}INT${">".repeat(99)}) AS SELECT 1`],
    ["array suffixes", `${table} (a INT${"[]".repeat(20_000)} wrong) AS SELECT 1`],
    ["a 5 MB string", `SELECT '${"x".repeat(5_000_000)}'`],
    ["a 5 MB comment of ours", `${table} COMMENT '${"x".repeat(5_000_000)}' AS SELECT 1`],
    ["a 5 MB wrong token", `${table} '${"x".repeat(5_000_000)}'`],
    ["a 5 MB name", `DROP MATERIALIZED TABLE ${"x".repeat(5_000_000)}`],
    ["an even number of quotes", `SELECT ${"'".repeat(3_000_000)}`],
    ["an odd number of quotes", `SELECT ${"'".repeat(3_000_001)}`],
    ["escapes", `SELECT E'${"\\'".repeat(1_000_000)}`],
    ["back-quotes", `SELECT ${'`a"` '.repeat(many)}`],
    ["dollars", `SELECT ${"$a".repeat(many)}`],
    ["dollar quotes", `SELECT ${"$a$".repeat(many)}`],
    ["nested comments", `${"/*".repeat(many)}${"*/".repeat(many)}SELECT 1`],
    ["open comments", "/*".repeat(many)],
    ["semicolons", `SELECT 1${";".repeat(many)}`],
    ["lines before an error", `${"\n".repeat(many)}DROP MATERIALIZED TABLE a b`],
    ["ambiguous columns before an error", `${table} (${"a TIMESTAMP, ".repeat(5000)}) AS SELECT 1`],
    [
      "expressions",
      `ALTER MATERIALIZED TABLE t ADD (${"a AS a COMMENT 'x', ".repeat(5000)}b AS b)`,
    ],
    [
      "words that may end an expression",
      `ALTER MATERIALIZED TABLE t ADD a AS ${"COMMENT ".repeat(50_000)}`,
    ],
    ["points", `DROP MATERIALIZED TABLE ${"a.".repeat(20_000)}`],
    ["options", `ALTER MATERIALIZED TABLE t SET (${"'a' = 'b', ".repeat(10_000)}'c')`],
    ["parts of a WITH", `WITH ${"a AS (SELECT 1), ".repeat(50_000)}b AS (SELECT 2) SELECT 1`],
    ["emoji", `SELECT ${"😀 ".repeat(many)}`],
  ])("%s", (_, text) => {
    const start = performance.now();
    parseSafely(text);
    splitScript(text);
    complete(text, Math.floor(text.length / 2), ["a"]);
    // Quadratic work on these texts would take minutes; the limit leaves room for a busy machine.
    expect(performance.now() - start).toBeLessThan(15_000);
  });
});
