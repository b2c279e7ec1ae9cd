// Cuts a script into its statements. Knows quotes, dollar quotes, nested comments and back-quotes.

import { CodePoints } from "./code-points.ts";
import { findStatement } from "./statement-bounds.ts";

export interface ScriptPart {
  /** Verbatim from the first to the last token, without the `;` that ends it. */
  readonly text: string;
  /** Where it begins in the script, zero-based code points. */
  readonly start: number;
}

/**
 * Statements of a script in order; pieces that hold nothing but comments are left out. Throws
 * nothing.
 */
export function splitScript(text: string): readonly ScriptPart[] {
  const codePoints = new CodePoints(text);
  const parts: ScriptPart[] = [];
  for (let from = skipByteOrderMark(text); from < text.length; ) {
    const bounds = findStatement(text, from);
    if (bounds.end > bounds.start) {
      parts.push({
        text: text.slice(bounds.start, bounds.end),
        start: codePoints.position(bounds.start),
      });
    }
    from = bounds.next;
  }
  return parts;
}

/** 1 if the text begins with a byte order mark, else 0. */
export function skipByteOrderMark(text: string): number {
  return text.charCodeAt(0) === 0xfeff ? 1 : 0;
}
