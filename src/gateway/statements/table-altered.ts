// What every ALTER of a materialized table ends with: warnings to the user, OK.

import { okResult } from "./fixed-results.ts";
import type { StatementContext } from "./statement-context.ts";
import type { FixedResult } from "./statement-result.ts";
import { warn } from "./warnings.ts";

/** Passes the warnings on and answers OK. */
export function altered(
  outcome: { readonly warnings: readonly string[] },
  context: StatementContext,
): FixedResult {
  warn(context, outcome.warnings);
  return okResult;
}
