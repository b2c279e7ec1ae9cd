// LIKE and ILIKE of the SHOW statements: `%` any text, `_` one character, `\` escapes. Matched in
// time proportional to pattern times text, whatever the pattern: these patterns come from users and
// run on the gateway's only thread.

import type { LikeFilter } from "../../parser/ast/like.ts";

/**
 * The names that a SHOW statement's LIKE clause lets through; all of them if there is no clause.
 */
export function filterLike(names: readonly string[], like: LikeFilter | null): string[] {
  if (like === null) return [...names];
  const fold = (text: string) => (like.ignoreCase ? text.toLowerCase() : text);
  const pattern = fold(like.pattern);
  return names.filter((name) => matchesLike(fold(name), pattern) !== like.not);
}

type Unit = { readonly kind: "any" } | { readonly kind: "one" } | { kind: "char"; text: string };

/** True if the whole text matches the pattern, letter case counting. */
export function matchesLike(text: string, pattern: string): boolean {
  const units = readPattern(pattern);
  const characters = [...text];
  let at = 0;
  let unit = 0;
  let retryUnit = -1;
  let retryAt = 0;
  while (at < characters.length) {
    const next = units[unit];
    if (next?.kind === "any") {
      retryUnit = unit++;
      retryAt = at;
    } else if (next?.kind === "one" || (next?.kind === "char" && next.text === characters[at])) {
      unit++;
      at++;
    } else if (retryUnit >= 0) {
      unit = retryUnit + 1;
      at = ++retryAt;
    } else {
      return false;
    }
  }
  return units.slice(unit).every((rest) => rest.kind === "any");
}

function readPattern(pattern: string): Unit[] {
  const units: Unit[] = [];
  const characters = [...pattern];
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i] ?? "";
    const escaped = characters[i + 1];
    if (character === "\\" && escaped !== undefined) {
      units.push({ kind: "char", text: escaped });
      i++;
    } else if (character === "%") units.push({ kind: "any" });
    else if (character === "_") units.push({ kind: "one" });
    else units.push({ kind: "char", text: character });
  }
  return units;
}
