// Clauses with an error of their own: where Flink says what is wrong instead of listing what it
// expected.

import type { IToken } from "chevrotain";
import type { GatewayError } from "../common/gateway-error.ts";
import type { Source } from "./source.ts";
import { placedError } from "./syntax-error.ts";

/** The dedicated error for a wrong token behind these ones; null if the place has none. */
export function clauseError(
  source: Source,
  before: readonly IToken[],
  found: IToken,
): GatewayError | null {
  const types = before.slice(-4).map((token) => token.tokenType.name);
  if (isWithin(types, ["FRESHNESS", "'='"])) {
    return placedError(source, {
      code: "MT-PARSE-FRESHNESS",
      message: "FRESHNESS must be an interval literal",
      offset: found.startOffset,
      detail: "Expected for example INTERVAL '5' MINUTE, with the number in quotes.",
      flink:
        "MATERIALIZED TABLE only supports define interval type FRESHNESS, please refer to the materialized table document.",
    });
  }
  if (!isWithin(types, ["FROM_NOW", "'('"]) && !isWithin(types, ["RESUME_OR_FROM_NOW", "'('"])) {
    return null;
  }
  return placedError(source, {
    code: "MT-PARSE-START-MODE",
    message: "FROM_NOW takes an interval literal",
    offset: found.startOffset,
    detail: "Expected for example FROM_NOW(INTERVAL '1' DAY), with the number in quotes.",
    flink: "START_MODE literal must be an interval for FROM_NOW and RESUME_OR_FROM_NOW modes.",
  });
}

/**
 * Whether the tokens end with these types, with the beginning of an interval behind them or not.
 */
function isWithin(types: readonly string[], wanted: readonly string[]): boolean {
  return [[], ["INTERVAL"], ["INTERVAL", "'-'"]].some((tail) => {
    const pattern = [...wanted, ...tail];
    return pattern.every((name, index) => types[types.length - pattern.length + index] === name);
  });
}

const clauseOrder = [
  "COMMENT",
  "DISTRIBUTED",
  "PARTITIONED",
  "WITH",
  "START_MODE",
  "FRESHNESS",
  "REFRESH_MODE",
];

/** For a clause of CREATE MATERIALIZED TABLE that stands too late or twice: what the order is. */
export function clauseOrderHint(before: readonly IToken[], found: IToken): string | undefined {
  const names = before.map((token) => token.tokenType.name);
  const isCreate = names.includes("CREATE") && names.includes("MATERIALIZED");
  const place = clauseOrder.indexOf(found.tokenType.name);
  if (!isCreate || place < 0) return undefined;
  const later = clauseOrder.slice(place);
  if (!later.some((clause) => names.includes(clause))) return undefined;
  return `The clauses come in this order: ${clauseOrder.join(", ")}, AS.`;
}
