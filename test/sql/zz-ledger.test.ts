import { readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { runScript } from "/work/main/test/sql/script-run.ts";
for (const name of (process.env["SCRIPTS"] ?? "").split(" ")) {
  it(name, async () => {
    const path = `/work/main/test/sql/${name}.q`;
    const text = readFileSync(path, "utf8");
    const back = await runScript(text);
    if (process.env["UPDATE"] === "1") writeFileSync(path, back);
    else expect(back).toBe(text);
  }, 120000);
}
