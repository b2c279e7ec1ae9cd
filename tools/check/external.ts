// The checks that other programs do: type check, lint, format, dead code. Each is run from
// node_modules with its configuration in the root; its own output is the finding.

import { spawn } from "node:child_process";
import { join } from "node:path";

/** What a program said. */
export interface ProgramResult {
  readonly ok: boolean;
  readonly output: string;
}

/** Runs a program of node_modules/.bin in `root`; never rejects because the program failed. */
export function runProgram(
  root: string,
  program: string,
  args: readonly string[],
): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const child = spawn(join(root, "node_modules/.bin", program), args, {
      cwd: root,
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" },
      stdio: ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32",
    });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", (error) => resolve({ ok: false, output: error.message }));
    child.on("close", (status) => {
      resolve({ ok: status === 0, output: Buffer.concat(chunks).toString("utf8").trim() });
    });
  });
}
