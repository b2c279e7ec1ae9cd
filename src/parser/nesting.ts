// How deep types may nest: the grammar recurses for each level, and so does the search for what may
// follow.

import type { IToken } from "chevrotain";

const deepest = 100;

/** The first token that is nested too deeply; undefined if none is. */
export function nestedTooDeeply(tokens: readonly IToken[]): IToken | undefined {
  let depth = 0;
  return tokens.find(({ tokenType: { name } }) => {
    if (name === "'('" || name === "'<'") depth++;
    else if (name === "')'" || name === "'>'") depth--;
    return depth > deepest;
  });
}
