// Where the references of a statement stand. The scanner follows PostgreSQL's lexical rules as far
// as they decide that: strings of all kinds and their continuation on another line, quoted names,
// dollar quotes, nested comments, words. The strings of DO and of CREATE FUNCTION are code: what
// stands in their dollar quotes is scanned again, as code. Pure; nothing is thrown but WF-VARIABLE
// for what can be no reference.

import { present } from "../../common/assert.ts";
import { GatewayError } from "../../common/gateway-error.ts";
import { type Piece, referenceAt, referenceStart, splitText } from "./references.ts";

/** How a quoted text reads its characters. */
export type Quoting =
  /** '…' with standard_conforming_strings on, N'…', "…": the quote is doubled, nothing else. */
  | "plain"
  /** E'…': a backslash takes the next character, a quote too. */
  | "escape"
  /** U&'…', U&"…": a backslash begins a code point; it does not keep a quote from closing. */
  | "unicode"
  /** B'…' and X'…': a doubled quote means nothing. */
  | "bits";

export interface Quoted {
  readonly kind: "string" | "name";
  readonly quoting: Quoting;
  /** It is code, or has an escape character of its own: next to nothing may be put into it. */
  readonly closed: boolean;
  /** Without the quotes. */
  readonly parts: readonly Piece[];
}

export type SqlPiece =
  | { readonly kind: "text"; readonly text: string }
  | Quoted
  /** Dollar quotes around data. */
  | { readonly kind: "dollar"; readonly delimiter: string; readonly parts: readonly Piece[] }
  /** Dollar quotes around code. */
  | { readonly kind: "code"; readonly delimiter: string; readonly pieces: readonly SqlPiece[] }
  /** References outside quotes, with the characters of a word that touch them. */
  | BareRun;

export interface BareRun {
  readonly kind: "run";
  readonly parts: readonly Piece[];
  /** What stands before and behind: some characters. */
  readonly before: string;
  readonly behind: string;
  readonly inComment: boolean;
}

/** The whole text in pieces; texts and parts are as written, quotes are in the texts. */
export function scanSql(text: string): SqlPiece[] {
  return new Scanner(text, codeOf(text)).scan();
}

/** Names in the order written. */
export function referencesOfSql(text: string): string[] {
  return namesIn(scanSql(text));
}

function namesIn(pieces: readonly SqlPiece[]): string[] {
  return pieces.flatMap((piece) => {
    if (piece.kind === "text") return [];
    if (piece.kind === "code") return namesIn(piece.pieces);
    return piece.parts.flatMap((part) => (part.kind === "reference" ? [part.name] : []));
  });
}

/** How a string is read. */
type Reading = Pick<Quoted, "quoting" | "closed">;

/** What the strings of a statement are. */
type Strings = "data" | "code" | "foreign code";

const space = /[ \t\n\r\f\v]+/y;
const wordPattern = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y;
const digits = /[0-9][A-Za-z0-9_\u0080-\uffff]*/y;
const parameter = /\$[0-9]+/y;
const wordRest = /[A-Za-z0-9_$\u0080-\uffff]+/y;
const dollarQuote = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y;
const codeStatement = /^(?:DO|CREATE (?:OR REPLACE )?(?:FUNCTION|PROCEDURE))$/;
const ourLanguages = ["PLPGSQL", "SQL"];
const foreign = { kind: "string", quoting: "plain", closed: true } as const;
const quotingOf: Readonly<Record<string, Quoting>> = {
  e: "escape",
  u: "unicode",
  b: "bits",
  x: "bits",
  n: "plain",
};
/** Characters kept of what stands beside a run. */
const beside = 64;

/** DO and CREATE FUNCTION carry code; in another language than ours nothing is known of it. */
function codeOf(text: string): Strings {
  const scanner = new Scanner(text, "data");
  scanner.scan();
  const words = scanner.words.map((word) => word.toUpperCase());
  const starts = [1, 2, 4].map((count) => words.slice(0, count).join(" "));
  if (!starts.some((start) => codeStatement.test(start))) return "data";
  const languages = words.flatMap((word, k) => (word === "LANGUAGE" ? [words[k + 1] ?? ""] : []));
  return languages.every((one) => ourLanguages.includes(one)) ? "code" : "foreign code";
}

class Scanner {
  /** Words, and what stands in quotes, in order. */
  readonly words: string[] = [];
  readonly #text: string;
  readonly #strings: Strings;
  readonly #pieces: SqlPiece[] = [];
  /** Kind of the string that a quote would go on with, if a line break has come since. */
  #continues: (Reading & { readonly newline: boolean }) | null = null;
  /** UESCAPE somewhere: which character escapes is not looked for. */
  readonly #ownEscape: boolean;
  #at = 0;

  constructor(text: string, strings: Strings) {
    this.#text = text;
    this.#strings = strings;
    this.#ownEscape = /uescape/i.test(text);
  }

  scan(): SqlPiece[] {
    while (this.#at < this.#text.length) this.#next();
    return this.#pieces;
  }

  #next(): void {
    const text = this.#text;
    const at = this.#at;
    const two = text.slice(at, at + 2);
    const blank = this.#match(space);
    if (blank !== null) return this.#space(blank);
    if (two === "--") return this.#lineComment();
    const continued = this.#continues;
    this.#continues = null;
    if (two === "/*") return this.#blockComment();
    if (text[at] === "'") {
      const closed = this.#strings !== "data";
      const own: Reading = { quoting: "plain", closed };
      return this.#quoted("string", 1, continued?.newline === true ? continued : own);
    }
    if (text[at] === '"') return this.#quoted("name", 1, { quoting: "plain", closed: false });
    if (this.#prefixed()) return;
    if (two === referenceStart) return this.#run("", false);
    const start = this.#match(wordPattern) ?? this.#match(digits) ?? this.#match(parameter);
    if (start !== null) return this.#run(start, false);
    const delimiter = this.#match(dollarQuote);
    if (delimiter !== null) return this.#dollar(delimiter);
    this.#push(present(text[at], "a character is left"));
  }

  /** What a sticky pattern matches here. */
  #match(pattern: RegExp, at = this.#at): string | null {
    pattern.lastIndex = at;
    return pattern.exec(this.#text)?.[0] ?? null;
  }

  /** Takes `text` as it is. */
  #push(text: string): void {
    const last = this.#pieces.at(-1);
    if (last?.kind === "text") {
      this.#pieces[this.#pieces.length - 1] = { kind: "text", text: last.text + text };
    } else this.#pieces.push({ kind: "text", text });
    this.#at += text.length;
  }

  #space(blank: string): void {
    if (this.#continues !== null && /[\n\r]/.test(blank)) {
      this.#continues = { ...this.#continues, newline: true };
    }
    this.#push(blank);
  }

  /** E'', B'', X'', N'', U&'' and U&"". */
  #prefixed(): boolean {
    const prefix = /^(?:[ebxn]'|u&['"])/i.exec(this.#text.slice(this.#at, this.#at + 3))?.[0];
    if (prefix === undefined) return false;
    const quoting = present(quotingOf[present(prefix[0], "it is not empty").toLowerCase()], prefix);
    const own = quoting === "unicode" && this.#ownEscape;
    const kind = prefix.endsWith('"') ? "name" : "string";
    const code = kind === "string" && this.#strings !== "data";
    this.#quoted(kind, prefix.length, { quoting, closed: own || code });
    return true;
  }

  #quoted(kind: "string" | "name", opening: number, reading: Reading): void {
    this.#push(this.#text.slice(this.#at, this.#at + opening));
    const quote = kind === "name" ? '"' : "'";
    const body = this.#body(quote, reading.quoting);
    const { quoting, closed } = reading;
    const parts = splitText(body);
    if (quoting !== "plain") refuseBackslash(parts);
    this.words.push(body);
    this.#pieces.push({ kind, quoting, closed, parts });
    this.#at += body.length;
    if (this.#text[this.#at] === quote) this.#push(quote);
    if (kind === "string") this.#continues = { quoting, closed, newline: false };
  }

  /** What stands up to the closing quote. */
  #body(quote: string, quoting: Quoting): string {
    let at = this.#at;
    while (at < this.#text.length) {
      const one = this.#text[at];
      if (one === "\\" && quoting === "escape") at += 2;
      else if (one !== quote) at++;
      else if (quoting !== "bits" && this.#text[at + 1] === quote) at += 2;
      else break;
    }
    return this.#text.slice(this.#at, at);
  }

  #lineComment(): void {
    const end = /[\n\r]|$/g;
    end.lastIndex = this.#at;
    this.#comment(end.exec(this.#text)?.index ?? this.#text.length);
  }

  #blockComment(): void {
    let depth = 0;
    const mark = /\/\*|\*\//g;
    mark.lastIndex = this.#at;
    for (let found = mark.exec(this.#text); found !== null; found = mark.exec(this.#text)) {
      depth += found[0] === "/*" ? 1 : -1;
      if (depth === 0) return this.#comment(mark.lastIndex);
    }
    this.#comment(this.#text.length);
  }

  /** References in comments count as bare. */
  #comment(end: number): void {
    while (this.#at < end) {
      const reference = this.#text.startsWith(referenceStart, this.#at);
      const word = this.#match(wordRest) ?? "";
      if (reference) this.#run("", true);
      else if (word === "") this.#push(present(this.#text[this.#at], "a character is left"));
      else this.#run(word, true);
    }
  }

  /** A word or number that begins with `start`, or a reference, with all that touches it. */
  #run(start: string, inComment: boolean): void {
    const begin = this.#at;
    const parts: Piece[] = [];
    let at = begin;
    const take = (text: string) => {
      // The `$` of a reference that follows is not the word's.
      const cut = text.endsWith("$") && this.#text[at + text.length] === "{" ? -1 : text.length;
      const own = text.slice(0, cut);
      if (own !== "") parts.push({ kind: "text", text: own });
      at += own.length;
    };
    take(start);
    while (this.#text.startsWith(referenceStart, at)) {
      const { name, end } = referenceAt(this.#text, at);
      parts.push({ kind: "reference", name });
      at = end;
      take(this.#match(wordRest, at) ?? "");
    }
    if (!inComment) this.words.push(start);
    if (!parts.some((part) => part.kind === "reference")) return this.#push(start);
    this.#pieces.push({
      kind: "run",
      parts,
      before: this.#text.slice(Math.max(0, begin - beside), begin),
      behind: this.#text.slice(at, at + beside),
      inComment,
    });
    this.#at = at;
  }

  #dollar(delimiter: string): void {
    this.#push(delimiter);
    const close = this.#text.indexOf(delimiter, this.#at);
    const body = this.#text.slice(this.#at, close < 0 ? this.#text.length : close);
    if (this.#strings === "code") {
      const pieces = new Scanner(body, "data").scan();
      this.#pieces.push({ kind: "code", delimiter, pieces });
    } else if (this.#strings === "data") {
      this.#pieces.push({ kind: "dollar", delimiter, parts: splitText(body) });
    } else this.#pieces.push({ ...foreign, parts: splitText(body) });
    this.#at += body.length;
    if (close >= 0) this.#push(delimiter);
  }
}

/** A backslash before a reference would take the first character of the value. */
function refuseBackslash(parts: readonly Piece[]): void {
  parts.forEach((part, k) => {
    const before = parts[k - 1];
    if (part.kind !== "reference" || before?.kind !== "text") return;
    if (!/(?<!\\)(?:\\\\)*\\$/.test(before.text)) return;
    throw new GatewayError("WF-VARIABLE", "a reference to a variable follows a backslash", {
      detail: `The backslash would take the first character of the value of "${part.name}".`,
    });
  });
}
