// What a soak runs: a chain of tables, one of them partitioned, workflows with branches, a failing
// task that is retried, backfills again and again; and the writer whose rows they follow. Every
// task leaves a row in `effects`, in the transaction that records its end.

import { setTimeout as pause } from "node:timers/promises";
import type { BenchDatabase } from "../../bench/embedded-database.ts";
import type { RestSession } from "../demo/rest-session.ts";

const effect = (task: string) =>
  `INSERT INTO effects VALUES (''\${instance.id}'', ''${task}'', ''\${attempt}'')`;

const tables = [
  `CREATE MATERIALIZED TABLE totals FRESHNESS = INTERVAL '2' SECOND REFRESH_MODE = FULL
   AS SELECT sensor, count(*) AS n, sum(value) AS value FROM readings GROUP BY sensor`,
  `CREATE MATERIALIZED TABLE overall FRESHNESS = INTERVAL '4' SECOND REFRESH_MODE = FULL
   AS SELECT sum(n) AS n, sum(value) AS value FROM totals`,
  `CREATE MATERIALIZED TABLE by_day PARTITIONED BY (ds)
   WITH ('partition.fields.ds.date-formatter' = 'yyyy-MM-dd', 'refresh.lookback' = '2 partitions')
   FRESHNESS = INTERVAL '1' DAY REFRESH_MODE = FULL
   AS SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS ds, sensor, sum(value) AS value
   FROM readings GROUP BY 1, 2`,
];

const workflows = [
  `CREATE WORKFLOW diamond SCHEDULE = EVERY INTERVAL '2' SECOND WITH ('catch-up' = 'all')
   TASKS (a EXECUTE '${effect("a")}', b EXECUTE '${effect("b")}' AFTER (a),
     c EXECUTE '${effect("c")}' AFTER (a), d EXECUTE '${effect("d")}' AFTER (b, c))`,
  `CREATE WORKFLOW shaky SCHEDULE = EVERY INTERVAL '3' SECOND
   WITH ('retries' = '3', 'retry.delay' = '100 ms', 'overlap' = 'queue')
   TASKS (maybe EXECUTE 'INSERT INTO effects
     SELECT ''\${instance.id}'', ''maybe'', (\${attempt} / (random() * 2)::int)::text',
     after_it EXECUTE '${effect("after_it")}' AFTER (maybe))`,
  `CREATE WORKFLOW today SCHEDULE = EVERY INTERVAL '5' SECOND VARIABLES ('today' = 'yyyy-MM-dd')
   TASKS (day REFRESH by_day PARTITION (ds = '\${today}'),
     done EXECUTE '${effect("done")}' AFTER (day))`,
];

/** Creates everything and lets it run. */
export async function makeWorld(database: BenchDatabase, session: RestSession): Promise<void> {
  await database.client.query(`
    CREATE TABLE readings (at timestamptz NOT NULL, sensor int NOT NULL, value int NOT NULL);
    CREATE INDEX ON readings (at);
    CREATE TABLE effects (instance text, task text, attempt text);
    INSERT INTO readings SELECT now() - g * interval '1 hour', g % 7, g
      FROM generate_series(1, 240) g`);
  await session.execute("SET 'table.local-time-zone' = 'UTC'");
  for (const statement of [...tables, ...workflows]) await session.execute(statement);
  for (const name of ["diamond", "shaky", "today"]) {
    await session.execute(`ALTER WORKFLOW ${name} ENABLE`);
  }
}

export interface Writer {
  readonly written: number;
  stop(): Promise<void>;
}

/** Rows of now, and every ten seconds or so a backfill of the last ten days, from SQL. */
export function startWriter(database: BenchDatabase, random: () => number): Writer {
  let stopping = false;
  let written = 0;
  const loop = async (): Promise<void> => {
    for (let round = 1; !stopping; round += 1) {
      await database.client.query(
        "INSERT INTO readings SELECT clock_timestamp(), $1, $2 FROM generate_series(1, 5)",
        [Math.floor(random() * 7), Math.floor(random() * 1000)],
      );
      written += 5;
      if (round % 100 === 0) await backfill(database);
      await pause(100);
    }
  };
  const running = loop();
  return {
    get written() {
      return written;
    },
    async stop() {
      stopping = true;
      await running;
    },
  };
}

async function backfill(database: BenchDatabase): Promise<void> {
  await database.client.query(
    `SELECT sluice.backfill('public.by_day',
       to_char(now() AT TIME ZONE 'UTC' - interval '9 days', 'YYYY-MM-DD'),
       to_char(now() AT TIME ZONE 'UTC' + interval '1 day', 'YYYY-MM-DD'))`,
  );
}
