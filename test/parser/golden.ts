// Golden files of the parser: blocks of a text and what came of it. UPDATE=1 rewrites them; the
// difference is reviewed.
//
//   text, as sent
//   =>
//   result
//   ----

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";

export interface GoldenBlock {
  readonly text: string;
  readonly result: string;
}

/** Runs `produce` on each text of a file and expects the file to come back byte for byte. */
export function checkGolden(name: string, produce: (text: string) => string): void {
  const path = fileURLToPath(new URL(name, import.meta.url));
  const before = readFileSync(path, "utf8");
  const after = print(
    headOf(before),
    readBlocks(before).map(({ text }) => ({ text, result: produce(text) })),
  );
  if (process.env.UPDATE === "1" && after !== before) writeFileSync(path, after);
  else expect(after).toBe(before);
}

/** Lines before the first block, all of them comments. */
function headOf(file: string): string {
  return /^(?:#.*\n)*/.exec(file)?.[0] ?? "";
}

export function readBlocks(file: string): readonly GoldenBlock[] {
  const body = file.slice(headOf(file).length);
  return body
    .split(/^----\n/m)
    .filter((block) => block.trim() !== "")
    .map((block) => {
      const [text = "", result = ""] = block.replace(/^\n/, "").split(/^=>\n/m);
      return { text: text.replace(/\n$/, ""), result: result.replace(/\n$/, "") };
    });
}

function print(head: string, blocks: readonly GoldenBlock[]): string {
  return head + blocks.map(({ text, result }) => `\n${text}\n=>\n${result}\n----\n`).join("");
}
