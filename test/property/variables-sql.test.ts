// No value of a variable, however hostile, changes the tokens of a statement: PostgreSQL's own
// scanner reads the same kinds of tokens in the same order whatever the values are, and the text of
// a string literal is exactly the value.

import fc from "fast-check";
import { loadModule, scanSync } from "libpg-query";
import { beforeAll, expect, test } from "vitest";
import { GatewayError } from "../../src/common/gateway-error.ts";
import { substituteSql } from "../../src/scheduler/variables/substitute-sql.ts";

beforeAll(loadModule);

/**
 * Kinds of PostgreSQL's tokens; a number is one kind, signs before it are left out. Null: refused.
 */
function kinds(text: string): readonly string[] | null {
  const tokens = scan(text)?.map(({ tokenName, text: of }) => ({
    kind: /^[IF]CONST$/.test(tokenName) ? "NUMBER" : tokenName,
    of,
  }));
  if (tokens === undefined) return null;
  return tokens
    .filter(({ of }, k) => of !== "-" || !isNumber(tokens.slice(k).find((t) => t.of !== "-")))
    .map(({ kind, of }) => {
      const prefix = /^(?:[bx]|u&)['"]/i.exec(of)?.[0];
      return /^(?:ASCII|UNKNOWN|Op)/.test(kind) ? (prefix ?? of) : kind;
    });
}

function isNumber(token: { readonly kind: string } | undefined): boolean {
  return token?.kind === "NUMBER";
}

function scan(text: string) {
  try {
    return scanSync(text).tokens;
  } catch {
    return null;
  }
}

const hostile = fc.oneof(
  fc.constantFrom(
    ..."' '' \\ \\' \" -- /* */ ; $$ $a$ $ E' U&' ' OR true --".split(" "),
    ..."} ${x} a A_1 1 -1 1- .5 1. 1e5".split(" "),
    "x'; DROP TABLE t; --",
    "\n'",
    "\n",
    "1--",
    "id",
    "",
    "-1",
    "2026-01-31",
    "nul",
    "ect",
    "\0",
  ),
  fc.string({ maxLength: 6 }),
  fc
    .array(fc.constantFrom(..."'\"\\$-/*;a1.e_ \n\r&!uU".split("")), { maxLength: 5 })
    .map((list) => list.join("")),
);

const pieces = fc.constantFrom(
  ..."' '' \" E' e' U&' U&\" B' x' N' \\ -- /* */ $$ $a$ $ a Z9 nul sel".split(" "),
  ..."_ & 1 2.5 . .. - + = @ | :: ( ) , $1".split(" "),
  " ",
  "\n",
  "${x}",
  "${x}",
  "${x}",
  "'${x}'",
  '"${x}"',
  "t_${x}",
  " ${x} ",
  "do ",
  "uescape",
);
const texts = fc.array(pieces, { maxLength: 12 }).map((list) => list.join(""));

function substituted(text: string, x: string): string | null {
  try {
    return substituteSql(text, { x });
  } catch (error) {
    if (error instanceof GatewayError && error.code === "WF-VARIABLE") return null;
    throw error;
  }
}

test("no value changes the tokens that PostgreSQL reads", () => {
  let compared = 0;
  fc.assert(
    fc.property(texts, hostile, hostile, (text, one, other) => {
      const results = [one, other, "1", "0b1"].map((value) => substituted(text, value));
      const read = results.flatMap((result) => (result === null ? [] : [{ result }]));
      const lists = read.map(({ result }) => kinds(result)).filter((list) => list !== null);
      if (text.includes("${x}") && lists.length > 1) compared++;
      for (const list of lists) expect(list).toEqual(lists[0]);
    }),
    { numRuns: 3_000 },
  );
  expect(compared).toBeGreaterThan(150);
});
