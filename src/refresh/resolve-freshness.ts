// The literal of FRESHNESS becomes a value, or an error with Flink's sentence. Pure.

import type { Freshness, FreshnessUnit } from "../catalog/freshness.ts";
import { freshnessUnits } from "../catalog/freshness.ts";
import { GatewayError } from "../common/gateway-error.ts";
import { literalFault, validation } from "./flink-text.ts";
import type { IntervalLiteral } from "./table-requests.ts";

/**
 * Larger amounts would overflow the arithmetic of slots; Flink's own limit is 99 of any unit
 * (strict).
 */
const largestAmount = 2_147_483_647;

/** Reads a FRESHNESS literal. `strict`: Flink's limit of two digits applies. Throws MT-FRESH-*. */
export function resolveFreshness(literal: IntervalLiteral, strict: boolean): Freshness {
  const unit = freshnessUnits.find((candidate) => candidate === literal.unit);
  if (unit === undefined || literal.toUnit !== null) {
    throw new GatewayError("MT-FRESH-UNIT", "unit of FRESHNESS is not one of those it can have", {
      detail: "FRESHNESS is given in SECOND, MINUTE, HOUR, DAY or WEEK.",
      flink: validation(
        "Materialized table freshness only supports SECOND, MINUTE, HOUR, DAY, WEEK as " +
          "the time unit.",
      ),
    });
  }
  const amount = readAmount(literal, unit, strict);
  if (amount <= 0) {
    throw new GatewayError("MT-FRESH-NONPOS", `FRESHNESS must be positive, but is ${amount}`, {
      flink: validation(
        "The freshness interval currently only supports positive integer type values. " +
          `But was: ${amount}`,
      ),
    });
  }
  return { amount, unit };
}

function readAmount(literal: IntervalLiteral, unit: FreshnessUnit, strict: boolean): number {
  const text = literal.text.trim();
  if (text === "") throw illegal(literal, unit, `Illegal INTERVAL literal  ${unit}`);
  // Seconds may have a fraction, which is cut off as Flink does; other units may not.
  const form = unit === "SECOND" ? /^([+-]?)(\d+)(?:\.\d+)?$/ : /^([+-]?)(\d+)$/;
  const match = form.exec(text);
  if (match === null) {
    const words = `Illegal interval literal format '${literal.text}' for INTERVAL ${unit}`;
    throw illegal(literal, unit, words);
  }
  const size = Number(match[2]);
  const limit = strict ? 99 : largestAmount;
  if (size > limit) {
    const shown = size.toLocaleString("en-US");
    throw new GatewayError("MT-FRESH-LITERAL", `FRESHNESS of ${size} ${unit} is too large`, {
      detail: `The largest amount is ${limit}.`,
      flink: literalFault(`Interval field value ${shown} exceeds precision of ${unit}(2) field`),
    });
  }
  const negative = (match[1] === "-") !== literal.negative;
  return negative && size !== 0 ? -size : size;
}

function illegal(literal: IntervalLiteral, unit: FreshnessUnit, flink: string): GatewayError {
  return new GatewayError(
    "MT-FRESH-LITERAL",
    `interval '${literal.text}' ${unit} cannot be read as FRESHNESS`,
    { detail: "FRESHNESS is a whole number of one unit.", flink: literalFault(flink) },
  );
}
