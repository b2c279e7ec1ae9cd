// Breaks whole-line comments that are over the line budget again. Lists, tags and indented text
// stay as they are; code is never touched.

import { limits } from "./budgets.ts";

const prose = /^(\s*(?:\/\/|\*) )(?=[^\s|*@-])(?!\d+[.)] |\(\*)/;

/** Breaks the paragraphs of comments that hold a line over the budget. */
export function rewrapComments(text: string): string {
  const out: string[] = [];
  const lines = openShortBlocks(text.split("\n"));
  for (let at = 0; at < lines.length; ) {
    const paragraph = paragraphAt(lines, at);
    if (paragraph.length === 0) {
      out.push(lines[at] ?? "");
      at += 1;
      continue;
    }
    const long = paragraph.some((line) => line.length > limits.line && !line.includes("://"));
    out.push(...(long ? reflow(paragraph) : paragraph));
    at += paragraph.length;
  }
  return out.join("\n");
}

/** A block comment on one line that is too long becomes a block of three lines. */
function openShortBlocks(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const match = line.length > limits.line ? /^(\s*)\/\*\* (.*) \*\/$/.exec(line) : null;
    if (match === null) return [line];
    const indent = match[1] ?? "";
    return [`${indent}/**`, `${indent} * ${match[2] ?? ""}`, `${indent} */`];
  });
}

/** The lines from `start` on that are one paragraph of the same comment. */
function paragraphAt(lines: readonly string[], start: number): string[] {
  const prefix = prose.exec(lines[start] ?? "")?.[1];
  if (prefix === undefined) return [];
  let end = start;
  while (end < lines.length && prose.exec(lines[end] ?? "")?.[1] === prefix) end += 1;
  return lines.slice(start, end);
}

function reflow(paragraph: readonly string[]): string[] {
  const prefix = prose.exec(paragraph[0] ?? "")?.[1] ?? "";
  const words = paragraph.flatMap((line) => line.slice(prefix.length).split(/ +/));
  const out: string[] = [];
  let line = "";
  for (const word of words) {
    const longer = line === "" ? word : `${line} ${word}`;
    // A line must not begin with what would make it a list or a tag.
    if (prefix.length + longer.length <= limits.line || line === "" || /^[|*@-]/.test(word)) {
      line = longer;
      continue;
    }
    out.push(prefix + line);
    line = word;
  }
  return [...out, prefix + line];
}
