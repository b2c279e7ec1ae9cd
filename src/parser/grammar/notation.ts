// Reads the notation in which the grammar is written down:
//
//   ruleName: KEYWORD anotherRule <Terminal> '(' [optional] (one | other) many* some+ item % ','
//
// `item % ','` is a list of one or more with a separator; `(one | other)@3` is told apart by up to
// three tokens instead of two; in `(one | other)!` alternatives may look alike, and the first that
// fits wins (a keyword before a name). Rules are separated by blank lines, `#` begins a comment. A
// mistake in the notation is a defect of ours and fails when the parser is built.

import { assert } from "../../common/assert.ts";

export type Production =
  | { readonly kind: "keyword"; readonly word: string }
  | { readonly kind: "symbol"; readonly symbol: string }
  | { readonly kind: "terminal"; readonly name: string }
  | { readonly kind: "rule"; readonly name: string }
  | { readonly kind: "sequence"; readonly parts: readonly Production[] }
  | {
      readonly kind: "choice";
      readonly alternatives: readonly Production[];
      /** How many tokens tell the alternatives apart, if more than usual. */
      readonly lookahead: number | null;
      /** Alternatives may be ambiguous on purpose. */
      readonly firstWins: boolean;
    }
  | { readonly kind: "optional"; readonly body: Production }
  | { readonly kind: "many"; readonly body: Production }
  | { readonly kind: "some"; readonly body: Production };

export interface GrammarRule {
  /** camelCase, as the nodes of the syntax tree are called. */
  readonly name: string;
  readonly body: Production;
}

/** The rules of a grammar text, in its order. */
export function readGrammar(text: string): readonly GrammarRule[] {
  return text
    .replaceAll(/#.*$/gm, "")
    .split(/\n\s*\n/)
    .map((rule) => rule.trim())
    .filter((rule) => rule !== "")
    .map(readRule);
}

/** Every keyword that the rules name, sorted. */
export function keywordsOf(rules: readonly GrammarRule[]): readonly string[] {
  const words = new Set<string>();
  for (const rule of rules) collectKeywords(rule.body, words);
  return [...words].sort();
}

function collectKeywords(production: Production, into: Set<string>): void {
  if (production.kind === "keyword") into.add(production.word);
  else if (production.kind === "sequence") {
    for (const part of production.parts) collectKeywords(part, into);
  } else if (production.kind === "choice") {
    for (const alternative of production.alternatives) collectKeywords(alternative, into);
  } else if ("body" in production) collectKeywords(production.body, into);
}

function readRule(text: string): GrammarRule {
  const [, name = "", body = ""] = /^([a-zA-Z]+)\s*:([^]*)$/.exec(text) ?? [];
  assert(name !== "", `grammar: "${text}" is no rule`);
  const tokens = body.match(/'[^']+'|<[A-Za-z]+>|[A-Za-z_]+|[[\]()|*+%!]|@\d/g) ?? [];
  const reader = new Reader(tokens);
  const production = reader.choice();
  assert(reader.done, `grammar: rule ${name} ends too early`);
  return { name, body: production };
}

class Reader {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  get done(): boolean {
    return this.#at >= this.#tokens.length;
  }

  choice(): Production {
    const alternatives = [this.#sequence()];
    while (this.#accept("|")) alternatives.push(this.#sequence());
    return (
      only(alternatives) ?? { kind: "choice", alternatives, lookahead: null, firstWins: false }
    );
  }

  #sequence(): Production {
    const parts: Production[] = [];
    while (!this.done && !/^[\])|]$/.test(this.#peek())) parts.push(...this.#repeated());
    assert(parts.length > 0, "grammar: empty alternative");
    return only(parts) ?? { kind: "sequence", parts };
  }

  #repeated(): readonly Production[] {
    const item = this.#item();
    if (this.#peek().startsWith("@") && item.kind === "choice") {
      return [{ ...item, lookahead: Number(this.#take().slice(1)) }];
    }
    if (item.kind === "choice" && this.#accept("!")) return [{ ...item, firstWins: true }];
    if (this.#accept("*")) return [{ kind: "many", body: item }];
    if (this.#accept("+")) return [{ kind: "some", body: item }];
    if (!this.#accept("%")) return [item];
    const separator = this.#item();
    return [item, { kind: "many", body: { kind: "sequence", parts: [separator, item] } }];
  }

  #item(): Production {
    const token = this.#take();
    if (token === "(" || token === "[") {
      const body = this.choice();
      assert(this.#take() === (token === "(" ? ")" : "]"), `grammar: ${token} is not closed`);
      return token === "(" ? body : { kind: "optional", body };
    }
    if (token.startsWith("'")) return { kind: "symbol", symbol: token.slice(1, -1) };
    if (token.startsWith("<")) return { kind: "terminal", name: token.slice(1, -1) };
    if (/^[A-Z_]+$/.test(token)) return { kind: "keyword", word: token };
    return { kind: "rule", name: token };
  }

  #peek(): string {
    return this.#tokens[this.#at] ?? "";
  }

  #take(): string {
    this.#at++;
    return this.#tokens[this.#at - 1] ?? "";
  }

  #accept(token: string): boolean {
    if (this.#peek() !== token) return false;
    this.#at++;
    return true;
  }
}

function only<T>(list: readonly T[]): T | undefined {
  return list.length === 1 ? list[0] : undefined;
}
