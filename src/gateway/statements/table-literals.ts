// Clauses of the grammar → the values that the service of materialized tables takes.

import type { PartitionSpec } from "../../catalog/partition.ts";
import { GatewayError } from "../../common/gateway-error.ts";
import type {
  IntervalLiteral as ParsedInterval,
  PartitionPair,
  StartModeClause as ParsedStartMode,
} from "../../parser/ast/literal.ts";
import type { IntervalLiteral, StartModeClause } from "../../refresh/table-requests.ts";

/** An interval literal as written. */
export function intervalOf(literal: ParsedInterval): IntervalLiteral {
  const { negative, value, unit, toUnit } = literal;
  return { negative, text: value, unit, toUnit };
}

/** START_MODE as written. */
export function startModeOf({ kind, interval, timestamp }: ParsedStartMode): StartModeClause {
  return {
    kind,
    interval: interval === null ? null : intervalOf(interval),
    timestamp:
      timestamp === null ? null : { text: timestamp.text, local: timestamp.withLocalTimeZone },
  };
}

/**
 * PARTITION (k = v, …) as a spec; null for no clause. Throws MT-SPEC-VALUE if a key is given two
 * values.
 */
export function partitionOf(pairs: readonly PartitionPair[] | null): PartitionSpec | null {
  if (pairs === null) return null;
  const spec = new Map<string, string | null>();
  for (const { key, literal, position } of pairs) {
    if (spec.has(key) && spec.get(key) !== literal.value) {
      throw new GatewayError("MT-SPEC-VALUE", `partition column "${key}" is given two values`, {
        detail: "A partition spec is a conjunction: no row can have both.",
        position,
      });
    }
    spec.set(key, literal.value);
  }
  return Object.fromEntries(spec);
}
