// The lint rules that the house style names are on: each planted breach is reported under its rule,
// type-aware ones included.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runProgram } from "../../tools/check/external.ts";
import { repositoryRoot } from "../../tools/check/source-tree.ts";

const breaches = [
  ["typescript(no-explicit-any)", "export const a = (x: any): number => x as number;"],
  ["typescript(no-non-null-assertion)", "export const a = (x: number | null): number => x!;"],
  ["typescript(no-floating-promises)", "export function f(p: Promise<number>): void { p; }"],
  ["typescript(no-floating-promises)", "declare function g(): Promise<void>; g(); export {};"],
  ["typescript(no-namespace)", "export namespace A { export const b = 1; }"],
  [
    "typescript(parameter-properties)",
    "export class A { constructor(private readonly b: number) {} }",
  ],
  ["import(no-default-export)", "export default 1;"],
  ["vitest(no-focused-tests)", 'import { test } from "vitest"; test.only("x", () => {});'],
  ["vitest(no-disabled-tests)", 'import { test } from "vitest"; test.skip("x", () => {});'],
] as const;

const folder = mkdtempSync(join(tmpdir(), "sluice-lint-"));
let output = "";

beforeAll(async () => {
  const options = { strict: true, target: "es2023", module: "nodenext", skipLibCheck: true };
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ compilerOptions: options, include: ["*.ts"] }),
  );
  for (const [index, [, text]] of breaches.entries()) {
    writeFileSync(join(folder, `case-${index}.test.ts`), `${text}\n`);
  }
  const config = join(repositoryRoot, ".oxlintrc.json");
  const args = ["-c", config, "--type-aware", "-f", "unix", folder];
  output = (await runProgram(repositoryRoot, "oxlint", args)).output;
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each(breaches.map(([rule, text], index) => [rule, text, index] as const))(
  "%s finds %s",
  (rule, _text, index) => {
    const lines = output.split("\n").filter((line) => line.includes(`case-${index}.test.ts`));
    expect(lines.join("\n")).toContain(rule);
  },
);
