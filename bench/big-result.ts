// Ten million rows of eight columns paged through REST, with the memory of the gateway's process
// beside it; and how soon a cancel ends such a statement in PostgreSQL, while it is paged and while
// it still sorts.

import { readFileSync } from "node:fs";
import { Agent } from "node:http";
import { rows, startGateway, until } from "./bench-gateway.ts";
import { type BenchDatabase, benchDatabase } from "./embedded-database.ts";
import { type Figure, showMilliseconds } from "./figure.ts";
import { RestClient } from "./rest-client.ts";
import { wideRows } from "./wide-rows.ts";

const manyRows = 10_000_000;
/** Rows that are read before the cancel, and before the first look at the memory. */
const readBefore = 1_000_000;
const bigQuery = wideRows(manyRows);
const sorting = `SELECT md5(g::text) AS m FROM generate_series(1, ${manyRows}) AS g ORDER BY m`;

export async function run(): Promise<readonly Figure[]> {
  const database = await benchDatabase();
  const product = await startGateway(database, "big-result");
  const agent = new Agent({ keepAlive: true });
  try {
    const client = await RestClient.open(product.url, agent);
    await client.statement("SELECT 1");
    const figures = await pagingFigures(client, product.pid);
    const paged = await cancelWhilePaging(client, database);
    figures.push(cancelFigure("cancel a 10 M row SELECT while it is paged", paged));
    const sorted = await cancelWhileSorting(client, database);
    figures.push(cancelFigure("cancel a 10 M row SELECT before its first row", sorted));
    return figures;
  } finally {
    agent.destroy();
    await product.stop();
    await database.close();
  }
}

/** Reads everything; ids must come in order and without a gap. */
async function pagingFigures(client: RestClient, pid: number): Promise<Figure[]> {
  const before = residentBytes(pid);
  const begun = performance.now();
  let count = 0;
  let peak = before;
  let earlyPeak = before;
  for await (const page of client.pages(await client.submit(bigQuery))) {
    for (const row of page.results?.data ?? []) {
      count += 1;
      if (row.fields[0] !== count) throw new Error(`row ${count} has id ${String(row.fields[0])}`);
    }
    peak = Math.max(peak, residentBytes(pid));
    if (count <= readBefore) earlyPeak = peak;
  }
  if (count !== manyRows) throw new Error(`${count} rows instead of ${manyRows}`);
  const took = performance.now() - begun;
  const after = residentBytes(pid);
  return [
    {
      figure: "page 10 M rows of 8 columns over REST",
      measured: `${showMilliseconds(took)}, ${Math.round(count / took)} rows/ms`,
      beside: null,
      wanted: "all rows, in order",
      met: true,
    },
    {
      figure: "memory of the gateway while 10 M rows are paged, peak over idle",
      measured: `+${mebibytes(peak - before)} MiB`,
      beside: [
        `first 1 M rows: +${mebibytes(earlyPeak - before)} MiB`,
        `idle before and after: ${mebibytes(before)}, ${mebibytes(after)} MiB`,
      ].join("; "),
      wanted: null,
      met: null,
    },
  ];
}

/** Milliseconds from the request to cancel until the transaction is gone. */
async function cancelWhilePaging(client: RestClient, database: BenchDatabase): Promise<number> {
  const handle = await client.submit(bigQuery);
  let count = 0;
  for await (const page of client.pages(handle)) {
    count += page.results?.data.length ?? 0;
    if (count >= readBefore) break;
  }
  if ((await transactions(database, "any")) === 0)
    throw new Error("it has ended before the cancel");
  return cancelled(client, handle, database);
}

async function cancelWhileSorting(client: RestClient, database: BenchDatabase): Promise<number> {
  const handle = await client.submit(sorting);
  await until(async () => (await transactions(database, "active")) > 0);
  return cancelled(client, handle, database);
}

async function cancelled(
  client: RestClient,
  handle: string,
  database: BenchDatabase,
): Promise<number> {
  const begun = performance.now();
  const status = await client.cancel(handle);
  if (status !== "CANCELED") throw new Error(`status ${status} after the cancel`);
  await until(async () => (await transactions(database, "any")) === 0);
  return performance.now() - begun;
}

/** How many of the gateway's connections for users are in a transaction. */
async function transactions(database: BenchDatabase, which: "any" | "active"): Promise<number> {
  const found = await rows(
    database,
    `SELECT pid FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'sluice session'
       AND xact_start IS NOT NULL AND ($1 = 'any' OR state = 'active')`,
    [which],
  );
  return found.length;
}

function cancelFigure(figure: string, took: number): Figure {
  return {
    figure,
    measured: showMilliseconds(took),
    beside: null,
    wanted: "<= 100 ms",
    met: took <= 100,
  };
}

/** Resident memory of a process, in bytes. Linux alone tells it this way. */
function residentBytes(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  if (kibibytes === undefined) throw new Error("the system does not tell the process's memory");
  return Number(kibibytes) * 1024;
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}
