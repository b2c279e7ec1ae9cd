// Literals that our own statements take. What they mean is decided later; here is what was written.

export const intervalUnits = [
  "SECOND",
  "MINUTE",
  "HOUR",
  "DAY",
  "WEEK",
  "MONTH",
  "QUARTER",
  "YEAR",
] as const;
/** Singular always: `MINUTES` is MINUTE. */
export type IntervalUnit = (typeof intervalUnits)[number];

/** `INTERVAL -'1' DAY TO HOUR`: the text between the quotes is not checked here. */
export interface IntervalLiteral {
  readonly negative: boolean;
  readonly value: string;
  readonly unit: IntervalUnit;
  readonly toUnit: IntervalUnit | null;
  /** Of the word INTERVAL. */
  readonly position: number;
}

/** `TIMESTAMP [WITH LOCAL TIME ZONE] '…'`: the text is not checked here. */
export interface TimestampLiteral {
  readonly text: string;
  readonly withLocalTimeZone: boolean;
  /** Of the word TIMESTAMP. */
  readonly position: number;
}

export const startModeKinds = [
  "FROM_BEGINNING",
  "RESUME_OR_FROM_BEGINNING",
  "FROM_NOW",
  "RESUME_OR_FROM_NOW",
  "FROM_TIMESTAMP",
  "RESUME_OR_FROM_TIMESTAMP",
] as const;
export type StartModeKind = (typeof startModeKinds)[number];

/**
 * START_MODE as written; `interval` only for the NOW kinds, `timestamp` exactly for the TIMESTAMP
 * kinds.
 */
export interface StartModeClause {
  readonly kind: StartModeKind;
  readonly interval: IntervalLiteral | null;
  readonly timestamp: TimestampLiteral | null;
  readonly position: number;
}

/** A value of a partition spec. */
export interface PartitionLiteral {
  readonly kind: "string" | "number" | "date" | "timestamp" | "boolean" | "null";
  /** Without quotes; `true` or `false`; null for NULL. PostgreSQL casts it to the column's type. */
  readonly value: string | null;
  readonly position: number;
}

/** `key = literal` of PARTITION (…). */
export interface PartitionPair {
  readonly key: string;
  readonly literal: PartitionLiteral;
  /** Of the key. */
  readonly position: number;
}
