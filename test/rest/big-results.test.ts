// Large results: pages of bounded size, memory and disk in their bounds, the transaction over
// whatever the client does, and files that do not outlive anybody.

import { spawnSync } from "node:child_process";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Clock, systemClock } from "../../src/common/clock.ts";
import { seconds } from "../../src/common/time.ts";
import { openSpoolSpace } from "../../src/gateway/passthrough/spool.ts";
import { systemRandom } from "../../src/common/clock.ts";
import { until } from "../support/until.ts";
import { type RestGateway, restGateway } from "./support/rest-gateway.ts";
import { StrictClient } from "./support/strict-client.ts";

const memory = 256 * 1024;
const disk = 4 * 1024 * 1024;

/** Timers of a minute fire when the test says so. */
class PatientClock implements Clock {
  readonly #late: (() => void)[] = [];
  now = systemClock.now;
  monotonic = systemClock.monotonic;
  sleep = systemClock.sleep;
  after(delay: Parameters<Clock["after"]>[0], callback: () => void) {
    if (delay < seconds(60)) return systemClock.after(delay, callback);
    this.#late.push(callback);
    return {
      cancel: () => {
        const at = this.#late.indexOf(callback);
        if (at >= 0) this.#late.splice(at, 1);
      },
    };
  }
  get waiting(): number {
    return this.#late.length;
  }
  fire(): void {
    for (const callback of this.#late.splice(0)) callback();
  }
}

const clock = new PatientClock();
let rest: RestGateway;
beforeAll(async () => {
  rest = await restGateway({
    clock,
    passage: { resultMemoryBytes: memory, resultMaxBytes: disk, totalMaxBytes: 2 * disk },
  });
});
afterAll(() => rest.close());

async function client(format: "JSON" | "PLAIN_TEXT" = "JSON"): Promise<StrictClient> {
  const made = new StrictClient(rest.url, format);
  await made.open();
  return made;
}

async function openTransactions(): Promise<number> {
  const rows = await rest.database.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'sluice session'
       AND xact_start IS NOT NULL`,
  );
  return rows[0]?.count ?? -1;
}

describe("paging", () => {
  test("300,000 rows come complete, in order, in bounded pages and memory", async () => {
    const session = await client();
    const operation = await session.submit(
      "SELECT g, md5(g::text) AS m, g / 7.0 AS n FROM generate_series(1, 300000) AS g",
    );
    let token = 0;
    let expected = 1;
    let most = 0;
    let spooled = 0;
    for (;;) {
      const page = await session.fetch(operation, token);
      const rows = page.results?.data ?? [];
      most = Math.max(most, rows.length);
      spooled = Math.max(spooled, rest.passage.space.usedBytes);
      for (const row of rows) {
        if (row.fields[0] !== expected) expect(row.fields[0]).toBe(expected);
        expected += 1;
      }
      if (page.nextResultUri === undefined) break;
      token += 1;
    }
    expect(expected).toBe(300_001);
    expect(most).toBeLessThanOrEqual(5_000);
    expect(spooled).toBeLessThanOrEqual(disk + 1024 * 1024);
    expect(rest.passage.space.usedBytes).toBe(0);
    await session.close();
  });

  test("wide rows make small pages", async () => {
    const session = await client();
    const result = await session.run("SELECT repeat('x', 1000000) FROM generate_series(1, 20)");
    expect(result.rows).toHaveLength(20);
    expect(result.pages).toBeGreaterThan(4);
    await session.close();
  });
});

describe("an idle client", () => {
  test("holds no transaction open when the result fits", async () => {
    const session = await client();
    await session.submit("SELECT g, md5(g::text) FROM generate_series(1, 60000) AS g");
    await until(async () => rest.passage.space.usedBytes > 0);
    await until(async () => (await openTransactions()) === 0);
    await until(() => rest.passage.pool.counts().busy === 0);
    expect(rest.passage.space.usedBytes).toBeGreaterThan(1024 * 1024);
    await session.close();
    expect(rest.passage.space.usedBytes).toBe(0);
  });

  test("loses a result beyond the limit after a minute, and is told", async () => {
    const session = await client();
    const operation = await session.submit(
      "SELECT g, md5(g::text) FROM generate_series(1, 1000000) AS g",
    );
    await session.fetch(operation, 0);
    await until(() => clock.waiting > 0);
    expect(rest.passage.space.usedBytes).toBeLessThanOrEqual(disk + 1024 * 1024);
    expect(await openTransactions()).toBe(1);
    clock.fire();
    await until(async () => (await openTransactions()) === 0);
    await expect(session.fetch(operation, 1)).rejects.toThrow("[GW-RESULT-ABANDONED]");
    expect(rest.passage.space.usedBytes).toBe(0);
    await session.close();
  });

  test("that comes back in time gets every row", async () => {
    const session = await client();
    const operation = await session.submit(
      "SELECT g, md5(g::text) FROM generate_series(1, 200000) AS g",
    );
    await until(() => clock.waiting > 0);
    const result = await session.read(operation);
    expect(result.rows).toHaveLength(200_000);
    expect(result.rows.at(-1)?.[0]).toBe(200_000);
    await session.close();
  });
});

describe("files", () => {
  test("have no name while they are used, and are swept after a crash", async () => {
    const session = await client();
    await session.submit("SELECT g, md5(g::text) FROM generate_series(1, 60000) AS g");
    await until(() => rest.passage.space.usedBytes > 0);
    const directory = join(rest.dataDirectory, "spool");
    expect(await readdir(directory)).toEqual([]);
    await session.close();
    const dead = spawnSync(process.execPath, ["-e", ""]).pid;
    const left = `${dead}-${"a".repeat(32)}.rows`;
    const alive = `${process.pid}-${"b".repeat(32)}.rows`;
    await writeFile(join(directory, left), "x");
    await writeFile(join(directory, alive), "x");
    await openSpoolSpace(directory, disk, systemRandom);
    expect(await readdir(directory)).toEqual([alive]);
  });
});
