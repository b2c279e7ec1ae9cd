// A fleet of tables kept fresh by one gateway, judged by the record of runs: how many slots were
// refreshed, how late each one started and ended.

import { setTimeout as pause } from "node:timers/promises";
import { RestSession } from "../tools/demo/rest-session.ts";
import { type Bench, rows, until } from "./bench-gateway.ts";
import type { BenchDatabase } from "./embedded-database.ts";
import { type Figure, percentile, showMilliseconds } from "./figure.ts";
import { machineShare, processorSeconds } from "./processor-time.ts";

export interface Fleet {
  readonly tables: number;
  readonly freshness: string;
  readonly periodSeconds: number;
  /** Each refresh must have started this long after its slot. */
  readonly startWithin: number;
  readonly minutes: number;
}

export const everySecond = {
  tables: 50,
  freshness: "'1' SECOND",
  periodSeconds: 1,
  startWithin: 1000,
};
export const everyMinute = {
  tables: 1000,
  freshness: "'1' MINUTE",
  periodSeconds: 60,
  startWithin: 10_000,
};

/** Creates the fleet, lets it run, and reads the record of runs. */
export async function keptFresh(bench: Bench, fleet: Fleet): Promise<readonly Figure[]> {
  const { database, product } = bench;
  const { client } = database;
  await client.query(
    "CREATE TABLE source AS SELECT g AS id, g % 20 AS k FROM generate_series(1, 200) AS g",
  );
  await createFleet(bench, fleet);
  // Only slots after the first loads and after one whole period count.
  const [began] = await rows(database, "SELECT clock_timestamp() + $1 * interval '1 s' AS at", [
    fleet.periodSeconds,
  ]);
  await pause(fleet.periodSeconds * 1000);
  const before = {
    gateway: processorSeconds(product.pid),
    server: processorSeconds(database.serverPid),
  };
  const started = performance.now();
  const pulse = setInterval(() => {
    // The queries must have something to find, or every refresh is the same.
    void client.query("UPDATE source SET k = (k + 1) % 20 WHERE id % 10 = 0");
  }, 1000);
  await pause(Math.max(fleet.minutes * 60_000, fleet.periodSeconds * 2000));
  clearInterval(pulse);
  const elapsed = (performance.now() - started) / 1000;
  const after = {
    gateway: processorSeconds(product.pid),
    server: processorSeconds(database.serverPid),
  };
  const record = await readRecord(database, fleet, began?.["at"]);
  const gatewayShare = machineShare(before.gateway, after.gateway, elapsed);
  const serverShare = machineShare(before.server, after.server, elapsed);
  const cpu = `gateway ${gatewayShare}, PostgreSQL ${serverShare} of the machine`;
  return judgeFleet(fleet, record, cpu);
}

/** Declares the tables over several sessions at a time, and waits until each has rows. */
async function createFleet({ database, product }: Bench, fleet: Fleet): Promise<void> {
  const sessions = await Promise.all([1, 2, 3, 4].map(() => RestSession.open(product.url)));
  let next = 0;
  await Promise.all(
    sessions.map(async (session) => {
      while (next < fleet.tables) {
        const name = `fleet_${next}`;
        next += 1;
        await session.execute(`CREATE MATERIALIZED TABLE ${name}
          FRESHNESS = INTERVAL ${fleet.freshness} REFRESH_MODE = FULL
          AS SELECT k, count(*) AS n FROM source GROUP BY k`);
      }
    }),
  );
  await until(async () => {
    const [loaded] = await rows(
      database,
      "SELECT count(DISTINCT name)::int AS n FROM sluice.refresh_runs WHERE status = 'SUCCESSFUL'",
    );
    return loaded?.["n"] === fleet.tables;
  }, 300_000);
}

interface FleetRecord {
  readonly expected: number;
  readonly successful: number;
  readonly others: number;
  /** Milliseconds from the slot. */
  readonly startedP50: number;
  readonly startedP99: number;
  readonly startedMax: number;
  readonly finishedMax: number;
}

async function readRecord(
  database: BenchDatabase,
  fleet: Fleet,
  began: unknown,
): Promise<FleetRecord> {
  // Slots of whole periods, up to one period before now: later ones may not have come to their end.
  const slots = `due_at >= date_trunc($2, $1::timestamptz) + $3 * interval '1 s'
    AND due_at < date_trunc($2, clock_timestamp()) - $3 * interval '1 s'`;
  const unit = fleet.periodSeconds === 1 ? "second" : "minute";
  const [record] = await rows(
    database,
    `SELECT count(*) FILTER (WHERE status = 'SUCCESSFUL')::int AS successful,
            count(*) FILTER (WHERE status <> 'SUCCESSFUL')::int AS others,
            coalesce(array_agg(extract(epoch FROM started_at - due_at)::float8 * 1000), '{}')
              AS started,
            coalesce(max(extract(epoch FROM finished_at - due_at)::float8 * 1000), 0) AS finished
     FROM sluice.refresh_runs WHERE trigger = 'SCHEDULE' AND ${slots}`,
    [began, unit, fleet.periodSeconds],
  );
  const [range] = await rows(
    database,
    `SELECT (extract(epoch FROM date_trunc($2, clock_timestamp()) - date_trunc($2, $1::timestamptz)) / $3)::int - 2 AS n`,
    [began, unit, fleet.periodSeconds],
  );
  const started = record?.["started"] as number[];
  return {
    expected: Number(range?.["n"]) * fleet.tables,
    successful: Number(record?.["successful"]),
    others: Number(record?.["others"]),
    startedP50: percentile(started, 0.5),
    startedP99: percentile(started, 0.99),
    startedMax: percentile(started, 1),
    finishedMax: Number(record?.["finished"]),
  };
}

function judgeFleet(fleet: Fleet, record: FleetRecord, cpu: string): readonly Figure[] {
  const freshness = fleet.freshness.replaceAll("'", "");
  const name = `${fleet.tables} tables at ${freshness}, ${fleet.minutes} min`;
  const inSlot = record.finishedMax <= fleet.periodSeconds * 1000;
  return [
    {
      figure: `${name}: slots refreshed (others: ${record.others})`,
      measured: `${record.successful} of ${record.expected}`,
      beside: cpu,
      wanted: "all",
      met: record.expected > 0 && record.successful >= record.expected,
    },
    {
      figure: `${name}: slot to start, p50 / p99 / max`,
      measured: [record.startedP50, record.startedP99, record.startedMax]
        .map(showMilliseconds)
        .join(" / "),
      beside: null,
      wanted: `each <= ${fleet.startWithin / 1000} s`,
      met: record.startedMax <= fleet.startWithin,
    },
    {
      figure: `${name}: slot to end, max`,
      measured: showMilliseconds(record.finishedMax),
      beside: null,
      wanted: fleet.periodSeconds === 60 ? "within the slot" : null,
      met: fleet.periodSeconds === 60 ? inSlot : null,
    },
  ];
}
