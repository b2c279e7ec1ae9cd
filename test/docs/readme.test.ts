// The README's session by hand is run as it stands: every `sh` block under "By hand" in one shell,
// against a real gateway that the first block itself starts; each `text` block must be what the
// block before it printed.

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

interface Step {
  readonly commands: string;
  /** Null where the README shows no output. */
  readonly output: string | null;
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const steps = readSteps(readFileSync(join(root, "README.md"), "utf8"));
const folder = mkdtempSync(join(tmpdir(), "sluice-readme-"));
const printed: string[] = [];
let complaints = "";
/** The shell and whatever it left running. */
let shellGroup: number | null = null;

/** Fenced blocks of the section, each with the output that follows it. */
function readSteps(readme: string): Step[] {
  const section = readme.slice(readme.indexOf("\n## By hand"), readme.indexOf("\n## Where to"));
  const found: Step[] = [];
  for (const [, kind, body] of section.matchAll(/^```(sh|text)\n(.*?)^```$/gms)) {
    const last = found.at(-1);
    if (kind === "sh") found.push({ commands: body ?? "", output: null });
    else if (last !== undefined) found[found.length - 1] = { ...last, output: body ?? "" };
  }
  return found;
}

/** A port that is free now. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** Runs all blocks in one shell; a line that no block prints stands between their outputs. */
async function runSteps(): Promise<void> {
  const mark = "=== next block ===";
  const script = steps.map((step) => `${step.commands}\necho '${mark}'\n`).join("");
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("SLUICE_"));
  const shell = spawn("bash", ["-u"], {
    cwd: folder,
    env: {
      ...Object.fromEntries(own),
      SLUICE_PORT: String(await freePort()),
      SLUICE_DATA_DIR: join(folder, "data"),
    },
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
    timeout: 100_000,
  });
  let output = "";
  shell.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString("utf8");
  });
  shell.stderr.on("data", (chunk: Buffer) => {
    complaints += chunk.toString("utf8");
  });
  shell.stdin.end(script);
  shellGroup = shell.pid ?? null;
  await new Promise<void>((resolve) => shell.once("exit", () => resolve()));
  printed.push(...output.split(`${mark}\n`));
}

beforeAll(async () => {
  symlinkSync(join(root, "bin"), join(folder, "bin"));
  await runSteps();
}, 120_000);

afterAll(async () => {
  if (shellGroup !== null) endGroup(shellGroup);
  const stop = join(root, "bin/sluice.js");
  spawnSync(process.execPath, [stop, "stop", "--data-dir", join(folder, "data")]);
  rmSync(folder, { recursive: true, force: true });
});

function endGroup(group: number): void {
  try {
    process.kill(-group, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

describe("the session by hand", () => {
  test("has its blocks, and the shell got through all of them", () => {
    expect(steps.filter((step) => step.output !== null).length).toBeGreaterThanOrEqual(5);
    expect(printed.length, complaints).toBe(steps.length + 1);
  });

  test.each(steps.map((step, index) => [index, step] as const))("block %i", (index, step) => {
    expect(printed[index], complaints).toBe(step.output ?? "");
  });
});
