// Every error code of the registry is seen by a user in some golden script, or is listed here with
// the reason why a script cannot show it and the test that does.

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { errorCodes } from "../../src/common/error-codes.ts";

const folder = new URL("./", import.meta.url);

interface Elsewhere {
  readonly code: string;
  readonly reason: string;
}

const elsewhere = JSON.parse(
  readFileSync(new URL("error-codes-elsewhere.json", folder), "utf8"),
) as readonly Elsewhere[];

const shown = new Set(
  readdirSync(folder)
    .filter((name) => name.endsWith(".q"))
    .map((name) => readFileSync(new URL(name, folder), "utf8"))
    .flatMap((text) => [...text.matchAll(/\b(?:GW|MT|WF|BF)-[A-Z]+(?:-[A-Z]+)*\b/g)])
    .map(([code]) => code),
);

describe("error codes", () => {
  it("are all shown by a script, or listed with a reason", () => {
    const listed = new Set(elsewhere.map(({ code }) => code));
    const missing = Object.keys(errorCodes).filter((code) => !shown.has(code) && !listed.has(code));
    expect(missing).toEqual([]);
  });

  it("are not listed if a script shows them, or if they do not exist", () => {
    const idle = elsewhere.filter(({ code }) => shown.has(code) || !(code in errorCodes));
    expect(idle).toEqual([]);
  });

  it("shown by scripts exist", () => {
    expect([...shown].filter((code) => !(code in errorCodes))).toEqual([]);
  });
});
