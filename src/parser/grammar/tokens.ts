// The token types of the grammar. Keywords are whatever the grammar names in capitals; a word is
// looked up in one map, so no keyword can hide a longer one. Invariant: every keyword that
// PostgreSQL does not reserve is also an identifier.

import type { TokenType } from "chevrotain";
import { present } from "../../common/assert.ts";
import { createToken, Lexer } from "./engine.ts";
import { dataTypeRules } from "./data-type.ts";
import { materializedTableRules } from "./materialized-table.ts";
import { type GrammarRule, keywordsOf, readGrammar } from "./notation.ts";
import { statementRules } from "./statement.ts";
import { workflowRules } from "./workflow.ts";

/**
 * Words that cannot be unquoted names: those that PostgreSQL reserves, EXISTS, LIKE and ILIKE,
 * which our clauses need, and Flink's WATERMARK.
 */
const reserved: ReadonlySet<string> = new Set(
  (
    "ALL ANALYSE ANALYZE AND ANY ARRAY AS ASC ASYMMETRIC BOTH CASE CAST CHECK COLLATE COLUMN " +
    "CONSTRAINT CREATE CURRENT_CATALOG CURRENT_DATE CURRENT_ROLE CURRENT_TIME CURRENT_TIMESTAMP " +
    "CURRENT_USER DEFAULT DEFERRABLE DESC DISTINCT DO ELSE END EXCEPT EXISTS FALSE FETCH FOR " +
    "FOREIGN FROM GRANT GROUP HAVING ILIKE IN INITIALLY INTERSECT INTO LATERAL LEADING LIKE " +
    "LIMIT LOCALTIME LOCALTIMESTAMP NOT NULL OFFSET ON ONLY OR ORDER PLACING PRIMARY REFERENCES " +
    "RETURNING SELECT SESSION_USER SOME SYMMETRIC SYSTEM_USER TABLE THEN TO TRAILING TRUE UNION " +
    "UNIQUE USER USING VARIADIC WATERMARK WHEN WHERE WINDOW WITH"
  ).split(" "),
);

/** The rules in the order in which they are documented. */
export const grammarRules: readonly GrammarRule[] = readGrammar(
  [statementRules, materializedTableRules, dataTypeRules, workflowRules].join("\n"),
);

/** Every keyword of ours, sorted. */
export const keywords: readonly string[] = keywordsOf(grammarRules);

const abstractToken = (name: string) => createToken({ name, pattern: Lexer.NA });
const plainToken = (name: string, categories: TokenType[]) =>
  createToken({ name, pattern: Lexer.NA, categories });

/** Any word at all, also a reserved one, and any quoted name. */
const word = abstractToken("Word");
/** What may stand as a name. */
const identifier = abstractToken("Identifier");

/** Token types that stand for more than one text, by their name in the notation. */
export const terminals = {
  Word: word,
  Identifier: identifier,
  /** An unquoted name that is no keyword. */
  PlainName: plainToken("PlainName", [word, identifier]),
  /** A word that PostgreSQL reserves and our grammar does not use. */
  ReservedWord: plainToken("ReservedWord", [word]),
  QuotedName: plainToken("QuotedName", [word, identifier]),
  String: plainToken("String", []),
  Number: plainToken("Number", []),
  /** The whole text after AS, cut out. */
  Query: plainToken("Query", []),
  /** The text of a computed column or a watermark, cut out. */
  Expression: plainToken("Expression", []),
  /** `ANALYZE VERBOSE` or `(FORMAT JSON)` behind EXPLAIN, cut out. */
  PostgresOptions: plainToken("PostgresOptions", []),
  /** An unquoted option key of SET and RESET, cut out. */
  SettingKey: plainToken("SettingKey", []),
  SettingValue: plainToken("SettingValue", []),
  /** A character that no rule takes. */
  Unknown: plainToken("Unknown", []),
} as const satisfies Record<string, TokenType>;

const keywordTypes: ReadonlyMap<string, TokenType> = new Map(
  keywords.map((text) => [
    text,
    createToken({
      name: text,
      pattern: Lexer.NA,
      categories: reserved.has(text) ? [word] : [word, identifier],
    }),
  ]),
);

const symbolTypes: ReadonlyMap<string, TokenType> = new Map(
  ["(", ")", ",", "=", ".", "<", ">", "[", "]", "+", "-"].map((text) => [
    text,
    createToken({ name: `'${text}'`, pattern: Lexer.NA, label: text }),
  ]),
);

const longestWord = Math.max(...keywords.map((text) => text.length));

/** The token type of a keyword in any letter case; undefined if the word is none. */
export function keywordType(text: string): TokenType | undefined {
  return text.length > longestWord ? undefined : keywordTypes.get(text.toUpperCase());
}

/** The token type of a symbol; Unknown for one that the grammar does not use. */
export function symbolType(text: string): TokenType {
  return symbolTypes.get(text) ?? terminals.Unknown;
}

/** The token type of a word in any letter case. */
export function wordType(text: string): TokenType {
  if (text.length > longestWord) return terminals.PlainName;
  const upper = text.toUpperCase();
  const keyword = keywordTypes.get(upper);
  if (keyword !== undefined) return keyword;
  return reserved.has(upper) ? terminals.ReservedWord : terminals.PlainName;
}

/** Whether a word (in capitals) cannot be an unquoted name. */
export function isReserved(word: string): boolean {
  return reserved.has(word);
}

/** The token type that a place in the grammar names. */
export function typeOf(kind: "keyword" | "symbol" | "terminal", name: string): TokenType {
  const found: Readonly<Record<string, TokenType>> = terminals;
  const type =
    kind === "terminal" ? found[name] : (kind === "keyword" ? keywordTypes : symbolTypes).get(name);
  return present(type, `grammar: there is no ${kind} ${name}`);
}

/** All of them, as the parser's vocabulary. */
export const vocabulary: TokenType[] = [
  ...Object.values(terminals),
  ...keywordTypes.values(),
  ...symbolTypes.values(),
];
