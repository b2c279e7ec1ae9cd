// docs/reference/coverage.md: each row of the check-list (test/checklist/rows.json) with the tests
// and scripts that say they show it, or the reason why it does not apply (not-applicable.json).
// A test says so by a comment `covers: S1-01, G-03`; in a file of tests the mark stands above the
// test it belongs to, or at the head of the file for all of it.

import { z } from "zod";
import { listFiles, readSource, repositoryRoot } from "../check/source-tree.ts";
import { type GeneratedFiles, markdownTable } from "./generated-page.ts";

const rowSchema = z.array(z.object({ id: z.string(), fact: z.string(), rule: z.string() }));
const reasonSchema = z.record(z.string(), z.string());

export interface CoverageRow {
  readonly id: string;
  /** What the document says, in our words. */
  readonly fact: string;
  /** What it asks of us. */
  readonly rule: string;
}

export interface Coverage {
  readonly rows: readonly CoverageRow[];
  /** Row id → paths of tests and scripts, sorted. */
  readonly shownBy: ReadonlyMap<string, readonly string[]>;
  /** Row id → why it does not apply, a sentence. */
  readonly reasons: Readonly<Record<string, string>>;
}

const mark = /covers: ((?:S1|S2|A|G)-\d\d(?:, (?:S1|S2|A|G)-\d\d)*)/g;

/** Reads the check-list, the reasons and every mark below test/. */
export function readCoverage(): Coverage {
  const shownBy = new Map<string, string[]>();
  const paths = listFiles(repositoryRoot, "test").filter((path) => /\.(ts|q)$/.test(path));
  for (const path of paths) {
    for (const [, ids = ""] of readText(path).matchAll(mark)) {
      for (const id of ids.split(", ")) {
        const known = shownBy.get(id) ?? [];
        if (!known.includes(path)) shownBy.set(id, [...known, path].sort());
      }
    }
  }
  return {
    rows: rowSchema.parse(JSON.parse(readText("test/checklist/rows.json"))),
    shownBy,
    reasons: reasonSchema.parse(JSON.parse(readText("test/checklist/not-applicable.json"))),
  };
}

function readText(path: string): string {
  return readSource(repositoryRoot, path).text;
}

const sections: readonly (readonly [prefix: string, title: string])[] = [
  ["S1-", "Managing workflows"],
  ["A-", "Materialized tables beside workflows"],
  ["S2-", "Workflow management of a gateway"],
  ["G-", "What Flink's materialized tables lack"],
];

/** The page, as the drift check compares it. */
export function coveragePages(): GeneratedFiles {
  const { rows, shownBy, reasons } = readCoverage();
  const parts = sections.map(([prefix, title]) => {
    const table = markdownTable(
      ["id", "fact", "shown by"],
      rows
        .filter(({ id }) => id.startsWith(prefix))
        .map(({ id, fact }) => [id, fact, evidence(shownBy.get(id), reasons[id])]),
    );
    return `## ${title}\n\n${table}`;
  });
  const head =
    "# Coverage\n\nGenerated from the tests by `npm run update`: each row of the documents that Sluice was made after, with the\ntests that show it, or why it does not apply.\n";
  return { "docs/reference/coverage.md": `${head}\n${parts.join("\n\n")}\n` };
}

function evidence(paths: readonly string[] | undefined, reason: string | undefined): string {
  const links = (paths ?? []).map((path) => `[${path.slice(5)}](../../${path})`).join(", ");
  return [links, reason ?? ""].filter((text) => text !== "").join(" ") || "–";
}
