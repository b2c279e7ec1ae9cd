// The command `sluice`, as a process.

import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";

const command = fileURLToPath(new URL("../../bin/sluice.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "sluice-cli-"));
let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase({ template: "empty" });
});
afterAll(async () => {
  await db.close();
  rmSync(folder, { recursive: true });
});

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function sluice(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const environment = { PATH: process.env["PATH"], ...env };
    execFile(
      process.execPath,
      [command, ...args],
      { cwd: folder, env: environment, timeout: 20_000 },
      (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
  });
}

test("version", async () => {
  const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  const { version } = JSON.parse(manifest) as { version: string };
  expect(await sluice(["version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
});

test("an unknown flag is refused with a suggestion", async () => {
  expect(await sluice(["start", "--prot", "1"])).toEqual({
    code: 1,
    stdout: "",
    stderr: "error: unknown option '--prot'\n(Did you mean --port?)\n",
  });
});

test("an unknown variable is refused with a suggestion", async () => {
  expect(await sluice(["start"], { SLUICE_PROT: "1" })).toEqual({
    code: 1,
    stdout: "",
    stderr: "error: unknown option SLUICE_PROT [GW-CONFIG]\nhint: Perhaps you mean SLUICE_PORT.\n",
  });
});

test("doctor says what fits, and its exit code what does not", async () => {
  const good = await sluice(["doctor"], { SLUICE_DATABASE_URL: db.url });
  expect(good).toMatchObject({ code: 0, stderr: "" });
  expect(good.stdout).toMatch(/^ok {4}version: PostgreSQL \d+\.\d+/);
  expect(await sluice(["doctor", "--database-url", "postgres://127.0.0.1:1/x"])).toEqual({
    code: 1,
    stdout: "fail  connection: The database cannot be reached: connect ECONNREFUSED 127.0.0.1:1.\n",
    stderr: "",
  });
});

test("a gateway refuses a database that cannot be reached", async () => {
  const ended = await sluice(["start", "--database-url", "postgres://127.0.0.1:1/x"]);
  expect(ended).toEqual({
    code: 1,
    stdout: "",
    stderr: [
      "error: the database does not fit [GW-DATABASE-UNFIT]",
      "detail: fail  connection: The database cannot be reached: connect ECONNREFUSED 127.0.0.1:1.",
      "hint: Put it right and start again; `sluice doctor` makes the same checks.",
      "",
    ].join("\n"),
  });
});

test("stop where nothing runs", async () => {
  expect(await sluice(["stop"])).toEqual({
    code: 0,
    stdout: "no data directory there\n",
    stderr: "",
  });
});
