// Sentences for the user that are no error: they go where PostgreSQL's notices go.

import type { StatementContext } from "./statement-context.ts";

/** Passes warnings of a service on. */
export function warn(context: StatementContext, messages: readonly string[]): void {
  for (const message of messages) {
    context.notice({
      severity: "WARNING",
      message,
      sqlstate: "01000",
      detail: undefined,
      hint: undefined,
    });
  }
}
