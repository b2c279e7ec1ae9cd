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

/** For slips that are usual in statements about workflows. */
export function workflowHint(before: readonly IToken[], found: IToken): string | undefined {
  const [earlier, last] = before.slice(-2).map((token) => token.tokenType.name);
  if (earlier === "TASKS" && last === "'('" && found.image === ")") {
    return "A workflow has at least one task: name EXECUTE '…' or name REFRESH table.";
  }
  if (last === "EXECUTE" && earlier !== undefined && found.tokenType.name !== "String") {
    return "The statement of a task is a string: put it in quotes, and double the quotes in it.";
  }
  const isTime = last === "AT" || last === "FROM" || last === "TO";
  const isWorkflow = before.some((token) => token.tokenType.name === "WORKFLOW");
  if (!isTime || !isWorkflow || found.tokenType.name !== "String") return undefined;
  return `Write TIMESTAMP before the string: ${last} TIMESTAMP ${found.image.slice(0, 40)}.`;
}

/** Clauses in their order; `COMMENT, …` of hints is made of it. */
interface ClauseOrder {
  readonly clauses: readonly string[];
  /** What follows all of them. */
  readonly last: string | null;
}

const tableOrder: ClauseOrder = {
  clauses: [
    "COMMENT",
    "DISTRIBUTED",
    "PARTITIONED",
    "WITH",
    "START_MODE",
    "FRESHNESS",
    "REFRESH_MODE",
  ],
  last: "AS",
};

const workflowOrder: ClauseOrder = {
  clauses: ["COMMENT", "SCHEDULE", "TIME", "START", "END", "VARIABLES", "WITH"],
  last: "TASKS",
};

const taskOrder: ClauseOrder = { clauses: ["COMMENT", "AFTER", "VARIABLES", "WITH"], last: null };

const writtenAs: Readonly<Record<string, string>> = {
  TIME: "TIME ZONE",
  START: "START AT",
  END: "END AT",
};

/** For a clause that stands too late or twice: what the order is. */
export function clauseOrderHint(before: readonly IToken[], found: IToken): string | undefined {
  const names = before.map((token) => token.tokenType.name);
  const scope = orderOf(names);
  if (scope === null) return undefined;
  const { order, from } = scope;
  const place = order.clauses.indexOf(found.tokenType.name);
  if (place < 0) return undefined;
  const later = order.clauses.slice(place);
  if (!later.some((clause) => names.includes(clause, from))) return undefined;
  const words = [...order.clauses, ...(order.last === null ? [] : [order.last])];
  const list = words.map((word) => writtenAs[word] ?? word).join(", ");
  return `The clauses ${order === taskOrder ? "of a task " : ""}come in this order: ${list}.`;
}

/** Which order holds where these tokens end, and from which token on. */
function orderOf(
  names: readonly string[],
): { readonly order: ClauseOrder; readonly from: number } | null {
  if (names.includes("CREATE") && names.includes("MATERIALIZED")) {
    return { order: tableOrder, from: 0 };
  }
  if (!names.includes("WORKFLOW")) return null;
  const verb = names.findIndex((name) => name === "EXECUTE" || name === "REFRESH");
  if (verb > 0) return { order: taskOrder, from: lastTask(names) };
  return names.includes("CREATE") ? { order: workflowOrder, from: 0 } : null;
}

/** The last EXECUTE or REFRESH: a task's clauses stand behind it. */
function lastTask(names: readonly string[]): number {
  return Math.max(names.lastIndexOf("EXECUTE"), names.lastIndexOf("REFRESH"));
}
