// `npm run bench [-- name… --minutes n --record]`: runs the named benches (all if none is named)
// one after the other, prints their figures beside what was wanted, and with --record appends them
// to bench/RESULTS.md with date, commit and machine. Exits 1 if a bench could not be run; a figure
// that was not met is shown, not hidden behind a status.

import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { BenchModule, BenchOptions, Figure } from "./figure.ts";

const names = [
  "parse",
  "rest",
  "big-result",
  "scheduler",
  "refresh",
  "tables",
  "cold",
  "backfill",
  "history",
] as const;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { record: { type: "boolean" }, minutes: { type: "string", default: "1" } },
});
const options: BenchOptions = { minutes: Number(values.minutes) };
const unknown = positionals.find((name) => !names.some((known) => known === name));
if (unknown !== undefined || !(options.minutes > 0)) {
  const wrong =
    unknown === undefined ? "--minutes must be a positive number" : `no bench ${unknown}`;
  console.error(`${wrong}; benches: ${names.join(", ")}`);
  process.exit(2);
}

const figures: Figure[] = [];
let broken = 0;
for (const name of names) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const file = new URL(`${name}.ts`, import.meta.url);
  if (!existsSync(file)) {
    console.log(`${name}: there is no such bench yet`);
    broken += 1;
    continue;
  }
  console.log(`${name} …`);
  try {
    const bench = (await import(file.href)) as BenchModule;
    figures.push(...(await bench.run(options)));
  } catch (error) {
    broken += 1;
    console.error(`${name} could not be run:`, error);
  }
}
const table = renderTable(figures);
console.log(`\n${machine()}\n\n${table}`);
if (values.record === true && figures.length > 0) record(table);
process.exitCode = broken === 0 ? 0 : 1;

function renderTable(lines: readonly Figure[]): string {
  const rows = lines.map(({ figure, measured, beside, wanted, met }) => [
    figure,
    measured,
    beside ?? "–",
    wanted ?? "–",
    met === null ? "–" : met ? "yes" : "**no**",
  ]);
  const head = ["figure", "measured", "beside", "wanted", "met"];
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  const show = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
  return [show(head), rule, ...rows.map(show)].join("\n");
}

/** What the figures were measured on, without the machine's name. */
function machine(): string {
  const model = cpus()[0]?.model.trim() ?? "unknown";
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} x ${model}, ${memory} GiB, ${process.platform}, Node ${process.version}`;
}

function record(text: string): void {
  const file = fileURLToPath(new URL("RESULTS.md", import.meta.url));
  if (!existsSync(file))
    writeFileSync(file, "# Figures\n\nAppended by `npm run bench -- --record`.\n");
  const commit = spawnSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" });
  const title = `${new Date().toISOString().slice(0, 10)}, commit ${commit.stdout.trim()}`;
  appendFileSync(file, `\n## ${title}\n\n${machine()}\n\n${text}\n`);
}
