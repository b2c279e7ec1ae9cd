// A statement of ours that this version understands but does not carry out yet.

export interface NotYet {
  readonly kind: "not-yet";
  /** The words that were recognised, upper case: `CREATE WORKFLOW`. */
  readonly words: string;
  /** A full sentence for the user. */
  readonly sentence: string;
}
