// Flink's parser tests as data (inventory.txt): every statement has the kind or the error that is
// written down, and what is accepted prints back to the same statement.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "../../src/parser/parse.ts";
import { render } from "../../src/parser/render.ts";
import { errorOf } from "./error-of.ts";
import { withoutPositions } from "./without-positions.ts";

interface Row {
  readonly id: string;
  readonly outcome: string;
  readonly sentence: string;
  readonly text: string;
}

const rows: readonly Row[] = readFileSync(new URL("inventory.txt", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("TP-"))
  .map((line) => {
    const [id = "", outcome = "", sentence = "", ...text] = line
      .split("|")
      .map((cell) => cell.trim());
    return { id, outcome, sentence, text: text.join("|") };
  });

test("every test of the inventory is there", () => {
  const wanted = Array.from(
    { length: 36 },
    (_, index) => `TP-${String(index + 1).padStart(2, "0")}`,
  );
  expect([...new Set(rows.map(({ id }) => id))]).toEqual(wanted);
});

test.each(rows)("$id $outcome: $text", ({ outcome, sentence, text }) => {
  if (/^[a-z]/.test(outcome)) {
    const statement = parse(text);
    expect(statement.kind).toBe(outcome);
    expect(withoutPositions(parse(render(statement)))).toEqual(withoutPositions(statement));
    return;
  }
  const error = errorOf(() => parse(text));
  expect(error.code).toBe(outcome);
  expect(error.flink?.text).toContain(sentence);
});
