// `'key' = 'value'` pairs of WITH, SET and their kin.

export interface OptionPair {
  readonly key: string;
  readonly value: string;
  /** Of the key, zero-based code points. */
  readonly position: number;
}

/** A key alone, as RESET takes it. */
export interface OptionKey {
  readonly key: string;
  readonly position: number;
}

/** The pairs as a record; of equal keys the last one wins, as in Flink. */
export function optionRecord(pairs: readonly OptionPair[]): Readonly<Record<string, string>> {
  return Object.fromEntries(pairs.map((pair) => [pair.key, pair.value]));
}
