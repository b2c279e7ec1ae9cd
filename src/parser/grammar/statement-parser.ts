// The parser: chevrotain's engine over the rules of the notation. Each production becomes one call
// of chevrotain's interface, made while it records the grammar and again while it parses.
// Invariant: the tree of calls is built once, so parsing allocates nothing but the syntax tree.
// (The one class that inherits from something else than Error: the engine demands it.)

import type {
  CstNode,
  ISerializedGast,
  ISyntacticContentAssistPath,
  IToken,
  ParserMethod,
  TokenType,
} from "chevrotain";
import { present } from "../../common/assert.ts";
import { CstParser } from "./engine.ts";
import type { GrammarRule, Production } from "./notation.ts";
import { grammarRules, typeOf, vocabulary } from "./tokens.ts";

type RuleMethod = ParserMethod<unknown[], CstNode>;

/** Numbers the calls of one rule: chevrotain tells equal calls apart by their index. */
class Indexes {
  readonly #next = new Map<string, number>();

  take(what: string): number {
    const index = this.#next.get(what) ?? 0;
    this.#next.set(what, index + 1);
    return index;
  }
}

export class StatementParser extends CstParser {
  readonly #methods = new Map<string, RuleMethod>();

  /** `validate` checks the grammar for ambiguities (slow; a test does it). */
  constructor(validate = false) {
    super(vocabulary, {
      maxLookahead: 2,
      nodeLocationTracking: "none",
      skipValidations: !validate,
    });
    for (const rule of grammarRules) this.#define(rule);
    this.performSelfAnalysis();
  }

  /** Parses tokens by the rule `statement`; look at `errors` before you use the tree. */
  parseStatement(tokens: IToken[]): CstNode {
    this.input = tokens;
    return present(this.#methods.get("statement"), "the grammar has a statement").call(this);
  }

  /** The token types that may follow these tokens. */
  expectedAfter(tokens: IToken[]): readonly TokenType[] {
    const paths: ISyntacticContentAssistPath[] = this.computeContentAssist("statement", tokens);
    return [...new Set(paths.map((path) => path.nextTokenType))];
  }

  /** The rules as chevrotain recorded them, as plain data. */
  serializedRules(): readonly ISerializedGast[] {
    return this.getSerializedGastProductions();
  }

  #define(rule: GrammarRule): void {
    const run = this.#compile(rule.body, new Indexes());
    const method = this.RULE(rule.name, run);
    this.#methods.set(rule.name, method);
    // Chevrotain's recording looks a rule up by its name on the instance.
    Object.assign(this, { [rule.name]: method });
  }

  #compile(production: Production, indexes: Indexes): () => void {
    switch (production.kind) {
      case "keyword":
        return this.#consume(typeOf("keyword", production.word), indexes);
      case "symbol":
        return this.#consume(typeOf("symbol", production.symbol), indexes);
      case "terminal":
        return this.#consume(typeOf("terminal", production.name), indexes);
      case "rule":
        return this.#call(production.name, indexes);
      case "sequence": {
        const parts = production.parts.map((part) => this.#compile(part, indexes));
        return () => {
          for (const part of parts) part();
        };
      }
      case "choice": {
        const index = indexes.take("or");
        const alternatives = {
          DEF: production.alternatives.map((alternative) => ({
            ALT: this.#compile(alternative, indexes),
            IGNORE_AMBIGUITIES: production.firstWins,
          })),
          ...(production.lookahead === null ? {} : { MAX_LOOKAHEAD: production.lookahead }),
        };
        return () => this.or(index, alternatives);
      }
      case "optional": {
        const index = indexes.take("option");
        const body = this.#compile(production.body, indexes);
        return () => this.option(index, body);
      }
      case "many": {
        const index = indexes.take("many");
        const body = this.#compile(production.body, indexes);
        return () => this.many(index, body);
      }
      case "some": {
        const index = indexes.take("some");
        const body = this.#compile(production.body, indexes);
        return () => this.atLeastOne(index, body);
      }
    }
  }

  #consume(type: TokenType, indexes: Indexes): () => void {
    const index = indexes.take(`consume ${type.name}`);
    return () => this.consume(index, type);
  }

  #call(name: string, indexes: Indexes): () => void {
    const index = indexes.take(`subrule ${name}`);
    // Looked up at each call, since the rule may be defined further down.
    return () => this.subrule(index, present(this.#methods.get(name), `grammar: no rule ${name}`));
  }
}

let shared: StatementParser | undefined;

/** The one parser of this process, built when it is first asked for. */
export function theParser(): StatementParser {
  shared ??= new StatementParser();
  return shared;
}
