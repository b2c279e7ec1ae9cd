// Backfills: how long ten thousand intervals take to plan and write, and to be shown; how many
// intervals a second are computed; what a throttled backfill leaves to ordinary clients.

import { availableParallelism } from "node:os";
import pg from "pg";
import { RestSession } from "../tools/demo/rest-session.ts";
import { type Bench, rows, startGateway, until } from "./bench-gateway.ts";
import { benchDatabase } from "./embedded-database.ts";
import { type BenchOptions, type Figure, percentile, showMilliseconds } from "./figure.ts";

const clients = Math.max(2, availableParallelism());
const secondsOfLoad = 15;

export async function run(_options: BenchOptions): Promise<readonly Figure[]> {
  const database = await benchDatabase();
  try {
    const product = await startGateway(database, "a");
    try {
      const session = await RestSession.open(product.url, { "table.dml-sync": "true" });
      const bench = { database, product, session };
      await fill(bench);
      return [...(await planning(bench)), ...(await computing(bench)), ...(await beside(bench))];
    } finally {
      await product.stop();
    }
  } finally {
    await database.close();
  }
}

async function fill({ database, session }: Bench): Promise<void> {
  await database.client.query(`
    CREATE TABLE orders AS SELECT g AS id, timestamptz '2024-01-01Z' + g * interval '1 min' AS at,
      (g % 100)::numeric(10,2) AS amount
    FROM generate_series(0, 1000000) AS g`);
  await database.client.query("CREATE INDEX ON orders (at)");
  await database.client.query(
    "CREATE TABLE accounts AS SELECT g AS id, 0 AS balance FROM generate_series(1, 10000) AS g",
  );
  await database.client.query("ALTER TABLE accounts ADD PRIMARY KEY (id)");
  await database.client.query("VACUUM ANALYZE");
  await session.execute(`CREATE MATERIALIZED TABLE hourly PARTITIONED BY (h)
    FRESHNESS = INTERVAL '1' HOUR REFRESH_MODE = FULL
    AS SELECT date_trunc('hour', at) AS h, sum(amount) AS total FROM orders GROUP BY 1`);
}

async function planning({ database, session }: Bench): Promise<readonly Figure[]> {
  await session.execute("SET 'table.dml-sync' = 'false'");
  const range = "FROM '2024-01-01' TO '2025-02-20'";
  const begun = performance.now();
  const made = await session.execute(`ALTER MATERIALIZED TABLE hourly BACKFILL ${range}`);
  const took = performance.now() - begun;
  const id = String(made.rows[0]?.[0]);
  const shown: number[] = [];
  for (let round = 0; round < 50; round++) {
    const asked = performance.now();
    await rows(database, "SELECT * FROM sluice.backfills WHERE backfill_id = $1", [id]);
    shown.push(performance.now() - asked);
  }
  const [row] = await rows(database, "SELECT total::int FROM sluice.backfills");
  await session.execute(`ALTER BACKFILL '${id}' CANCEL`);
  await ended(database, id);
  return [
    {
      figure: `BACKFILL of ${String(row?.["total"])} intervals, planned and written`,
      measured: showMilliseconds(took),
      beside: null,
      wanted: "<= 1 s",
      met: took <= 1000,
    },
    {
      figure: "its status while it runs, p99",
      measured: showMilliseconds(percentile(shown, 0.99)),
      beside: null,
      wanted: "<= 50 ms",
      met: percentile(shown, 0.99) <= 50,
    },
  ];
}

async function computing({ database, session }: Bench): Promise<readonly Figure[]> {
  const statement = `ALTER MATERIALIZED TABLE hourly BACKFILL FROM '2024-03-01' TO '2024-03-15'
    WITH ('parallelism' = '4')`;
  const begun = performance.now();
  const made = await session.execute(statement);
  await ended(database, String(made.rows[0]?.[0]));
  const took = (performance.now() - begun) / 1000;
  return [
    {
      figure: "intervals of a backfill computed, 4 at a time",
      measured: `${Math.round(336 / took)} a second`,
      beside: null,
      wanted: null,
      met: null,
    },
  ];
}

/** Short transactions of ordinary clients, alone and beside a throttled backfill. */
async function beside({ database, session }: Bench): Promise<readonly Figure[]> {
  await load(database.url, 3);
  const alone = await load(database.url, secondsOfLoad);
  const made = await session.execute(`ALTER MATERIALIZED TABLE hourly
    BACKFILL FROM '2024-04-01' TO '2025-04-01' WITH ('throttle' = 'on')`);
  const id = String(made.rows[0]?.[0]);
  const throttled = await load(database.url, secondsOfLoad);
  const [left] = await rows(
    database,
    "SELECT finished_at FROM sluice.backfills WHERE backfill_id = $1",
    [id],
  );
  if (left?.["finished_at"] !== null) throw new Error("the backfill was over before the load");
  await session.execute(`ALTER BACKFILL '${id}' CANCEL`);
  const again = await load(database.url, secondsOfLoad);
  const ratio = throttled / ((alone + again) / 2);
  return [
    {
      figure: `transactions of ${clients} clients beside a throttled backfill`,
      measured: `${Math.round(throttled)} a second`,
      beside: `${Math.round((alone + again) / 2)} a second without it`,
      wanted: ">= 90 %",
      met: ratio >= 0.9,
    },
  ];
}

/** As pgbench does it: each client updates a row and reads one, as fast as it can. */
async function load(url: string, seconds: number): Promise<number> {
  const until = performance.now() + seconds * 1000;
  const counts = await Promise.all(
    Array.from({ length: clients }, async (_, n) => {
      const client = new pg.Client({ connectionString: url, options: "-c search_path=public" });
      await client.connect();
      let count = 0;
      for (; performance.now() < until; count++) {
        const id = 1 + ((count * 7919 + n * 1009) % 10_000);
        await client.query("UPDATE accounts SET balance = balance + 1 WHERE id = $1", [id]);
        await client.query("SELECT balance FROM accounts WHERE id = $1", [id]);
      }
      await client.end();
      return count;
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0) / seconds;
}

async function ended(database: Bench["database"], id: string): Promise<void> {
  await until(async () => {
    const [row] = await rows(
      database,
      "SELECT finished_at IS NOT NULL AS ended FROM sluice.backfills WHERE backfill_id = $1",
      [id],
    );
    return row?.["ended"] === true;
  }, 120_000);
}
