// What a check says: where, which rule, and why the rule exists. Every check gives a list of these;
// an empty list is a pass. A finding without its reason is noise, so `why` is not optional.

export interface Finding {
  /** Short name of the rule, e.g. `function-length`. */
  readonly rule: string;
  /** Path relative to the root of the repository, with forward slashes. */
  readonly file: string;
  /** From 1; 0 if the finding is about the whole file. */
  readonly line: number;
  readonly message: string;
  readonly why: string;
}

/** One line for a terminal: `file:line  rule: message (why)`. */
export function renderFinding(finding: Finding): string {
  const place = finding.line > 0 ? `${finding.file}:${finding.line}` : finding.file;
  return `${place}  ${finding.rule}: ${finding.message}\n    why: ${finding.why}`;
}
