// The text of one call with what every stage needs of it: positions, and pieces carried on
// verbatim.

import type { Shift, SourceText } from "./ast/source-text.ts";
import { CodePoints } from "./code-points.ts";
import { Lexer } from "./lexer.ts";

export class Source {
  readonly text: string;
  readonly codePoints: CodePoints;

  constructor(text: string) {
    this.text = text;
    this.codePoints = new CodePoints(text);
  }

  /** Position in code points of a UTF-16 offset. */
  position(offset: number): number {
    return this.codePoints.position(offset);
  }

  /** The first lexeme at or behind an offset, for an error that points at it. */
  tokenFrom(offset: number): { readonly image: string; readonly startOffset: number } {
    const lexer = new Lexer(this.text, offset);
    lexer.advanceToToken();
    return { image: lexer.image, startOffset: lexer.start };
  }

  /** The piece between two UTF-16 offsets; back-quoted names in it become double-quoted ones. */
  piece(start: number, end: number): SourceText {
    const raw = this.text.slice(start, end);
    const position = this.position(start);
    if (!raw.includes("`")) return { text: raw, start: position, shifts: [] };
    const parts: string[] = [];
    const shifts: Shift[] = [];
    const lexer = new Lexer(raw);
    let copied = 0;
    let written = 0;
    let by = 0;
    while (lexer.advance()) {
      if (lexer.kind !== "back-quoted-name" || !lexer.complete) continue;
      const name = raw.slice(lexer.start + 1, lexer.end - 1).replaceAll("``", "`");
      const quoted = `"${name.replaceAll('"', '""')}"`;
      const between = raw.slice(copied, lexer.start);
      parts.push(between, quoted);
      written += codePointLength(between) + codePointLength(quoted);
      copied = lexer.end;
      const grown = lexer.end - lexer.start - quoted.length;
      if (grown !== 0) shifts.push({ at: written, by: (by += grown) });
    }
    parts.push(raw.slice(copied));
    return { text: parts.join(""), start: position, shifts };
  }
}

function codePointLength(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}
