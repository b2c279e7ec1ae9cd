// Statement of ours → tokens of the grammar. What we carry on without parsing becomes one token:
// the query after AS, the expression of a computed column or watermark, PostgreSQL's options of
// EXPLAIN, unquoted keys and values of SET. AS means the query where it is the first one outside of
// parentheses; inside of a column list, and behind ADD or MODIFY, it begins an expression. Nothing
// here recurses, so nesting costs no stack.

import type { IToken, TokenType } from "chevrotain";
import { symbolType, terminals, typeOf, wordType } from "./grammar/tokens.ts";
import { Lexer } from "./lexer.ts";
import { readSetting, type Span } from "./setting-key.ts";

/** The tokens between two offsets, which hold one statement without its `;`. */
export function cutTokens(text: string, start: number, end: number): IToken[] {
  return new Cutter(text, start, end).cut();
}

const word = (name: string) => typeOf("keyword", name);
const explainDetails: ReadonlySet<TokenType> = new Set(
  ["ESTIMATED_COST", "CHANGELOG_MODE", "JSON_EXECUTION_PLAN", "PLAN_ADVICE"].map(word),
);

class Cutter {
  readonly #text: string;
  readonly #end: number;
  readonly #lexer: Lexer;
  readonly #tokens: IToken[] = [];
  #depth = 0;
  /** Known from the first AS on. */
  #altersItems: boolean | undefined;

  constructor(text: string, start: number, end: number) {
    this.#text = text;
    this.#end = end;
    this.#lexer = new Lexer(text, start);
  }

  cut(): IToken[] {
    if (!this.#next()) return this.#tokens;
    const first = this.#push();
    if (first === word("SET") || first === word("RESET")) this.#setting();
    else if (first === word("EXPLAIN")) this.#explain();
    while (this.#next()) {
      if (this.#push() === word("AS")) this.#behindAs();
    }
    return this.#tokens;
  }

  #next(): boolean {
    return this.#lexer.end < this.#end && this.#lexer.advanceToToken() && this.#inside;
  }

  get #inside(): boolean {
    return this.#lexer.start < this.#end;
  }

  /** Adds the lexeme as a token and answers its type. */
  #push(): TokenType {
    const type = this.#typeOfLexeme();
    if (type.name === "'('") this.#depth++;
    else if (type.name === "')'") this.#depth--;
    this.#add(type, this.#lexer.start, this.#lexer.end);
    return type;
  }

  #typeOfLexeme(): TokenType {
    switch (this.#lexer.kind) {
      case "word":
        return wordType(this.#lexer.image);
      case "quoted-name":
      case "back-quoted-name":
        return terminals.QuotedName;
      case "string":
        return terminals.String;
      case "number":
        return terminals.Number;
      case "symbol":
        return symbolType(this.#lexer.image);
      case "parameter":
      case "space":
      case "comment":
        return terminals.Unknown;
    }
  }

  #add(tokenType: TokenType, startOffset: number, end: number): void {
    const image = this.#text.slice(startOffset, end);
    const tokenTypeIdx = tokenType.tokenTypeIdx ?? 0;
    this.#tokens.push({ image, startOffset, endOffset: end - 1, tokenType, tokenTypeIdx });
  }

  #behindAs(): void {
    const inExpression = this.#isAlterOfItems() || this.#depth > 0;
    if (inExpression) this.#expression();
    else this.#rest(terminals.Query);
  }

  /** Whether the verb behind ALTER MATERIALIZED TABLE name is ADD or MODIFY. */
  #isAlterOfItems(): boolean {
    this.#altersItems ??= this.#findAlterOfItems();
    return this.#altersItems;
  }

  #findAlterOfItems(): boolean {
    const typeAt = (index: number) => this.#tokens[index]?.tokenType;
    const isExplain = typeAt(0) === word("EXPLAIN");
    const alter = isExplain
      ? this.#tokens.findIndex(({ tokenType }) => tokenType === word("ALTER"))
      : 0;
    if (typeAt(alter) !== word("ALTER")) return false;
    let at = alter + 4;
    while (typeAt(at)?.name === "'.'") at += 2;
    return typeAt(at) === word("ADD") || typeAt(at) === word("MODIFY");
  }

  /** Everything that is left, as one token; comments at its end are dropped. */
  #rest(type: TokenType): void {
    let start = -1;
    let end = -1;
    while (this.#lexer.end < this.#end && this.#lexer.advance() && this.#inside) {
      if (this.#lexer.kind === "space") continue;
      if (start < 0) start = this.#lexer.start;
      if (this.#lexer.kind !== "comment") end = this.#lexer.end;
    }
    if (end >= 0) this.#add(type, start, Math.min(end, this.#end));
  }

  /** Up to the comma or parenthesis that ends the item, or to COMMENT, FIRST or AFTER behind it. */
  #expression(): void {
    let start = -1;
    let end = -1;
    let nesting = 0;
    let open = false;
    while (this.#next()) {
      const image = this.#lexer.kind === "symbol" ? this.#lexer.image : "";
      if (nesting === 0 && (image === "," || image === ")")) open = true;
      if (start >= 0 && nesting === 0 && this.#endsExpression()) open = true;
      if (open) break;
      if (image === "(" || image === "[") nesting++;
      else if (image === ")" || image === "]") nesting--;
      if (start < 0) start = this.#lexer.start;
      end = this.#lexer.end;
    }
    if (start >= 0) this.#add(terminals.Expression, start, end);
    if (open) this.#push();
  }

  #endsExpression(): boolean {
    if (this.#lexer.kind !== "word") return false;
    const image = this.#lexer.image.toUpperCase();
    if (image !== "COMMENT" && image !== "FIRST" && image !== "AFTER") return false;
    const ahead = new Lexer(this.#text, this.#lexer.end);
    const more = ahead.advanceToToken() && ahead.start < this.#end;
    if (image === "COMMENT") return more && ahead.kind === "string";
    if (image === "AFTER") return more && ahead.kind !== "symbol";
    return !more || ahead.image === "," || ahead.image === ")";
  }

  /** `SET key = value` with unquoted texts; quoted ones are ordinary tokens. */
  #setting(): void {
    const parts = readSetting(this.#text, this.#lexer.end, this.#end);
    if (parts === null) return;
    this.#addSpan(terminals.SettingKey, parts.key);
    if (parts.equals === null) return this.#continueAt(parts.key.end);
    this.#add(symbolType("="), parts.equals, parts.equals + 1);
    if (parts.value === null || this.#text[parts.value.start] === "'") {
      return this.#continueAt(parts.equals + 1);
    }
    const unquoted = /\S*/y;
    unquoted.lastIndex = parts.value.start;
    const end = Math.min(
      parts.value.start + (unquoted.exec(this.#text)?.[0].length ?? 0),
      this.#end,
    );
    this.#add(terminals.SettingValue, parts.value.start, end);
    this.#continueAt(end);
  }

  #addSpan(type: TokenType, span: Span): void {
    this.#add(type, span.start, span.end);
  }

  #continueAt(offset: number): void {
    this.#lexer.end = offset;
  }

  /**
   * The head of EXPLAIN; a statement of ours behind it is left to be cut, anything else is one
   * token.
   */
  #explain(): void {
    const before = this.#lexer.end;
    if (!this.#next()) return;
    const type = this.#typeOfLexeme();
    if (type === word("PLAN")) {
      this.#push();
      if (this.#next()) this.#push();
    } else if (explainDetails.has(type)) this.#explainDetails();
    else {
      this.#continueAt(before);
      this.#postgresOptions();
    }
    const at = this.#lexer.end;
    const ours = this.#explainsOurs();
    this.#continueAt(at);
    if (!ours) this.#rest(terminals.Query);
  }

  #explainDetails(): void {
    this.#push();
    for (let at = this.#lexer.end; ; at = this.#lexer.end) {
      if (!this.#next()) return;
      const type = this.#typeOfLexeme();
      if (type.name !== "','" && !explainDetails.has(type)) return this.#continueAt(at);
      this.#push();
    }
  }

  /** `(FORMAT JSON)` or words like ANALYZE and VERBOSE; a parenthesis may begin a query as well. */
  #postgresOptions(): void {
    const at = this.#lexer.end;
    const ahead = new Lexer(this.#text, at);
    if (!ahead.advanceToToken() || ahead.start >= this.#end) return;
    const start = ahead.start;
    let end = -1;
    if (this.#text[start] === "(") {
      if (!ahead.advanceToToken() || /^(select|with|values|table|\()$/i.test(ahead.image)) return;
      do end = ahead.end;
      while (this.#text[ahead.start] !== ")" && ahead.advanceToToken());
    } else {
      while (/^(analy[sz]e|verbose)$/i.test(ahead.image)) {
        end = ahead.end;
        if (!ahead.advanceToToken()) break;
      }
    }
    if (end < 0 || end > this.#end) return;
    this.#add(terminals.PostgresOptions, start, end);
    this.#continueAt(end);
  }

  #explainsOurs(): boolean {
    if (!this.#next()) return false;
    const first = this.#lexer.image.toUpperCase();
    if (first === "MATERIALIZED") return true;
    if (first !== "CREATE" && first !== "ALTER" && first !== "DROP") return false;
    for (let skipped = 0; skipped < 4 && this.#next(); skipped++) {
      const image = this.#lexer.image.toUpperCase();
      if (image === "MATERIALIZED") return this.#next() && !/^view$/i.test(this.#lexer.image);
      if (!["OR", "ALTER", "REPLACE", "TEMPORARY"].includes(image)) return false;
    }
    return false;
  }
}
