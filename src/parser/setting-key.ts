// SET and RESET are shared: a quoted key, a key with a hyphen and a key that begins like one of
// ours is a session option of Sluice; all others are settings of PostgreSQL (`SET search_path = …`,
// `SET app.tenant_id = '5'`).

import { Lexer } from "./lexer.ts";

/** What an unquoted key of ours may begin with. The documentation prints the list. */
export const optionPrefixes = [
  "client.",
  "cluster.",
  "env.",
  "execution.",
  "high-availability.",
  "jobmanager.",
  "materialized-table.",
  "metrics.",
  "parallelism.",
  "pipeline.",
  "python.",
  "rest.",
  "restart-strategy.",
  "security.",
  "sluice.",
  "sql-client.",
  "sql-gateway.",
  "state.",
  "table.",
  "taskmanager.",
  "workflow-scheduler.",
  "workflow.",
  "yarn.",
] as const;

/** The parts of `SET key = value` or `RESET key` with an unquoted key; offsets are UTF-16 units. */
export interface SettingParts {
  readonly key: Span;
  /** Where `=` stands; null if there is none. */
  readonly equals: number | null;
  /** Null if nothing follows the `=`. */
  readonly value: Span | null;
}
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads the parts from `start` (behind the word SET or RESET) up to `end`, a key without blanks or
 * quotes first.
 */
export function readSetting(text: string, start: number, end: number): SettingParts | null {
  const keyStart = firstToken(text, start, end);
  const key = /[^\s='"`;]+/y;
  key.lastIndex = keyStart;
  const found = key.exec(text);
  if (found === null || keyStart >= end) return null;
  const keyEnd = Math.min(keyStart + found[0].length, end);
  const equals = firstToken(text, keyEnd, end);
  if (text[equals] !== "=" || equals >= end) {
    return { key: { start: keyStart, end: keyEnd }, equals: null, value: null };
  }
  const valueStart = firstToken(text, equals + 1, end);
  return {
    key: { start: keyStart, end: keyEnd },
    equals,
    value: valueStart < end ? { start: valueStart, end } : null,
  };
}

/** Whether an unquoted key names a session option of ours. */
export function isOptionKey(key: string): boolean {
  const lower = key.toLowerCase();
  return key.includes("-") || optionPrefixes.some((prefix) => lower.startsWith(prefix));
}

/** The offset of the first token at or behind `from`, at most `end`. */
function firstToken(text: string, from: number, end: number): number {
  const lexer = new Lexer(text, from);
  return lexer.advanceToToken() ? Math.min(lexer.start, end) : end;
}
