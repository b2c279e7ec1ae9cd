// LIKE and ILIKE of the SHOW statements.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { filterLike, matchesLike } from "../../../src/gateway/statements/like.ts";

describe("LIKE", () => {
  it.each([
    ["orders", "orders", true],
    ["orders", "order", false],
    ["orders", "ord%", true],
    ["orders", "%ers", true],
    ["orders", "o%r%s", true],
    ["orders", "o_ders", true],
    ["orders", "o_ers", false],
    ["orders", "%", true],
    ["", "%", true],
    ["", "_", false],
    ["a_one", "a\\_one", true],
    ["axone", "a\\_one", false],
    ["50%", "50\\%", true],
    ["a\\b", "a\\\\b", true],
    ["trailing\\", "trailing\\", true],
    ["Orders", "orders", false],
    ["\u{1f600}x", "_x", true],
  ])("%j against %j is %j", (text, pattern, expected) => {
    expect(matchesLike(text, pattern)).toBe(expected);
  });

  it("agrees with a regular expression", () => {
    const letters = fc.constantFrom("a", "b", "%", "_");
    const text = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 12 });
    fc.assert(
      fc.property(text, fc.string({ unit: letters, maxLength: 6 }), (value, pattern) => {
        const source = pattern.replaceAll("%", ".*").replaceAll("_", ".");
        expect(matchesLike(value, pattern)).toBe(new RegExp(`^${source}$`).test(value));
      }),
    );
  });

  it("takes time proportional to pattern times text, whatever the pattern", () => {
    const steps = matchesLike("a".repeat(20_000), `${"%a".repeat(200)}b`);
    expect(steps).toBe(false);
  });

  it("is negated and folded as asked", () => {
    const names = ["a_one", "A_two", "b"];
    const filter = { pattern: "a%", ignoreCase: true, not: false };
    expect(filterLike(names, filter)).toEqual(["a_one", "A_two"]);
    expect(filterLike(names, { ...filter, not: true })).toEqual(["b"]);
    expect(filterLike(names, { ...filter, ignoreCase: false })).toEqual(["a_one"]);
    expect(filterLike(names, null)).toEqual(names);
  });
});
