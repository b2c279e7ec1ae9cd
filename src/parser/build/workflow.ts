// Statements about workflows, queues and backfills of workflows: their grammar is checked, and then
// they are answered as not carried out yet.

import type { NotYet } from "../ast/not-yet.ts";
import type { Tree } from "./tree.ts";

/**
 * The node of a statement that this version only understands. The tree shows that its syntax is
 * right.
 */
export function notYet(_checked: Tree, words: string): NotYet {
  return {
    kind: "not-yet",
    words,
    sentence: `This version of Sluice does not carry out ${words} yet.`,
  };
}
