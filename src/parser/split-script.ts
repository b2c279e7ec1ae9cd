// Cuts a script into its statements. Knows quotes, dollar quotes, nested comments and back-quotes.

export interface ScriptPart {
  /** Verbatim, without the `;` that ends it and without blank space around it. */
  readonly text: string;
  /** Where it begins in the script, zero-based code points. */
  readonly start: number;
}

/** Statements of a script in order; pieces that hold nothing but comments are left out. Throws nothing. */
export function splitScript(text: string): readonly ScriptPart[] {
  throw new Error(text);
}
