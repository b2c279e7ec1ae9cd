// Whatever `npm run update` writes must equal what is checked in: a generated page that lags behind
// its source is worse than none.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "./finding.ts";

/** Compares generated texts with the files on disk. */
export function checkDrift(root: string, generated: Readonly<Record<string, string>>): Finding[] {
  const findings: Finding[] = [];
  for (const [path, text] of Object.entries(generated)) {
    const file = join(root, path);
    const current = existsSync(file) ? readFileSync(file, "utf8") : null;
    if (current === text) continue;
    const message =
      current === null ? "was never written" : `differs ${firstDifference(current, text)}`;
    const why = "the page is generated: run `npm run update` and commit what it writes";
    findings.push({ rule: "drift", file: path, line: 0, message, why });
  }
  return findings;
}

function firstDifference(current: string, wanted: string): string {
  const left = current.split("\n");
  const right = wanted.split("\n");
  const index = right.findIndex((line, at) => line !== left[at]);
  return `from line ${index < 0 ? right.length : index + 1} on`;
}
