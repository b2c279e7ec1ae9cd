// References to variables, `${name}`, in plain text: where they stand and what they become. There
// is no escape: `${` always begins a reference. Pure.

import { GatewayError } from "../../common/gateway-error.ts";

/** Resolved: name to value. */
export type Variables = Readonly<Record<string, string>>;

/** A text cut where its references stand. */
export type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "reference"; readonly name: string };

/** Where a reference begins. */
export const referenceStart = "${";

/** The pieces in order. Throws WF-VARIABLE for `${` without `}`. */
export function splitText(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  while (true) {
    const at = text.indexOf(referenceStart, from);
    if (at < 0) break;
    if (at > from) pieces.push({ kind: "text", text: text.slice(from, at) });
    const reference = referenceAt(text, at);
    pieces.push({ kind: "reference", name: reference.name });
    from = reference.end;
  }
  if (from < text.length) pieces.push({ kind: "text", text: text.slice(from) });
  return pieces;
}

/** The reference whose `${` stands at `at`. Throws WF-VARIABLE if it has no end. */
export function referenceAt(text: string, at: number): { name: string; end: number } {
  const close = text.indexOf("}", at);
  if (close < 0) {
    throw new GatewayError("WF-VARIABLE", "reference to a variable has no closing brace", {
      detail: `The text "${text.slice(at, at + 20)}" begins one.`,
    });
  }
  return { name: text.slice(at + referenceStart.length, close), end: close + 1 };
}

/**
 * The text with all references replaced, as they are: for values that travel as parameters or are
 * quoted as a whole. Throws WF-VARIABLE for a name without value.
 */
export function substituteText(text: string, variables: Variables): string {
  return splitText(text)
    .map((piece) => (piece.kind === "text" ? piece.text : valueOf(piece.name, variables)))
    .join("");
}

/** Throws WF-VARIABLE for a name without value. */
export function valueOf(name: string, variables: Variables): string {
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (value === undefined) throw undefinedVariable(name);
  return value;
}

/** The error for a name that nothing defines. */
export function undefinedVariable(name: string): GatewayError {
  return new GatewayError("WF-VARIABLE", `variable "${name}" is not defined`, {
    hint:
      "Define it in VARIABLES, or use one that is always there: system.biz.date, " +
      "system.biz.curdate, system.datetime, interval.start, interval.end, workflow.name, " +
      "instance.id.",
  });
}
