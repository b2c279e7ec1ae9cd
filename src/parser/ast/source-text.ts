// A piece of the user's text that we carry on without parsing it (the query after AS, an
// expression, a statement that is PostgreSQL's). Invariant: a position in `text` can always be
// mapped back to the user's text.

/**
 * From `at` on (offset in the piece), the user's text is `by` code points further than `start`
 * says.
 */
export interface Shift {
  readonly at: number;
  readonly by: number;
}

/** Offsets are zero-based and count code points. */
export interface SourceText {
  /** Verbatim but for back-quoted identifiers, which are double-quoted ones here. */
  readonly text: string;
  /** Where the piece begins in the user's text. */
  readonly start: number;
  /**
   * Where the change of quotes changed lengths (quotes inside of quoted names); almost always
   * empty.
   */
  readonly shifts: readonly Shift[];
}

/**
 * Maps an offset in `source.text` (zero-based code points, as PostgreSQL's error position - 1) to
 * the user's text.
 */
export function userPosition(source: SourceText, offset: number): number {
  let by = 0;
  for (const shift of source.shifts) {
    if (shift.at > offset) break;
    by = shift.by;
  }
  return source.start + offset + by;
}
