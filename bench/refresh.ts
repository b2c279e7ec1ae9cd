// A refresh beside what PostgreSQL has of its own: one partition of 30 and of 365 over ten million
// base rows beside REFRESH MATERIALIZED VIEW and … CONCURRENTLY; short readers while a whole table
// is refreshed and a long reader is open. BENCH_ROWS makes the base smaller.

import pg from "pg";
import { systemClock, systemRandom } from "../src/common/clock.ts";
import { type Database, openDatabase } from "../src/common/pg.ts";
import type { Engine, RefreshMeasures, RefreshTarget } from "../src/engine/engine.ts";
import { postgresEngine } from "../src/engine/postgres/postgres-engine.ts";
import { postgresStorage } from "../src/engine/postgres/storage.ts";
import type { PublishTactic } from "../src/engine/refresh-step.ts";
import { loadMigrations, migrate, migrationsFolder } from "../src/common/migrate.ts";
import { describeQuery, type QueryDescription } from "../src/query/describe.ts";
import { restrictionsFor } from "../src/query/restrictions.ts";
import type { PartitionSpec } from "../src/catalog/partition.ts";
import { type BenchDatabase, benchDatabase } from "./embedded-database.ts";
import { type BenchOptions, type Figure, percentile, showMilliseconds } from "./figure.ts";

/** Base rows, from the environment or ten million. */
const baseRows = Number(process.env["BENCH_ROWS"] ?? 10_000_000);

export async function run(_options: BenchOptions): Promise<readonly Figure[]> {
  const bench = await benchDatabase();
  const database = openDatabase({
    url: bench.url,
    max: 8,
    applicationName: "bench",
    onError: () => undefined,
  });
  try {
    await migrate(database, loadMigrations(migrationsFolder));
    const engine = postgresEngine({ database, clock: systemClock, random: systemRandom });
    const parts = { bench, database, engine };
    await fillBase(parts);
    return [
      ...(await onePartition(parts, 30, ">= 10x")),
      ...(await onePartition(parts, 365, null)),
      ...(await readers(parts)),
    ];
  } finally {
    await database.close();
    await bench.close();
  }
}

interface Parts {
  readonly bench: BenchDatabase;
  readonly database: Database;
  readonly engine: Engine;
}

async function fillBase({ bench }: Parts): Promise<void> {
  await bench.client.query(`
    CREATE TABLE base AS
    SELECT g AS id, (g::bigint * 7919 % 1000)::int AS k, (g % 1000)::numeric(10,2) AS amount,
      timestamptz '2026-01-01 00:00+00' + g * (interval '30 days' / ${baseRows}) AS at30,
      timestamptz '2026-01-01 00:00+00' + g * (interval '365 days' / ${baseRows}) AS at365
    FROM generate_series(0, ${baseRows - 1}) AS g`);
  await bench.client.query("CREATE INDEX ON base (at30)");
  await bench.client.query("CREATE INDEX ON base (at365)");
  await bench.client.query("VACUUM ANALYZE base");
}

interface Made {
  readonly target: RefreshTarget;
  readonly description: QueryDescription;
}

/** Stored table and description of a query, as CREATE makes them. */
async function make({ database }: Parts, name: string, query: string): Promise<Made> {
  const description = await describeQuery(database, {
    query,
    searchPath: ["public"],
    timeZone: "UTC",
  });
  const columns = description.columns.map((column) => ({ ...column, comment: null }));
  const partitionKeys = ["ds"];
  await database.transaction((tx) =>
    postgresStorage.create(tx, {
      database: "public",
      name,
      columns: columns.map((column) => ({ ...column, nullable: true })),
      primaryKey: ["ds", "k"],
      primaryKeyName: null,
      keyEnforced: true,
      partitionKeys,
      comment: null,
    }),
  );
  const target = { displayName: name, database: "public", name, timeZone: "UTC" };
  return { target: { ...target, columns, partitionKeys }, description };
}

function refresh(
  { engine }: Parts,
  { target, description }: Made,
  tactic: PublishTactic,
  specs?: readonly PartitionSpec[],
): Promise<RefreshMeasures> {
  const { analysis, expandedQuery: query } = description;
  const scope = specs ? ({ kind: "partitions", specs } as const) : ({ kind: "whole" } as const);
  const { timeZone, columns } = target;
  const known = { analysis, columns, partitionTimes: [], namedSources: {} };
  const asked = { ...known, specs: specs ?? [], timeZone };
  const { restrictions } = restrictionsFor(asked);
  const primaryKey = ["ds", "k"];
  return engine.refresh({
    target,
    steps: [
      { kind: "lock", relations: ["public.base"] },
      { kind: "stage", query, scope, restrictions: specs ? restrictions : [] },
      { kind: "verify", primaryKey, maxRows: null },
      { kind: "publish", scope, tactic, primaryKey, rewriteAbove: 0.3 },
    ],
    onBackend: async () => undefined,
    settle: async () => undefined,
    signal: new AbortController().signal,
  });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

const queryOver = (column: string) =>
  `SELECT to_char(${column}, 'YYYY-MM-DD') AS ds, k, count(*) AS n, sum(amount) AS amount ` +
  "FROM base GROUP BY 1, 2";

/** Some rows of one day change; the day is refreshed, or the whole view. */
async function onePartition(
  parts: Parts,
  days: number,
  wanted: string | null,
): Promise<readonly Figure[]> {
  const { client } = parts.bench;
  const query = queryOver(`at${days}`);
  const made = await make(parts, `by_${days}`, query);
  await refresh(parts, made, "swap");
  const view = `view_${days}`;
  await client.query(`CREATE MATERIALIZED VIEW ${view} AS ${query}`);
  await client.query(`CREATE UNIQUE INDEX ON ${view} (ds, k)`);
  const ours: number[] = [];
  for (let round = 2; round < 9; round += 1) {
    const ds = `2026-01-0${round}`;
    await client.query(`
      UPDATE base SET amount = amount + 1 WHERE at${days} >= '${ds} 00:00+00'
        AND at${days} < '${ds} 01:00+00' AND k < 100`);
    ours.push(await timed(() => refresh(parts, made, "diff-apply", [{ ds }])));
  }
  const plain = await timed(() => client.query(`REFRESH MATERIALIZED VIEW ${view}`));
  const concurrent = await timed(() =>
    client.query(`REFRESH MATERIALIZED VIEW CONCURRENTLY ${view}`),
  );
  await proveEqual(parts, made, query, days);
  await client.query(`DROP MATERIALIZED VIEW ${view}`);
  const median = percentile(ours, 0.5);
  const times = (other: number) =>
    `${showMilliseconds(other)} (${(other / median).toPrecision(3)}x)`;
  return [
    {
      figure: `one partition of ${days} over ${baseRows.toLocaleString("en")} base rows, p50`,
      measured: showMilliseconds(median),
      beside: `REFRESH MATERIALIZED VIEW ${times(plain)}, CONCURRENTLY ${times(concurrent)}`,
      wanted,
      met: wanted === null ? null : plain / median >= 10,
    },
  ];
}

/** The refreshed partitions are those of the query. */
async function proveEqual(
  { bench }: Parts,
  { target }: Made,
  query: string,
  days: number,
): Promise<void> {
  const one = `SELECT * FROM (${query}) q WHERE ds BETWEEN '2026-01-02' AND '2026-01-08'`;
  const two = `SELECT * FROM ${target.name} WHERE ds BETWEEN '2026-01-02' AND '2026-01-08'`;
  await bench.client.query("SET TimeZone = 'UTC'");
  const { rows } = await bench.client.query<{ n: number }>(
    `SELECT count(*)::int AS n
     FROM ((${one} EXCEPT ALL ${two}) UNION ALL (${two} EXCEPT ALL ${one})) d`,
  );
  if (rows[0]?.n !== 0) throw new Error(`${rows[0]?.n} rows of ${days} partitions are wrong`);
}

/** Short readers by key, all the time; how long each took. */
class Readers {
  readonly samples: number[] = [];
  readonly #client: pg.Client;
  readonly #table: string;
  #stopped = false;
  #running: Promise<void> = Promise.resolve();

  constructor(client: pg.Client, table: string) {
    this.#client = client;
    this.#table = table;
  }

  static async start(url: string, table: string): Promise<Readers> {
    const client = new pg.Client({ connectionString: url, options: "-c search_path=public" });
    await client.connect();
    const readers = new Readers(client, table);
    readers.#running = readers.#read();
    return readers;
  }

  async #read(): Promise<void> {
    for (let round = 0; !this.#stopped; round += 1) {
      const started = performance.now();
      await this.#client.query(`SELECT amount FROM ${this.#table} WHERE ds = $1 AND k = $2`, [
        `2026-01-${String((round % 28) + 1).padStart(2, "0")}`,
        round % 1000,
      ]);
      this.samples.push(performance.now() - started);
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
    await this.#client.end();
  }
}

/** Readers while `work` runs and another reader stays in a transaction for six seconds. */
async function beside(
  { bench }: Parts,
  table: string,
  work: () => Promise<unknown>,
): Promise<{ p99: number; max: number }> {
  const long = new pg.Client({ connectionString: bench.url, options: "-c search_path=public" });
  await long.connect();
  await long.query(`BEGIN; SELECT * FROM ${table} LIMIT 1`);
  const slept = long.query("SELECT pg_sleep(6); COMMIT");
  const readers = await Readers.start(bench.url, table);
  await work();
  await slept;
  await readers.stop();
  await long.end();
  return { p99: percentile(readers.samples, 0.99), max: percentile(readers.samples, 1) };
}

async function readers(parts: Parts): Promise<readonly Figure[]> {
  const { client } = parts.bench;
  const query = queryOver("at30");
  const made = await make(parts, "read", query);
  await refresh(parts, made, "swap");
  await client.query(`CREATE MATERIALIZED VIEW read_view AS ${query}`);
  await client.query("CREATE UNIQUE INDEX ON read_view (ds, k)");
  const change = () => client.query("UPDATE base SET amount = amount + 1 WHERE id % 1000 = 0");
  const idle = await beside(parts, "read", async () => undefined);
  const figures: Figure[] = [];
  const add = (name: string, seen: { p99: number; max: number }, wanted: string | null) => {
    const limit = wanted?.startsWith("max") ? seen.max <= 50 : seen.p99 <= idle.p99 + 5;
    figures.push({
      figure: `short readers during ${name}, 6 s reader open, p99 / max`,
      measured: `${showMilliseconds(seen.p99)} / ${showMilliseconds(seen.max)}`,
      beside: `${showMilliseconds(idle.p99)} / ${showMilliseconds(idle.max)} idle`,
      wanted,
      met: wanted === null ? null : limit,
    });
  };
  for (const [tactic, wanted] of [
    ["diff-apply", "p99 <= idle + 5 ms"],
    ["swap", "max 50 ms"],
  ] as const) {
    await change();
    add(tactic, await beside(parts, "read", () => refresh(parts, made, tactic)), wanted);
  }
  for (const how of ["", "CONCURRENTLY "]) {
    await change();
    const work = () => client.query(`REFRESH MATERIALIZED VIEW ${how}read_view`);
    add(`REFRESH MATERIALIZED VIEW ${how}`.trim(), await beside(parts, "read_view", work), null);
  }
  return figures;
}
