// PostgreSQL's lexical rules plus Flink's back-quoted names: the one lexer under splitting,
// cutting, parsing and completion. Invariants: every character belongs to exactly one lexeme (the
// ends of one are the starts of the next), the work is linear in the length of the text, and
// nothing is thrown: what is not finished at the end of the text is a lexeme with `complete` false.
// It is written by hand because dollar quotes and nested comments are no regular language, and
// because a text that is only passed on must cost no token objects; the grammar's tokens are made
// from its lexemes.

export type LexemeKind =
  | "space"
  | "comment"
  /** A keyword or an unquoted name. */
  | "word"
  /** `"name"` or `U&"name"`. */
  | "quoted-name"
  | "back-quoted-name"
  /** Any string: plain, E, U&, N, B, X or dollar-quoted. */
  | "string"
  | "number"
  /** `$1` */
  | "parameter"
  /** One character (`..`: two): operator, punctuation, or one that no rule knows. */
  | "symbol";

const other = 0;
const space = 1;
const wordStart = 2;
const digit = 3;

const classes = new Uint8Array(128);
for (const c of " \t\n\r\f\v") classes[c.charCodeAt(0)] = space;
for (let c = 0; c < 26; c++) {
  classes[65 + c] = wordStart;
  classes[97 + c] = wordStart;
}
classes[95] = wordStart;
for (let c = 48; c < 58; c++) classes[c] = digit;

/**
 * A number of PostgreSQL's, with the letters that may be glued to it (it refuses those itself).
 * Only single-character loops: they need no memory, however long the number is.
 */
const number =
  /(?:0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*(?:\.(?!\.)[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?)[A-Za-z_\u0080-\uffff]*/y;

/** A character past ASCII belongs to words, as in PostgreSQL; NaN (past the end) to nothing. */
function classOf(code: number): number {
  return code >= 128 ? wordStart : (classes[code] ?? other);
}

function continuesWord(code: number): boolean {
  const c = classOf(code);
  return c === wordStart || c === digit || code === 36;
}

/**
 * Walks over a text lexeme by lexeme; its fields describe the current one. Offsets are UTF-16
 * units.
 */
export class Lexer {
  readonly text: string;
  kind: LexemeKind = "space";
  start: number;
  end: number;
  /** False: the text ended inside a string, a quoted name or a comment. */
  complete = true;

  constructor(text: string, from = 0) {
    this.text = text;
    this.start = from;
    this.end = from;
  }

  /** Moves to the next lexeme; false at the end of the text. */
  advance(): boolean {
    this.start = this.end;
    if (this.start >= this.text.length) return false;
    this.complete = true;
    const code = this.text.charCodeAt(this.start);
    const charClass = classOf(code);
    if (charClass === wordStart) this.#wordOrPrefixed(code);
    else if (charClass === space) this.#space();
    else if (charClass === digit) this.#number();
    else this.#punctuation(code);
    return true;
  }

  /**
   * Moves to the next lexeme that is neither blank space nor a comment; false at the end of the
   * text.
   */
  advanceToToken(): boolean {
    while (this.advance()) {
      if (this.kind !== "space" && (this.kind !== "comment" || !this.complete)) return true;
    }
    return false;
  }

  /** The characters of the current lexeme. */
  get image(): string {
    return this.text.slice(this.start, this.end);
  }

  #space(): void {
    this.kind = "space";
    let at = this.start + 1;
    while (at < this.text.length && classOf(this.text.charCodeAt(at)) === space) at++;
    this.end = at;
  }

  #wordOrPrefixed(code: number): void {
    const next = this.text.charCodeAt(this.start + 1);
    if (next === 39) {
      const lower = code | 32;
      if (lower === 101) return this.#escapeString(this.start + 2);
      if (lower === 98 || lower === 120) return this.#bitString();
      if (lower === 110) return this.#delimited("string", 39, this.start + 2);
    } else if (next === 38 && (code | 32) === 117) {
      const quote = this.text.charCodeAt(this.start + 2);
      if (quote === 39) return this.#delimited("string", 39, this.start + 3);
      if (quote === 34) return this.#delimited("quoted-name", 34, this.start + 3);
    }
    this.kind = "word";
    let at = this.start + 1;
    while (at < this.text.length && continuesWord(this.text.charCodeAt(at))) at++;
    this.end = at;
  }

  #number(): void {
    this.kind = "number";
    number.lastIndex = this.start;
    number.test(this.text);
    this.end = number.lastIndex;
  }

  #punctuation(code: number): void {
    const next = this.text.charCodeAt(this.start + 1);
    if (code === 39) return this.#delimited("string", 39, this.start + 1);
    if (code === 34) return this.#delimited("quoted-name", 34, this.start + 1);
    if (code === 96) return this.#delimited("back-quoted-name", 96, this.start + 1);
    if (code === 45 && next === 45) return this.#lineComment();
    if (code === 47 && next === 42) return this.#blockComment();
    if (code === 36) return this.#dollar(next);
    if (code === 46 && classOf(next) === digit) return this.#number();
    this.kind = "symbol";
    // The two points of a slice or a range of PL/pgSQL belong together: `1..2` has no `.2` in it.
    this.end = this.start + (code === 46 && next === 46 ? 2 : 1);
  }

  /** From `at` to the closing quote; a doubled quote is part of the text. */
  #delimited(kind: LexemeKind, quote: number, at: number): void {
    this.kind = kind;
    const mark = String.fromCharCode(quote);
    for (let from = at; ; ) {
      const close = this.text.indexOf(mark, from);
      if (close < 0) return this.#unfinished();
      if (this.text.charCodeAt(close + 1) !== quote) {
        this.end = close + 1;
        return;
      }
      from = close + 2;
    }
  }

  /** B'…' and X'…' know no doubled quotes. */
  #bitString(): void {
    this.kind = "string";
    const close = this.text.indexOf("'", this.start + 2);
    if (close < 0) return this.#unfinished();
    this.end = close + 1;
  }

  #escapeString(from: number): void {
    this.kind = "string";
    for (let at = from; at < this.text.length; at++) {
      const code = this.text.charCodeAt(at);
      if (code === 92) at++;
      else if (code === 39) {
        if (this.text.charCodeAt(at + 1) !== 39) {
          this.end = at + 1;
          return;
        }
        at++;
      }
    }
    this.#unfinished();
  }

  #lineComment(): void {
    this.kind = "comment";
    let at = this.start + 2;
    while (at < this.text.length) {
      const code = this.text.charCodeAt(at);
      if (code === 10 || code === 13) break;
      at++;
    }
    this.end = at;
  }

  #blockComment(): void {
    this.kind = "comment";
    let depth = 1;
    let at = this.start + 2;
    while (at < this.text.length) {
      const code = this.text.charCodeAt(at);
      const next = this.text.charCodeAt(at + 1);
      if (code === 42 && next === 47) {
        at += 2;
        if (--depth === 0) {
          this.end = at;
          return;
        }
      } else if (code === 47 && next === 42) {
        at += 2;
        depth++;
      } else at++;
    }
    this.#unfinished();
  }

  /** `$1`, `$tag$ … $tag$`, or a dollar sign alone. */
  #dollar(next: number): void {
    if (classOf(next) === digit) {
      let at = this.start + 2;
      while (classOf(this.text.charCodeAt(at)) === digit) at++;
      this.kind = "parameter";
      this.end = at;
      return;
    }
    let at = this.start + 1;
    if (classOf(next) === wordStart) {
      while (at < this.text.length && continuesWord(this.text.charCodeAt(at))) {
        if (this.text.charCodeAt(at) === 36) break;
        at++;
      }
    }
    if (this.text.charCodeAt(at) !== 36) {
      this.kind = "symbol";
      this.end = this.start + 1;
      return;
    }
    this.kind = "string";
    const tag = this.text.slice(this.start, at + 1);
    const close = this.text.indexOf(tag, at + 1);
    if (close < 0) return this.#unfinished();
    this.end = close + tag.length;
  }

  #unfinished(): void {
    this.complete = false;
    this.end = this.text.length;
  }
}
