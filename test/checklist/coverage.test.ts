// Every row of the check-list is shown by a test or has a reason, and no mark names a row that does
// not exist.

import { expect, test } from "vitest";
import { readCoverage } from "../../tools/update/coverage.ts";

const { rows, shownBy, reasons } = readCoverage();

test("every row is shown by a test, or it says why it does not apply", () => {
  const bare = rows.filter(({ id }) => !shownBy.has(id) && reasons[id] === undefined);
  expect(bare.map(({ id, fact }) => `${id} ${fact}`)).toEqual([]);
});

test("no mark and no reason is about a row that does not exist", () => {
  const known = new Set(rows.map(({ id }) => id));
  const named = [...shownBy.keys(), ...Object.keys(reasons)];
  expect(named.filter((id) => !known.has(id))).toEqual([]);
});

test("the check-list is whole", () => {
  const count = (prefix: string) => rows.filter(({ id }) => id.startsWith(prefix)).length;
  expect([count("S1-"), count("S2-"), count("A-"), count("G-")]).toEqual([78, 55, 16, 61]);
});
