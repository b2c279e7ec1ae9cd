// The gateway over HTTP: `SELECT 1` from submit to the end of its result, at 1, 8 and 32 sessions,
// beside the same statement through pg; and a million rows of eight columns beside pg-cursor.

import { Agent } from "node:http";
import pg from "pg";
import Cursor from "pg-cursor";
import type { Product } from "../tools/product/start-product.ts";
import { startGateway } from "./bench-gateway.ts";
import { type BenchDatabase, benchDatabase } from "./embedded-database.ts";
import { type Figure, percentile, showMilliseconds } from "./figure.ts";
import { RestClient } from "./rest-client.ts";
import { wideRows } from "./wide-rows.ts";

const sessionCounts = [1, 8, 32] as const;
const seconds = 4;
const manyRows = 1_000_000;
const rowsQuery = wideRows(manyRows);

export async function run(): Promise<readonly Figure[]> {
  const database = await benchDatabase();
  const product = await startGateway(database, "rest");
  try {
    const figures: Figure[] = [];
    await loopOverRest(product, 8, 1);
    for (const count of sessionCounts) {
      const samples = await loopOverRest(product, count, seconds);
      const beside = await loopOverPg(database, count, seconds);
      for (const figure of latencyFigures(count, samples)) figures.push(besidePg(figure, beside));
    }
    figures.push(await fetchFigure(product, database));
    return figures;
  } finally {
    await product.stop();
    await database.close();
  }
}

interface Samples {
  readonly times: readonly number[];
  readonly perSecond: number;
}

function latencyFigures(count: number, samples: Samples): Figure[] {
  const p50 = percentile(samples.times, 0.5);
  const p99 = percentile(samples.times, 0.99);
  const sessions = count === 1 ? "1 session" : `${count} sessions`;
  return [
    {
      figure: `REST SELECT 1, p50 / p99, ${sessions}`,
      measured: `${showMilliseconds(p50)} / ${showMilliseconds(p99)}`,
      beside: null,
      wanted: count === 1 ? "p50 <= 4 ms" : null,
      met: count === 1 ? p50 <= 4 : null,
    },
    {
      figure: `REST SELECT 1, statements/s, ${sessions}`,
      measured: String(Math.round(samples.perSecond)),
      beside: null,
      wanted: count === 32 ? ">= 1000" : null,
      met: count === 32 ? samples.perSecond >= 1000 : null,
    },
  ];
}

function besidePg(figure: Figure, samples: Samples): Figure {
  const p50 = showMilliseconds(percentile(samples.times, 0.5));
  const p99 = showMilliseconds(percentile(samples.times, 0.99));
  const beside = figure.figure.includes("statements/s")
    ? `pg: ${Math.round(samples.perSecond)}`
    : `pg: ${p50} / ${p99}`;
  return { ...figure, beside };
}

async function loopOverRest(product: Product, count: number, duration: number): Promise<Samples> {
  const agent = new Agent({ keepAlive: true, maxSockets: count });
  const clients = await Promise.all(
    Array.from({ length: count }, () => RestClient.open(product.url, agent)),
  );
  const samples = await loop(clients, duration, (client) => client.statement("SELECT 1"));
  agent.destroy();
  return samples;
}

async function loopOverPg(
  database: BenchDatabase,
  count: number,
  duration: number,
): Promise<Samples> {
  const clients = await Promise.all(
    Array.from({ length: count }, async () => {
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      return client;
    }),
  );
  const samples = await loop(clients, duration, (client) => client.query("SELECT 1"));
  await Promise.all(clients.map((client) => client.end()));
  return samples;
}

async function loop<Client>(
  clients: readonly Client[],
  duration: number,
  once: (client: Client) => Promise<unknown>,
): Promise<Samples> {
  const times: number[] = [];
  const begun = performance.now();
  const end = begun + duration * 1000;
  const work = async (client: Client) => {
    for (let now = performance.now(); now < end; ) {
      await once(client);
      const after = performance.now();
      times.push(after - now);
      now = after;
    }
  };
  await Promise.all(clients.map(work));
  return { times, perSecond: (times.length * 1000) / (performance.now() - begun) };
}

/** Fetches everything over REST and by pg-cursor, alternating, and compares the better of two. */
async function fetchFigure(product: Product, database: BenchDatabase): Promise<Figure> {
  const agent = new Agent({ keepAlive: true });
  const client = await RestClient.open(product.url, agent);
  let rest = Number.POSITIVE_INFINITY;
  let cursor = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 2; round++) {
    cursor = Math.min(cursor, await timed(() => fetchByCursor(database)));
    rest = Math.min(rest, await timed(() => fetchOverRest(client)));
  }
  agent.destroy();
  const share = cursor / rest;
  return {
    figure: "fetch 1 M rows of 8 columns over REST",
    measured: `${showMilliseconds(rest)}, ${share.toFixed(2)}x`,
    beside: `pg-cursor: ${showMilliseconds(cursor)}`,
    wanted: ">= 0.4x",
    met: share >= 0.4,
  };
}

async function timed(body: () => Promise<number>): Promise<number> {
  const begun = performance.now();
  const count = await body();
  if (count !== manyRows) throw new Error(`${count} rows instead of ${manyRows}`);
  return performance.now() - begun;
}

async function fetchOverRest(client: RestClient): Promise<number> {
  let count = 0;
  await client.statement(rowsQuery, (page) => {
    count += page.results?.data.length ?? 0;
  });
  return count;
}

async function fetchByCursor(database: BenchDatabase): Promise<number> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const cursor = client.query(new Cursor(rowsQuery, [], { rowMode: "array" }));
  let count = 0;
  for (;;) {
    const rows = await cursor.read(1000);
    count += rows.length;
    if (rows.length === 0) break;
  }
  await client.end();
  return count;
}
