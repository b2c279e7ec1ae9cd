// The only door of the parser: text → statement. Pure, linear in the length of the text, and throws nothing but
// GatewayError (GW-SYNTAX, GW-SYNTAX-EOF, GW-MULTIPLE-STATEMENTS, MT-PARSE-*).

import type { ParsedStatement } from "./ast/statement.ts";

/**
 * Reads one statement, with or without a trailing `;`. Every position in the result is a zero-based offset in code
 * points of `text`. Throws GatewayError.
 */
export function parse(text: string): ParsedStatement {
  throw new Error(text);
}
