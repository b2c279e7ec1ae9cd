// Tables kept fresh by one gateway: 50 at one second and 1,000 at one minute; how soon the first
// rows of a new table are seen, how long a small partition takes, and how soon the work of a killed
// gateway goes on.

import { RestSession } from "../tools/demo/rest-session.ts";
import { type Bench, rows, startGateway, until } from "./bench-gateway.ts";
import { type BenchDatabase, benchDatabase } from "./embedded-database.ts";
import { type BenchOptions, type Figure, percentile, showMilliseconds } from "./figure.ts";
import { everyMinute, everySecond, keptFresh } from "./fleet.ts";
import { restartAfterKill } from "./takeover.ts";

export async function run(options: BenchOptions): Promise<readonly Figure[]> {
  return [
    ...(await withGateway(firstRows)),
    ...(await withGateway(onePartition)),
    ...(await withGateway((bench) =>
      keptFresh(bench, { ...everySecond, minutes: options.minutes }),
    )),
    ...(await withGateway((bench) =>
      keptFresh(bench, { ...everyMinute, minutes: options.minutes }),
    )),
    ...(await restartAfterKill()),
  ];
}

/**
 * A fresh server and one gateway on it for each figure, so that none carries the tables of another.
 */
async function withGateway(
  measure: (bench: Bench) => Promise<readonly Figure[]>,
): Promise<readonly Figure[]> {
  const database = await benchDatabase();
  try {
    const product = await startGateway(database, "a");
    try {
      const session = await RestSession.open(product.url);
      return shown(await measure({ database, product, session }));
    } finally {
      await product.stop();
    }
  } finally {
    await database.close();
  }
}

/** Figures are shown as soon as they are there: a fleet takes minutes. */
function shown(figures: readonly Figure[]): readonly Figure[] {
  for (const { figure, measured } of figures) console.log(`  ${figure}: ${measured}`);
  return figures;
}

/** From the CREATE to the first rows a reader sees, beside CREATE TABLE AS by hand. */
async function firstRows({ database, session }: Bench): Promise<readonly Figure[]> {
  await database.client.query(
    "CREATE TABLE small AS SELECT g AS id, g % 10 AS k FROM generate_series(1, 1000) AS g",
  );
  const query = "SELECT k, count(*) AS n FROM small GROUP BY k";
  const ours: number[] = [];
  const byHand: number[] = [];
  for (let round = 0; round < 20; round += 1) {
    const started = performance.now();
    await session.execute(
      `CREATE MATERIALIZED TABLE first_${round} FRESHNESS = INTERVAL '1' DAY REFRESH_MODE = FULL AS ${query}`,
    );
    await until(async () => (await count(database, `first_${round}`)) > 0);
    ours.push(performance.now() - started);
    const hand = performance.now();
    await database.client.query(`CREATE TABLE hand_${round} AS ${query}`);
    byHand.push(performance.now() - hand);
  }
  const median = percentile(ours, 0.5);
  const wanted = 100 + percentile(byHand, 0.5);
  return [
    {
      figure: "CREATE of a small FULL table to its first rows seen, p50",
      measured: showMilliseconds(median),
      beside: `${showMilliseconds(percentile(byHand, 0.5))} CREATE TABLE AS`,
      wanted: "<= 100 ms + the query",
      met: median <= wanted,
    },
  ];
}

/**
 * REFRESH PARTITION of 100,000 rows in 30 partitions, submit to done, beside DELETE and INSERT by
 * hand.
 */
async function onePartition({ database, session }: Bench): Promise<readonly Figure[]> {
  const { client } = database;
  await client.query(`
    CREATE TABLE events (at timestamp NOT NULL, k int NOT NULL, v int NOT NULL);
    INSERT INTO events SELECT timestamp '2026-01-01' + g % 30 * interval '1 day', g % 100, g
      FROM generate_series(1, 100000) AS g;
    CREATE INDEX ON events (at);
    ANALYZE events`);
  const query = "SELECT to_char(at, 'YYYY-MM-DD') AS ds, k, sum(v) AS v FROM events GROUP BY 1, 2";
  await session.execute("SET 'table.dml-sync' = 'true'");
  await session.execute(`CREATE MATERIALIZED TABLE by_day PARTITIONED BY (ds)
    WITH ('partition.fields.ds.date-formatter' = 'yyyy-MM-dd')
    FRESHNESS = INTERVAL '1' DAY REFRESH_MODE = FULL AS ${query}`);
  await client.query(`CREATE TABLE hand AS ${query}`);
  const ours: number[] = [];
  const byHand: number[] = [];
  for (let day = 1; day <= 20; day += 1) {
    const ds = `2026-01-${String(day).padStart(2, "0")}`;
    await client.query(`UPDATE events SET v = v + 1 WHERE at = '${ds}' AND k < 50`);
    const started = performance.now();
    await session.execute(`ALTER MATERIALIZED TABLE by_day REFRESH PARTITION (ds = '${ds}')`);
    ours.push(performance.now() - started);
    const hand = performance.now();
    await client.query(`BEGIN; DELETE FROM hand WHERE ds = '${ds}';
      INSERT INTO hand SELECT to_char(at, 'YYYY-MM-DD') AS ds, k, sum(v) FROM events
        WHERE at >= '${ds}' AND at < '${ds}'::date + 1 GROUP BY 1, 2; COMMIT`);
    byHand.push(performance.now() - hand);
  }
  const median = percentile(ours, 0.5);
  return [
    {
      figure: "REFRESH PARTITION, 1 of 30 over 100,000 rows, submit to done, p50",
      measured: showMilliseconds(median),
      beside: `${showMilliseconds(percentile(byHand, 0.5))} DELETE and INSERT`,
      wanted: "<= 50 ms",
      met: median <= 50,
    },
  ];
}

async function count(database: BenchDatabase, table: string): Promise<number> {
  const [row] = await rows(database, `SELECT count(*)::int AS n FROM ${table}`);
  return Number(row?.["n"]);
}
