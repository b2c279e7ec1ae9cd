// A node of chevrotain's syntax tree with its text: typed access to children, so that builders read like the grammar.

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
    return (this.#node.children[name] ?? [])
      .filter((child) => !isToken(child))
      .map((child) => new Tree(this.source, child as CstNode));
  }

  maybe(name: string): Tree | null {
    return this.subs(name)[0] ?? null;
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
    let start = Number.MAX_SAFE_INTEGER;
    let end = 0;
    const visit = (element: CstElement) => {
      if (isToken(element)) {
        start = Math.min(start, element.startOffset);
        end = Math.max(end, (element.endOffset ?? 0) + 1);
      } else for (const list of Object.values(element.children)) list.forEach(visit);
    };
    visit(this.#node);
    return { start, end };
  }

  get startPosition(): number {
    return this.source.position(this.span.start);
  }
}

function isToken(element: CstElement): element is IToken {
  return "image" in element;
}
