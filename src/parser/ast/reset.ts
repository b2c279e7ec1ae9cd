// RESET 'key', or RESET alone for all.

export interface Reset {
  readonly kind: "reset";
  /** Null: every key. */
  readonly key: string | null;
  readonly position: number;
}
