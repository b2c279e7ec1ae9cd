// A statement that only Flink knows: understood, and answered with one clean sentence (0A000).

export interface Unsupported {
  readonly kind: "unsupported";
  /** The words that were recognised, upper case: `ADD JAR`. */
  readonly words: string;
  /** A full sentence for the user. */
  readonly sentence: string;
  /** The advice that goes with it, if there is any. */
  readonly hint: string | null;
}
