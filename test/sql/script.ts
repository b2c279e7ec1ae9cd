// Golden scripts: text → steps, and back. A script holds comments (#), blank lines, directives
// (!session, !clock, …) and statements that end with `;` at the end of a line. Below a statement or
// !clock stands what it printed and, last, the verdict (!ok or !error …). No printed line is blank
// (those are printed as `.`), so a script that was just written may leave all of it out.

/** One thing to do, and the lines it was read from. */
export type Step =
  /** Comment or blank line: comes back as it is. */
  | { readonly kind: "text"; readonly line: string }
  | { readonly kind: "statement"; readonly text: string; readonly lines: readonly string[] }
  | {
      readonly kind: "directive";
      readonly name: "sort" | "session" | "clock" | "crash" | "only";
      readonly argument: string;
      readonly line: string;
    };

/**
 * Steps of a script; what was printed below them is left out. Throws on an unknown directive or an
 * open statement.
 */
export function readScript(text: string): Step[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  const steps: Step[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? "";
    if (line === "" || line.startsWith("#")) {
      steps.push({ kind: "text", line });
      at += 1;
    } else if (line.startsWith("!")) {
      const step = readDirective(line);
      steps.push(step);
      at += 1;
      if (prints(step)) at = skipPrinted(lines, at);
    } else {
      const end = statementEnd(lines, at);
      const own = lines.slice(at, end);
      steps.push({ kind: "statement", text: own.join("\n").replace(/;\s*$/, ""), lines: own });
      at = skipPrinted(lines, end);
    }
  }
  return steps;
}

/** True for steps that print something and end with a verdict. */
export function prints(step: Step): boolean {
  return (
    step.kind === "statement" ||
    (step.kind === "directive" && (step.name === "clock" || step.name === "crash"))
  );
}

/** Printed text as it stands in a script: blank lines as `.`, none at the end. */
export function printedLines(text: string): string[] {
  const lines = text.replace(/\n+$/, "").split("\n");
  return lines.map((line) => line.trimEnd()).map((line) => (line === "" ? "." : line));
}

const directives = ["sort", "session", "clock", "crash", "only"] as const;

function readDirective(line: string): Extract<Step, { kind: "directive" }> {
  const [word = "", ...rest] = line.slice(1).split(" ");
  const name = directives.find((known) => known === word);
  if (name === undefined) throw new Error(`unknown directive or stray verdict: ${line}`);
  return { kind: "directive", name, argument: rest.join(" ").trim(), line };
}

/** Index after the last line of the statement: it ends with `;`, outside dollar quotes. */
function statementEnd(lines: readonly string[], start: number): number {
  let dollars = 0;
  for (let at = start; at < lines.length; at++) {
    const line = lines[at] ?? "";
    dollars += line.split("$$").length - 1;
    if (dollars % 2 === 0 && line.trimEnd().endsWith(";")) return at + 1;
  }
  throw new Error(`statement does not end: ${lines[start]}`);
}

/** Index after the verdict; `start` if there is no verdict before the next blank line. */
function skipPrinted(lines: readonly string[], start: number): number {
  for (let at = start; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (line === "") return start;
    if (/^!(ok|error)\b/.test(line)) return at + 1;
  }
  return start;
}
