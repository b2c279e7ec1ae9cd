// A statement of ours: tokens → syntax tree → statement, and the errors of its grammar.

import type { IToken, TokenType } from "chevrotain";
import type { GatewayError } from "../common/gateway-error.ts";
import type { Statement } from "./ast/statement.ts";
import { buildStatement } from "./build/statement.ts";
import { Tree } from "./build/tree.ts";
import { clauseError, clauseOrderHint, workflowHint } from "./clause-error.ts";
import { cutTokens } from "./cut.ts";
import { EOF } from "./grammar/engine.ts";
import { theParser } from "./grammar/statement-parser.ts";
import { nestedTooDeeply } from "./nesting.ts";
import { shortened } from "./shorten-tokens.ts";
import type { Source } from "./source.ts";
import type { StatementBounds } from "./statement-bounds.ts";
import {
  fits,
  placedError,
  unexpectedEnd,
  unexpectedToken,
  withoutHelpers,
} from "./syntax-error.ts";

/** Reads the statement between the bounds. Throws GatewayError. */
export function parseOurs(source: Source, bounds: StatementBounds): Statement {
  if (bounds.open !== null && bounds.open.what !== "parenthesis") {
    throw unexpectedEnd(source, bounds.end, [], `A ${bounds.open.what} is not closed.`);
  }
  const tokens = cutTokens(source.text, bounds.start, bounds.end);
  refuseNesting(source, tokens);
  const parser = theParser();
  const tree = parser.parseStatement(tokens);
  const wrong = parser.errors[0];
  if (wrong !== undefined) throw grammarError(source, tokens, wrong.token);
  if (bounds.open !== null) {
    throw unexpectedEnd(source, bounds.end, [], "A parenthesis is not closed.");
  }
  return buildStatement(new Tree(source, tree));
}

function refuseNesting(source: Source, tokens: readonly IToken[]): void {
  const token = nestedTooDeeply(tokens);
  if (token === undefined) return;
  throw placedError(source, {
    code: "GW-SYNTAX",
    message: "parentheses are nested too deeply",
    offset: token.startOffset,
  });
}

function grammarError(source: Source, tokens: IToken[], reported: IToken): GatewayError {
  let at = reported.tokenType === EOF ? tokens.length : tokens.indexOf(reported);
  let expected = expectedAt(tokens, at);
  // The parser looks ahead and reports the first token it looked at; the wrong one may be further
  // on.
  for (let found = tokens[at]; found !== undefined && fits(found, expected); found = tokens[at]) {
    at++;
    expected = expectedAt(tokens, at);
  }
  const found = tokens[at];
  if (found === undefined) {
    const last = tokens.at(-1);
    return unexpectedEnd(source, (last?.endOffset ?? -1) + 1, expected);
  }
  const before = tokens.slice(0, at);
  const hint = clauseOrderHint(before, found) ?? workflowHint(before, found);
  return clauseError(source, before, found) ?? unexpectedToken(source, found, expected, hint);
}

/** What may stand at an index; the end of the text is one of it where the statement is whole. */
function expectedAt(tokens: readonly IToken[], at: number): readonly TokenType[] {
  const parser = theParser();
  const before = shortened(tokens.slice(0, at));
  const expected = withoutHelpers(parser.expectedAfter(before));
  parser.parseStatement(before);
  return parser.errors.length === 0 ? [EOF, ...expected] : expected;
}
