// What executing a statement yields, before it is cut into pages and rendered: a fixed list of rows
// (everything of ours: SHOW, DESCRIBE, "OK"), or a stream of rows from PostgreSQL that was drained
// by gateway/passthrough.

import type { LogicalType } from "../../protocol/logical-type.ts";

/** A column as the wire has it; `comment` is null where PostgreSQL has none. */
export interface ResultColumn {
  readonly name: string;
  readonly logicalType: LogicalType;
  readonly comment: string | null;
}

/**
 * A value of a fixed result: text, a number for integer types, a boolean, a string map for MAP, an
 * Instant (number) for TIMESTAMP_WITH_LOCAL_TIME_ZONE, or null.
 */
export type FixedValue = string | number | boolean | Readonly<Record<string, string>> | null;

export interface FixedResult {
  readonly kind: "fixed";
  /** SUCCESS only for the one-row "OK" of statements that have nothing to say. */
  readonly resultKind: "SUCCESS" | "SUCCESS_WITH_CONTENT";
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly FixedValue[])[];
}
