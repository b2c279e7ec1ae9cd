// `npm run demo [-- --small] [--once] [--port n]`: the product with a database of its own in a
// fresh directory, real flight records in it, three materialized tables over them, late rows, the
// refresh of what they touched, and the proof that each table equals its query. It goes on running
// until Ctrl-C; with --once it ends after the proof, with status 1 if the proof failed.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import pg from "pg";
import { systemClock, systemRandom } from "../../src/common/clock.ts";
import { silentLog } from "../../src/common/log.ts";
import { loadConfig } from "../../src/config.ts";
import { type Sluice, startSluice } from "../../src/sluice.ts";
import { type Bar, Bars } from "./bars.ts";
import { loadBaseTables } from "./load.ts";
import { proveEqual } from "./proof.ts";
import { RestSession, StatementError } from "./rest-session.ts";
import {
  createStatement,
  type DemoTable,
  demoTables,
  insertLateRows,
  lateDay,
  refreshStatement,
} from "./tables.ts";

const { values: options } = parseArgs({
  options: {
    small: { type: "boolean", default: false },
    once: { type: "boolean", default: false },
    port: { type: "string" },
  },
});
/** The first load of a table must have ended by then. */
const patienceMilliseconds = 300_000;
const bars = new Bars();

async function main(): Promise<boolean> {
  const work = mkdtempSync(join(tmpdir(), "sluice-demo-"));
  const started = performance.now();
  say(`Starting Sluice with a PostgreSQL of its own in ${work}`);
  const sluice = await start(join(work, "data"));
  say(`  ready after ${seconds(started)}: ${sluice.url}\n`);
  try {
    const session = await RestSession.open(sluice.url, { "table.local-time-zone": "UTC" });
    await load(sluice);
    await build(session);
    await arriveLate(session);
    const proven = await prove(session);
    await session.close();
    if (!options.once) await stay(sluice);
    return proven;
  } finally {
    await sluice.close();
    rmSync(work, { recursive: true, force: true });
  }
}

async function start(dataDirectory: string): Promise<Sluice> {
  const port = options.port ?? (options.once ? "0" : "8083");
  const config = await loadConfig({
    flags: { "data-dir": dataDirectory, port },
    environment: {},
    folder: dataDirectory,
  });
  return startSluice(config, { clock: systemClock, random: systemRandom, log: silentLog });
}

/** The user's own data, past Sluice, into the same database. */
async function load(sluice: Sluice): Promise<void> {
  say("Loading the flights of 2001 (COPY)");
  const started = performance.now();
  const client = new pg.Client({ connectionString: sluice.databaseUrl });
  await client.connect();
  const rows = await loadBaseTables(client, options.small ? "small" : "full", (done, total) => {
    bars.draw([{ label: "flights", done, total, unit: "rows" }]);
  });
  await client.end();
  bars.end();
  say(`  ${rows.toLocaleString("en-US")} flights in ${seconds(started)}\n`);
}

async function build(session: RestSession): Promise<void> {
  const started = performance.now();
  for (const table of demoTables) say(`${createStatement(table)};\n`);
  const [first, ...others] = demoTables;
  if (first === undefined) return;
  // The monthly table reads the daily one, and is declared when that is there.
  await session.execute(createStatement(first));
  await watch(session, [first]);
  for (const table of others) await session.execute(createStatement(table));
  await watch(session, others);
  say(`  built in ${seconds(started)}\n`);
}

/** Draws a bar for each table until all have been loaded. Throws if a load failed. */
async function watch(session: RestSession, tables: readonly DemoTable[]): Promise<void> {
  const deadline = performance.now() + patienceMilliseconds;
  for (;;) {
    const states = await Promise.all(tables.map((table) => stateOf(session, table)));
    bars.draw(states.map(({ bar }) => bar));
    if (states.every(({ loaded }) => loaded)) break;
    if (performance.now() > deadline) throw new Error("the first load has not ended in time");
    await pause(150);
  }
  bars.end();
}

async function stateOf(
  session: RestSession,
  table: DemoTable,
): Promise<{ readonly bar: Bar; readonly loaded: boolean }> {
  const [runs] = await session.select(`
    SELECT count(*) FILTER (WHERE status = 'SUCCESSFUL') AS done,
           min(error) FILTER (WHERE status = 'FAILED') AS error
    FROM sluice.refresh_runs WHERE name = '${table.name}'`);
  if (typeof runs?.["error"] === "string") throw new Error(`${table.name}: ${runs["error"]}`);
  const [cells] = await session.select(`
    SELECT count(*) AS total, count(*) FILTER (WHERE state = 'FRESH') AS done
    FROM sluice.partitions WHERE name = '${table.name}'`);
  const loaded = Number(runs?.["done"]) > 0;
  const done = Number(cells?.["done"]);
  const total = Math.max(Number(cells?.["total"]), loaded ? 1 : 0);
  const unit = table.touched === null ? "table" : "partitions";
  return { bar: { label: table.name, done: loaded ? total : done, total, unit }, loaded };
}

async function arriveLate(session: RestSession): Promise<void> {
  say(`Rows of ${lateDay} come in late`);
  const inserted = await session.execute(insertLateRows);
  say(`  ${String(inserted.rows[0]?.[0])} flights inserted; refreshing what they touched\n`);
  await session.execute("SET 'table.dml-sync' = 'true'");
  for (const table of demoTables) {
    const started = performance.now();
    await session.execute(refreshStatement(table));
    say(`${refreshStatement(table)};  -- ${seconds(started)}`);
  }
}

/** True if every table equals its query. */
async function prove(session: RestSession): Promise<boolean> {
  say("\nDoes each table equal its query? (EXCEPT ALL in both directions)");
  let proven = true;
  for (const table of demoTables) {
    const { rows, tooMany, missing } = await proveEqual(session, table.name, table.query);
    const equal = tooMany === 0 && missing === 0 && rows > 0;
    proven &&= equal;
    const verdict = equal ? "equal" : `DIFFERENT: ${tooMany} too many, ${missing} missing`;
    say(`  ${table.name.padEnd(20)} ${rows.toLocaleString("en-US")} rows, ${verdict}`);
  }
  return proven;
}

async function stay(sluice: Sluice): Promise<void> {
  say(`
It goes on running; Ctrl-C ends it and removes its directory.
  REST   ${sluice.url}/v1/info
  SQL    psql ${sluice.databaseUrl}
         SELECT * FROM daily_by_origin ORDER BY minutes DESC LIMIT 5;
         SELECT name, trigger, status, rows_inserted, rows_updated FROM sluice.refresh_runs;`);
  await new Promise<void>((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

try {
  if (!(await main())) process.exitCode = 1;
} catch (error) {
  const statement = error instanceof StatementError ? `\nin: ${error.statement}` : "";
  process.stderr.write(`\nThe demo failed: ${String(error)}${statement}\n`);
  process.exitCode = 1;
}
