// What may stand at the cursor.

/**
 * Candidates for the word at `position` (zero-based code points), sorted; `catalogNames` are names of the catalog,
 * offered where a name may stand. A position outside the text answers nothing. Throws nothing.
 */
export function complete(
  text: string,
  position: number,
  catalogNames: readonly string[],
): readonly string[] {
  throw new Error(`${text} ${position} ${catalogNames.length}`);
}
