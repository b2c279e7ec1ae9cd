// Offsets of JavaScript strings (UTF-16 units) ↔ positions that users and PostgreSQL count (code
// points).

/** Knows where the surrogate pairs of one text are. A lone surrogate counts as one code point. */
export class CodePoints {
  /** Offsets of the second halves of pairs, ascending. */
  readonly #pairs: number[] = [];

  constructor(text: string) {
    for (let at = 1; at < text.length; at++) {
      const low = text.charCodeAt(at);
      if (low < 0xdc00 || low > 0xdfff) continue;
      const high = text.charCodeAt(at - 1);
      if (high >= 0xd800 && high <= 0xdbff && this.#pairs.at(-1) !== at - 1) this.#pairs.push(at);
    }
  }

  /** Position in code points of a UTF-16 offset. */
  position(offset: number): number {
    if (this.#pairs.length === 0) return offset;
    let low = 0;
    let high = this.#pairs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#pairs[middle] ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return offset - low;
  }

  /** UTF-16 offset of a position in code points; the inverse of `position`. */
  offset(position: number): number {
    let low = 0;
    let high = this.#pairs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#pairs[middle] ?? 0) - middle <= position) low = middle + 1;
      else high = middle;
    }
    return position + low;
  }
}
