// Every *.q beside this file, over REST: the whole file must come back byte for byte. `UPDATE=1`
// writes what came back; the diff is for review. `SCRIPT=name` runs one.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { runScript } from "./script-run.ts";

const folder = new URL("./", import.meta.url);
const only = process.env["SCRIPT"];
const scripts = readdirSync(folder)
  .filter((name) => name.endsWith(".q"))
  .filter((name) => only === undefined || name === `${only}.q`);

describe("golden scripts", () => {
  it.each(scripts)(
    "%s",
    async (name) => {
      const path = new URL(name, folder);
      const text = readFileSync(path, "utf8");
      const back = await runScript(text);
      const update = process.env["UPDATE"] === "1";
      if (update) writeFileSync(path, back);
      expect(back).toBe(update ? back : text);
    },
    120_000,
  );

  it.each(scripts)("%s keeps the form", (name) => {
    const lines = readFileSync(new URL(name, folder), "utf8").split("\n");
    expect(lines.join("\n"), "a defect of ours is no answer").not.toContain("GW-INTERNAL");
    expect(lines[0], "the first line says what it is").toMatch(/^# .+/);
    expect(lines.length, "a script is short").toBeLessThanOrEqual(150);
  });
});
