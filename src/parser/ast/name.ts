// Names as the user wrote them. Unquoted ones are folded to lower case (PostgreSQL's rule), quoted
// ones keep their case.

/** One identifier and where it stands (zero-based code points). */
export interface Identifier {
  readonly name: string;
  readonly position: number;
}

/** A possibly qualified name: `[[catalog.]database.]object`, not yet resolved against a session. */
export interface QualifiedName {
  /** 1 to 3 parts, folded. */
  readonly parts: readonly string[];
  /** The same parts without folding, for what matches the exact text first (USE). */
  readonly written: readonly string[];
  readonly position: number;
}

/** As the user would type it, for messages: `a.b.c`. */
export function plainQualifiedName(name: QualifiedName): string {
  return name.parts.join(".");
}
