// What may follow a list of tokens is found by trying every path through the grammar. Lists make
// that slow (an item that fits two ways doubles the paths), so only the first and the current item
// of each list are kept: the same may follow.

import type { IToken } from "chevrotain";

/** Tokens that may be followed by the same as all of these. */
export function shortened(tokens: readonly IToken[]): IToken[] {
  const kept: IToken[] = [];
  /** Behind which kept token the second item of each open list begins; -1 until its first comma. */
  const lists: number[] = [-1];
  for (const token of tokens) {
    const { name } = token.tokenType;
    if (name === "','" && (lists.at(-1) ?? -1) >= 0) {
      kept.length = lists.at(-1) ?? 0;
      continue;
    }
    kept.push(token);
    if (name === "','") lists[lists.length - 1] = kept.length;
    else if (name === "'('" || name === "'<'") lists.push(-1);
    else if ((name === "')'" || name === "'>'") && lists.length > 1) lists.pop();
  }
  return kept;
}
