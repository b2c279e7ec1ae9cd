// What every ALTER of a materialized table ends with: warnings to the user, OK.

import { okResult } from "./fixed-results.ts";
import type { StatementContext } from "./statement-context.ts";
import type { FixedResult } from "./statement-result.ts";

/** Passes the warnings on and answers OK. */
export function altered(
  outcome: { readonly warnings: readonly string[] },
  context: StatementContext,
): FixedResult {
  for (const message of outcome.warnings) {
    context.notice({
      severity: "WARNING",
      message,
      sqlstate: "01000",
      detail: undefined,
      hint: undefined,
    });
  }
  return okResult;
}
