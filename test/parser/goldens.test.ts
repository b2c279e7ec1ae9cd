// The golden tables of the parser: statements that print back as themselves, statements with their
// canonical text and tree, and texts with their errors.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { GatewayError } from "../../src/common/gateway-error.ts";
import { parse } from "../../src/parser/parse.ts";
import { render } from "../../src/parser/render.ts";
import { checkGolden } from "./golden.ts";

describe("identity.sql", () => {
  const lines = readFileSync(new URL("identity.sql", import.meta.url), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("--"));
  test.each(lines)("%s", (line) => {
    const statement = parse(line);
    expect(statement.kind).not.toBe("passthrough");
    expect(render(statement)).toBe(line);
  });
  test("is not empty", () => {
    expect(lines.length).toBeGreaterThan(100);
  });
});

test("statements.txt", () => {
  checkGolden("statements.txt", (text) => {
    const statement = parse(unescape(text));
    const fields = Object.entries(statement).map(
      ([key, value]) => `  ${key}: ${JSON.stringify(value)}`,
    );
    return [render(statement), ...fields].join("\n");
  });
});

test("errors.txt", () => {
  checkGolden("errors.txt", (text) => {
    try {
      return `no error: ${parse(unescape(text)).kind}`;
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      return printError(error);
    }
  });
});

/**
 * Texts may hold `<NUL>`, `<BOM>`, `<CR>`, `<TAB>` and `<lone surrogate>`, which no editor shows.
 */
function unescape(text: string): string {
  return text
    .replaceAll("<NUL>", "\0")
    .replaceAll("<BOM>", "\ufeff")
    .replaceAll("<CR>", "\r")
    .replaceAll("<TAB>", "\t")
    .replaceAll("<lone surrogate>", "\ud83d");
}

function printError(error: GatewayError): string {
  return [
    `${error.code} ${error.sqlstate} at ${error.position ?? "no position"}: ${error.message}`,
    ...(error.detail === undefined ? [] : [error.detail]),
    ...(error.hint === undefined ? [] : [`Hint: ${error.hint}`]),
    ...(error.flink === undefined ? [] : [`Flink: ${error.flink.text.trimEnd()}`]),
  ].join("\n");
}
