// A node of chevrotain's syntax tree with its text: typed access to children, so that builders read
// like the grammar.

import type { CstElement, CstNode, IToken } from "chevrotain";
import { present } from "../../common/assert.ts";
import type { Identifier } from "../ast/name.ts";
import type { Source } from "../source.ts";
import { identifierText, stringText } from "../token-text.ts";

export class Tree {
  readonly source: Source;
  readonly #node: CstNode;

  constructor(source: Source, node: CstNode) {
    this.source = source;
    this.#node = node;
  }

  /** Whether a keyword, symbol or rule is there. */
  has(name: string): boolean {
    return this.#node.children[name] !== undefined;
  }

  /** The first of these keywords or rules that is there. */
  which<const Name extends string>(...names: readonly Name[]): Name | null {
    return names.find((name) => this.has(name)) ?? null;
  }

  /** The name of the only child that is a rule. */
  get onlyRule(): string {
    const names = Object.keys(this.#node.children);
    const isRule = (name: string) =>
      !("image" in (this.#node.children[name]?.[0] ?? { image: "" }));
    return present(names.find(isRule), "a node with a rule");
  }

  tokens(name: string): readonly IToken[] {
    return (this.#node.children[name] ?? []).filter(isToken);
  }

  token(name: string): IToken {
    return present(this.tokens(name)[0], `no token ${name} in ${this.#node.name}`);
  }

  subs(name: string): readonly Tree[] {
    const trees: Tree[] = [];
    for (const child of this.#node.children[name] ?? []) {
      if (!isToken(child)) trees.push(new Tree(this.source, child));
    }
    return trees;
  }

  maybe(name: string): Tree | null {
    const child = this.#node.children[name]?.[0];
    return child === undefined || isToken(child) ? null : new Tree(this.source, child);
  }

  sub(name: string): Tree {
    return present(this.maybe(name), `no rule ${name} in ${this.#node.name}`);
  }

  /** Position in code points of a token. */
  position(token: IToken): number {
    return this.source.position(token.startOffset);
  }

  /** What the first string of this node says. */
  string(): string {
    return stringText(this.source, this.token("String"));
  }

  strings(): readonly { readonly text: string; readonly position: number }[] {
    return this.tokens("String").map((token) => ({
      text: stringText(this.source, token),
      position: this.position(token),
    }));
  }

  identifiers(): readonly Identifier[] {
    return this.tokens("Identifier").map((token) => ({
      name: identifierText(this.source, token),
      position: this.position(token),
    }));
  }

  identifier(): Identifier {
    return present(this.identifiers()[0], `no name in ${this.#node.name}`);
  }

  /** Offsets of the first and behind the last token below this node. */
  get span(): { readonly start: number; readonly end: number } {
    return { start: startOf(this.#node), end: endOf(this.#node) };
  }

  get startPosition(): number {
    return this.source.position(startOf(this.#node));
  }
}

/**
 * Children of one name are in the order of the text, so only the first of each can be the earliest.
 */
function startOf(node: CstNode): number {
  let start = Number.MAX_SAFE_INTEGER;
  for (const name in node.children) {
    const first = node.children[name]?.[0];
    if (first === undefined) continue;
    start = Math.min(start, isToken(first) ? first.startOffset : startOf(first));
  }
  return start;
}

function endOf(node: CstNode): number {
  let end = 0;
  for (const name in node.children) {
    const last = node.children[name]?.at(-1);
    if (last === undefined) continue;
    end = Math.max(end, isToken(last) ? (last.endOffset ?? 0) + 1 : endOf(last));
  }
  return end;
}

function isToken(element: CstElement): element is IToken {
  return "image" in element;
}
