// The grammar itself: it is unambiguous where it does not say otherwise, and its documents are
// those of the parser.

import { readFileSync } from "node:fs";
import { createContext, runInContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { StatementParser } from "../../src/parser/grammar/statement-parser.ts";
import { readGrammar } from "../../src/parser/grammar/notation.ts";
import {
  grammarRules,
  isReserved,
  keywords,
  keywordType,
} from "../../src/parser/grammar/tokens.ts";
import { files } from "../../tools/update/grammar.ts";

test("the parser builds with chevrotain's validations on", () => {
  expect(() => new StatementParser(true)).not.toThrow();
});

test("only these rules are ambiguous on purpose", () => {
  const marked = grammarRules.filter((rule) =>
    JSON.stringify(rule.body).includes('"firstWins":true'),
  );
  expect(marked.map((rule) => rule.name)).toEqual(["itemsAction", "dropAction", "plainType"]);
});

test("every rule is used", () => {
  const used = JSON.stringify(grammarRules.map((rule) => rule.body));
  const unused = grammarRules.filter(
    (rule) => !used.includes(`{"kind":"rule","name":"${rule.name}"}`),
  );
  expect(unused.map((rule) => rule.name)).toEqual(["statement"]);
});

describe("keywords", () => {
  test("are found in any letter case, and nothing else is", () => {
    for (const keyword of keywords) {
      expect(keywordType(keyword.toLowerCase())?.name).toBe(keyword);
      expect(keywordType(`${keyword}X`)?.name ?? "none").not.toBe(keyword);
    }
  });
  test("names of columns that people use are not reserved", () => {
    for (const word of ["COMMENT", "DAY", "PARTITION", "STATUS", "DATE", "TYPE", "FULL", "JOB"]) {
      expect(isReserved(word)).toBe(false);
    }
  });
});

describe("documents", () => {
  const generated = Object.entries(files());
  test("are four", () => {
    expect(generated.map(([path]) => path)).toEqual([
      "grammar/statements.ebnf",
      "grammar/keywords.txt",
      "grammar/railroad.html",
      "grammar/README.md",
    ]);
  });
  test.each(generated)("%s is up to date", (path, text) => {
    expect(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8")).toBe(text);
  });
  test("the diagrams load nothing and draw every rule", () => {
    const html = files()["grammar/railroad.html"] ?? "";
    expect(html).not.toMatch(/<script src|<link|@import/);
    const scripts = [...html.matchAll(/<script>\n([^]*?)<\/script>/g)].map(
      (found) => found[1] ?? "",
    );
    const target = { innerHTML: "" };
    const document = { getElementById: () => target, getElementsByClassName: () => [] };
    const page = createContext({ document });
    runInContext("globalThis.window = globalThis", page);
    for (const script of scripts) runInContext(script, page);
    for (const rule of grammarRules) expect(target.innerHTML).toContain(`>${rule.name}</h2>`);
  });
});

test("a mistake in the notation is found", () => {
  expect(() => readGrammar("a: ( b")).toThrow(/not closed/);
  expect(() => readGrammar("a: b )")).toThrow(/ends too early/);
  expect(() => readGrammar("nonsense")).toThrow(/is no rule/);
});
