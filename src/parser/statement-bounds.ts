// Finds where a statement ends. A `;` ends it only outside of parentheses, of the body of an SQL
// function (BEGIN ATOMIC … END) and of Flink's statement sets (… STATEMENT SET BEGIN … END); the
// same rule as psql's.

import { Lexer } from "./lexer.ts";

/** Offsets are UTF-16 units of the whole text. */
export interface StatementBounds {
  /** Of the first token; equal to `end` if there is none. */
  readonly start: number;
  /** Behind the last token, without the `;`. */
  readonly end: number;
  /** Where the next statement may begin: behind the `;`, or the end of the text. */
  readonly next: number;
  /** What was open when the text ended, and where it began; null if nothing was. */
  readonly open: { readonly what: OpenPart; readonly at: number } | null;
}

export type OpenPart = "string" | "quoted name" | "comment" | "parenthesis" | "BEGIN";

/** The statement that begins at or behind `from`. */
export function findStatement(text: string, from: number): StatementBounds {
  const lexer = new Lexer(text, from);
  const blocks = new Blocks();
  const parentheses: number[] = [];
  let start = -1;
  let end = from;
  while (lexer.advanceToToken()) {
    if (lexer.kind === "symbol") {
      const code = text.charCodeAt(lexer.start);
      if (code === 59 && parentheses.length === 0 && blocks.depth === 0) {
        if (start < 0) start = end = lexer.start;
        return { start, end, next: lexer.end, open: null };
      }
      if (code === 40) parentheses.push(lexer.start);
      else if (code === 41) parentheses.pop();
    } else if (lexer.kind === "word" && parentheses.length === 0) {
      blocks.word(text, lexer.start, lexer.end);
    }
    if (start < 0) start = lexer.start;
    end = lexer.end;
    if (!lexer.complete) {
      return { start, end, next: end, open: { what: openPart(lexer.kind), at: lexer.start } };
    }
  }
  const at = parentheses.at(-1);
  const open =
    at !== undefined
      ? ({ what: "parenthesis", at } as const)
      : blocks.depth > 0
        ? ({ what: "BEGIN", at: blocks.start } as const)
        : null;
  return { start: start < 0 ? end : start, end, next: text.length, open };
}

function openPart(kind: Lexer["kind"]): OpenPart {
  if (kind === "string") return "string";
  return kind === "comment" ? "comment" : "quoted name";
}

/** Counts BEGIN … END where they may hold statements; CASE … END inside of them is told apart. */
class Blocks {
  depth = 0;
  start = 0;
  readonly #head: string[] = [];

  word(text: string, start: number, end: number): void {
    const inHead = this.#head.length < 5;
    if (!inHead && this.depth === 0 && !this.#mayHaveBlock) return;
    if (end - start > 12) {
      if (inHead) this.#head.push("");
      return;
    }
    const word = text.slice(start, end).toUpperCase();
    if (inHead) this.#head.push(word);
    if (!this.#mayHaveBlock) return;
    if (word === "BEGIN") {
      if (this.depth++ === 0) this.start = start;
    } else if (this.depth > 0 && word === "CASE") this.depth++;
    else if (this.depth > 0 && word === "END") this.depth--;
  }

  /** Routines and statement sets: only their first words tell. */
  get #mayHaveBlock(): boolean {
    const [first, second, third, fourth] = this.#head;
    if (first === "CREATE") {
      const object = second === "OR" && third === "REPLACE" ? fourth : second;
      return object === "FUNCTION" || object === "PROCEDURE";
    }
    return (
      (first === "EXECUTE" || first === "EXPLAIN") && second === "STATEMENT" && third === "SET"
    );
  }
}
