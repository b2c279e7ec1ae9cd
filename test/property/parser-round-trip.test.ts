// parse(render(statement)) = statement, positions apart, for every kind of statement.

import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "../../src/parser/parse.ts";
import { render } from "../../src/parser/render.ts";
import { splitScript } from "../../src/parser/split-script.ts";
import { withoutPositions } from "../parser/without-positions.ts";
import { statements } from "./parser-statements.ts";

/** What the generator does not make: it follows from the rest. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).filter(([key]) => key !== "postgres");
  return Object.fromEntries(fields.map(([key, field]) => [key, comparable(field)]));
}

test("a printed statement is read as the same", () => {
  fc.assert(
    fc.property(statements, (statement) => {
      const read = parse(render(statement));
      expect(comparable(withoutPositions(read))).toEqual(comparable(withoutPositions(statement)));
    }),
    { numRuns: 1500 },
  );
});

test("printing is stable, and a script of printed statements splits into them", () => {
  fc.assert(
    fc.property(fc.array(statements, { minLength: 1, maxLength: 4 }), (list) => {
      const texts = list.map(render);
      expect(texts.map((text) => render(parse(text)))).toEqual(texts);
      const parts = splitScript(texts.join(";\n"));
      expect(parts.map(({ text }) => text)).toEqual(texts.map((text) => text.trim()));
    }),
    { numRuns: 200 },
  );
});
