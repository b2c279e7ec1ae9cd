// Where a position of a text is, as people say it: line and column, both counted from 1, in code
// points. A line ends with LF, CR or both.

import { Source } from "./source.ts";

export interface Place {
  readonly line: number;
  readonly column: number;
  /** UTF-16 offset where the line begins. */
  readonly lineStart: number;
}

/** The place of a UTF-16 offset. */
export function placeOf(source: Source, offset: number): Place {
  const { text } = source;
  let line = 1;
  let lineStart = 0;
  const lineEnd = /\r\n|\n|\r/g;
  for (let found = lineEnd.exec(text); found !== null; found = lineEnd.exec(text)) {
    if (lineEnd.lastIndex > offset) break;
    line++;
    lineStart = lineEnd.lastIndex;
  }
  const column = source.position(offset) - source.position(lineStart) + 1;
  return { line, column, lineStart };
}

/** The place of a position (zero-based code points) in a text. */
export function placeIn(text: string, position: number): Place {
  const source = new Source(text);
  return placeOf(source, source.codePoints.offset(position));
}
