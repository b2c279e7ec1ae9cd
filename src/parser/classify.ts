// What kind of statement PostgreSQL gets: it decides whether the gateway drains a cursor, counts
// rows, or just executes. Only words are looked at, outside of parentheses but for the heads of a
// WITH's parts; PostgreSQL has the last word.

import type { StatementClass } from "./ast/passthrough.ts";
import { Lexer } from "./lexer.ts";

export interface Classification {
  readonly statementClass: StatementClass;
  readonly returning: boolean;
}

const changing: ReadonlySet<string> = new Set(["INSERT", "UPDATE", "DELETE", "MERGE"]);
const selecting: ReadonlySet<string> = new Set(["SELECT", "VALUES", "TABLE"]);

/** The class of one statement of PostgreSQL's. */
export function classify(text: string): Classification {
  const scan = new Scan(text);
  const first = scan.first();
  if (changing.has(first)) {
    return { statementClass: "dml", returning: scan.find("RETURNING") };
  }
  if (first === "WITH") return scan.with();
  if (first === "(") return { statementClass: "query", returning: false };
  if (!selecting.has(first)) return { statementClass: "other", returning: false };
  // SELECT … INTO makes a table and answers no rows.
  const into = first === "SELECT" && scan.find("INTO");
  return { statementClass: into ? "other" : "query", returning: false };
}

class Scan {
  readonly #lexer: Lexer;
  #depth = 0;
  /** Upper case; the character itself for symbols, the kind for literals. */
  #token = "";
  #before = "";
  #earlier = "";

  constructor(text: string) {
    this.#lexer = new Lexer(text);
  }

  first(): string {
    this.#next();
    return this.#token;
  }

  /** Whether a word follows outside of parentheses, other than as a label or behind a point. */
  find(word: string): boolean {
    while (this.#next()) {
      if (this.#depth > 0 || this.#token !== word) continue;
      if (this.#before !== "AS" && this.#before !== ".") return true;
    }
    return false;
  }

  /** WITH: the class is that of the main statement, unless one of the parts changes something. */
  with(): Classification {
    let changes = false;
    while (this.#next()) {
      if (this.#depth > 0) changes ||= this.#beginsChange();
      else if (this.#beginsMain()) return this.#main(changes);
    }
    return { statementClass: "other", returning: false };
  }

  #main(changes: boolean): Classification {
    if (changing.has(this.#token)) {
      return { statementClass: "dml", returning: this.find("RETURNING") };
    }
    if (this.#token === "SELECT" && this.find("INTO")) {
      return { statementClass: "other", returning: false };
    }
    return { statementClass: changes ? "dml" : "query", returning: changes };
  }

  /**
   * The main statement stands behind the `)` of the last part, or behind its SEARCH … SET a or
   * CYCLE … USING a.
   */
  #beginsMain(): boolean {
    if (this.#token === "SELECT" || this.#token === "TABLE") return true;
    const isVerb = changing.has(this.#token) || this.#token === "VALUES" || this.#token === "(";
    const isBehindParts = this.#before === ")" || this.#earlier === "SET";
    return isVerb && (isBehindParts || this.#earlier === "USING");
  }

  #beginsChange(): boolean {
    if (this.#before !== "(" && this.#before !== ")") return false;
    if (!changing.has(this.#token)) return false;
    const ahead = new Lexer(this.#lexer.text, this.#lexer.end);
    return ahead.advanceToToken() && ahead.kind !== "symbol";
  }

  #next(): boolean {
    this.#earlier = this.#before;
    this.#before = this.#token;
    if (!this.#lexer.advanceToToken()) return false;
    const { kind } = this.#lexer;
    if (kind === "word") {
      const short = this.#lexer.end - this.#lexer.start <= 12;
      this.#token = short ? this.#lexer.image.toUpperCase() : "name";
    } else this.#token = kind === "symbol" ? this.#lexer.image : kind;
    if (this.#before === "(") this.#depth++;
    if (this.#token === ")") this.#depth--;
    return true;
  }
}
