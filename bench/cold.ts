// Cold start: from typing `npm start` to the log line `ready`, with the creation of the database
// and without, and the memory of the idle gateway. Each start is done three times; the median
// counts.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Product, startProduct } from "../tools/product/start-product.ts";
import { type Figure, percentile, showMilliseconds } from "./figure.ts";

const rounds = 3;
/** How long the gateway is left alone before its memory is read. */
const idleMilliseconds = 10_000;

export async function run(): Promise<readonly Figure[]> {
  const first: number[] = [];
  const second: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const work = mkdtempSync(join(tmpdir(), "sluice-cold-"));
    try {
      first.push(await timeStart(join(work, "data")));
      second.push(await timeStart(join(work, "data")));
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }
  const withCluster = percentile(first, 0.5);
  const without = percentile(second, 0.5);
  return [
    {
      figure: "cold start, database created",
      measured: showMilliseconds(withCluster),
      beside: null,
      wanted: "<= 4 s",
      met: withCluster <= 4000,
    },
    {
      figure: "cold start, database there",
      measured: showMilliseconds(without),
      beside: null,
      wanted: "<= 1.5 s",
      met: without <= 1500,
    },
    await idleMemory(),
  ];
}

/** Milliseconds from spawning `npm start` to ready; the product is stopped afterwards. */
async function timeStart(dataDirectory: string): Promise<number> {
  const started = performance.now();
  const product = await startProduct({ dataDirectory, throughNpm: true });
  const took = performance.now() - started;
  await product.stop();
  return took;
}

async function idleMemory(): Promise<Figure> {
  const work = mkdtempSync(join(tmpdir(), "sluice-cold-"));
  const product = await startProduct({ dataDirectory: join(work, "data") });
  try {
    await pause(idleMilliseconds);
    const megabytes = residentMegabytes(product);
    return {
      figure: "resident memory of the idle gateway",
      measured: megabytes === null ? "not known on this platform" : `${megabytes} MB`,
      beside: null,
      wanted: "<= 150 MB",
      met: megabytes === null ? null : megabytes <= 150,
    };
  } finally {
    await product.stop();
    rmSync(work, { recursive: true, force: true });
  }
}

/** The gateway's own process, without its PostgreSQL; null where there is no /proc. */
function residentMegabytes(product: Product): number | null {
  if (process.platform !== "linux") return null;
  const status = readFileSync(`/proc/${product.pid}/status`, "utf8");
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? null : Math.round(Number(kilobytes) / 1024);
}
