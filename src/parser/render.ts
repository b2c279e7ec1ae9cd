// Statement → text that parses to the same statement.

import type { ParsedStatement } from "./ast/statement.ts";

/** Canonical text of a statement, one line unless the query has more. */
export function render(statement: ParsedStatement): string {
  throw new Error(statement.kind);
}
