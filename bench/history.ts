// A long history beside a short one: what a user lists, a tick, a claim and a batch of retention
// cost with ten thousand runs and with ten million (a month of 1,000 tables at one minute holds ten
// million by count). SLUICE_BENCH_HISTORY_ROWS tries it with fewer.

import { systemClock, systemRandom } from "../src/common/clock.ts";
import { asId, type GatewayId } from "../src/common/ids.ts";
import { loadMigrations, migrate, migrationsFolder } from "../src/common/migrate.ts";
import { type Database, openDatabase } from "../src/common/pg.ts";
import { type Sql, sql, trusted } from "../src/common/sql.ts";
import { instant, milliseconds } from "../src/common/time.ts";
import { pruneByAge, type RetentionPolicy } from "../src/ops/retention-batches.ts";
import { pgWorkflowStore } from "../src/scheduler/durable/pg-store.ts";
import { tick } from "../src/scheduler/durable/tick.ts";
import { scheduleOf } from "../src/scheduler/schedule.ts";
import type { WorkflowDefinition } from "../src/scheduler/scheduler.ts";
import { benchDatabase } from "./embedded-database.ts";
import { type Figure, percentile, showMilliseconds } from "./figure.ts";

const shortHistory = 10_000;
const longHistory = Number(process.env["SLUICE_BENCH_HISTORY_ROWS"] ?? 10_000_000);
/** Workflows that fall due in turn; the first of them have the history, a hundred runs at least. */
const tables = 1000;
const withHistory = 100;
const chunk = 250_000;
const repetitions = 9;

export async function run(): Promise<readonly Figure[]> {
  const bench = await benchDatabase();
  const database = openDatabase({
    url: bench.url,
    max: 4,
    applicationName: "bench",
    onError: (error) => console.error(error),
  });
  try {
    await migrate(database, loadMigrations(migrationsFolder));
    await makeTables(database);
    await fill(database, 0, shortHistory);
    const short = await measure(database);
    await fill(database, shortHistory, longHistory);
    const long = await measure(database);
    return [...long].map(([what, time]) => figureOf(what, time, short.get(what) ?? Number.NaN));
  } finally {
    await database.close();
    await bench.close();
  }
}

/** As fast is: not more than half as long again, or within what a clock can tell. */
function figureOf(what: string, long: number, short: number): Figure {
  return {
    figure: `${what}, ${longHistory.toLocaleString("en")} runs of history`,
    measured: showMilliseconds(long),
    beside: `${showMilliseconds(short)} with ${shortHistory.toLocaleString("en")} runs`,
    wanted: "as fast as with the short one",
    met: long <= Math.max(short * 1.5, short + 3),
  };
}

const definition: WorkflowDefinition = {
  kind: "table",
  database: "public",
  name: "x",
  comment: null,
  schedule: { kind: "every", amount: 1, unit: "MINUTE", anchor: null },
  timeZone: "UTC",
  startAt: null,
  endAt: null,
  overlap: "queue",
  catchup: "last",
  variables: {},
  options: {},
  tasks: [
    {
      name: "refresh",
      comment: null,
      upstream: [],
      action: {},
      variables: {},
      options: {},
      condition: null,
      queue: "tables",
      retry: { retries: 0, delay: milliseconds(0), backoff: 1 },
      timeout: null,
    },
  ],
};

async function makeTables(database: Database): Promise<void> {
  await database.execute(sql`UPDATE sluice_private.queues SET concurrency = 100000`);
  await database.execute(sql`
    INSERT INTO sluice_private.gateways
    VALUES ('bench', 'bench', 1, 'bench', now(), now() + interval '1 day')`);
  await database.execute(sql`
    WITH w AS (
      INSERT INTO sluice_private.workflows
        (workflow_id, kind, database, name, enabled, version, created_at)
      SELECT 'w' || n, 'table', 'public', 'table:t' || n, true, 1, now()
      FROM generate_series(0, ${tables - 1}::integer) n RETURNING workflow_id
    )
    INSERT INTO sluice_private.workflow_versions
    SELECT workflow_id, 1, ${JSON.stringify(definition)}::jsonb, now() FROM w`);
}

/** Runs of these workflows, each a minute after the one before; one in a hundred failed. */
async function fill(database: Database, from: number, to: number): Promise<void> {
  const history = ["instance_history", "task_history"];
  // Events of a month are not kept; to write them here would only take time.
  const triggers = (verb: string) =>
    Promise.all(
      history.map((table) =>
        database.execute(trusted(`ALTER TABLE sluice_private.${table} ${verb} TRIGGER USER`)),
      ),
    );
  await triggers("DISABLE");
  for (let begin = from; begin < to; begin += chunk) {
    await database.execute(runs(begin, Math.min(begin + chunk, to) - 1, to));
  }
  await triggers("ENABLE");
  await database.execute(sql`
    VACUUM (ANALYZE) sluice_private.instance_history, sluice_private.task_history,
      sluice_private.task_attempts, sluice_private.refresh_runs`);
}

function runs(first: number, last: number, total: number): Sql {
  return sql`
    WITH past AS MATERIALIZED (
      SELECT lpad(to_hex(n), 32, '0') AS id, 'w' || n % ${withHistory}::integer AS w,
        CASE WHEN n % 10000 / 100 = 7 THEN 'FAILED' ELSE 'SUCCESSFUL' END AS status,
        now() - (${total}::integer - n) / ${withHistory}::integer * interval '1 minute' AS at
      FROM generate_series(${first}::integer, ${last}::integer) n
    ), i AS (
      INSERT INTO sluice_private.instance_history
        (instance_id, workflow_id, version, trigger, interval_start, interval_end, scheduled_at,
         status, request, variables, created_at, started_at, finished_at)
      SELECT id, w, 1, 'MANUAL', at - interval '1 minute', at, at, status, '{}', '{}', at, at, at
      FROM past
    ), t AS (
      INSERT INTO sluice_private.task_history
        (task_instance_id, instance_id, workflow_id, task, status, priority, queue, waiting,
         ready_at, action, attempt, lost, token, gateway_id, claimed_at, finished_at, downstream,
         policy, retryable, advanced)
      SELECT 't' || id, id, w, 'refresh', status, 2, 'tables', 0, at, '{}', 1, 0, 1, 'bench', at,
        at, '{}', '{}', false, true FROM past
    ), a AS (
      INSERT INTO sluice_private.task_attempts
        (task_instance_id, attempt, status, gateway_id, claimed_at, finished_at)
      SELECT 't' || id, 1, status, 'bench', at, at FROM past
    )
    INSERT INTO sluice_private.refresh_runs
      (run_id, table_id, database, name, instance_id, task_instance_id, trigger, interval_start,
       interval_end, attempt, due_at, claimed_at, started_at, finished_at, status)
    SELECT 'r' || id, w, 'public', 't' || substr(w, 2), id, 't' || id, 'SCHEDULE',
      at - interval '1 minute', at, 1, at, at, at, at, status FROM past`;
}

/** Medians in milliseconds. */
async function measure(database: Database): Promise<ReadonlyMap<string, number>> {
  const list = (query: Sql) => () => database.query(query);
  const parts: readonly (readonly [string, () => Promise<unknown>])[] = [
    [
      "SHOW WORKFLOW INSTANCES LIMIT 100",
      list(sql`
        SELECT * FROM sluice.workflow_instances ORDER BY scheduled_at DESC, instance_id LIMIT 100`),
    ],
    [
      "SHOW WORKFLOW INSTANCES of one workflow LIMIT 100",
      list(sql`
        SELECT * FROM sluice.workflow_instances WHERE workflow_id = 'w7'
        ORDER BY scheduled_at DESC, instance_id LIMIT 100`),
    ],
    [
      "SHOW REFRESHES LIMIT 100",
      list(sql`SELECT * FROM sluice.refresh_runs ORDER BY finished_at DESC, run_id LIMIT 100`),
    ],
    [
      "SHOW REFRESHES FROM t LIMIT 100",
      list(sql`
        SELECT * FROM sluice.refresh_runs WHERE database = 'public' AND name = 't7'
        ORDER BY finished_at DESC, run_id LIMIT 100`),
    ],
    ["tick of 100 tables", () => tickHundred(database)],
    ["claim of 50 tasks and their way to history", () => claimFifty(database)],
    ["retention batch of 500 runs", () => pruneBatch(database)],
  ];
  await database.execute(sql`TRUNCATE sluice_private.instances, sluice_private.task_instances`);
  const medians = new Map<string, number>();
  for (const [what, work] of parts) {
    const times: number[] = [];
    await work();
    for (let n = 0; n < repetitions; n++) {
      const begun = systemClock.monotonic();
      await work();
      times.push(systemClock.monotonic() - begun);
    }
    medians.set(what, percentile(times, 0.5));
  }
  return medians;
}

const schedule = scheduleOf(definition.schedule, "UTC");

/** A hundred tables fall due and get their instances; these are what claimFifty works off. */
async function tickHundred(database: Database): Promise<void> {
  const store = pgWorkflowStore(database);
  await database.execute(sql`
    UPDATE sluice_private.workflows
    SET next_due_at = date_trunc('minute', now()), previous_fire_at = now() - interval '2 minutes'
    WHERE workflow_id IN (
      SELECT w.workflow_id FROM sluice_private.workflows w
      WHERE NOT EXISTS (
        SELECT FROM sluice_private.instances i WHERE i.workflow_id = w.workflow_id)
      ORDER BY w.workflow_id LIMIT 100)`);
  const tools = { scheduleOf: () => schedule, claimOf: () => null, random: systemRandom };
  const batch = await store.loadDue(1000);
  await store.commitTick(tick({ ...batch, aliveSince: instant(0) }, tools));
}

async function claimFifty(database: Database): Promise<void> {
  const store = pgWorkflowStore(database);
  const held = await store.claim(asId<GatewayId>("bench"), 50);
  await store.record(
    held.map(({ taskInstanceId, token }) => ({
      taskInstanceId,
      token,
      outcome: { kind: "succeeded" as const },
      detail: null,
    })),
  );
  await store.advance(
    200,
    (settled) => ({
      requeue: [],
      finish: settled.map(({ taskInstanceId }) => ({
        taskInstanceId,
        status: "SUCCESSFUL" as const,
        detail: null,
        failsDownstream: null,
      })),
    }),
    () => ({ status: "SUCCESSFUL", detail: null, errorCode: null, error: null }),
  );
}

/** The 500 oldest runs, whatever their age. */
async function pruneBatch(database: Database): Promise<void> {
  const none = milliseconds(0);
  const policy: RetentionPolicy = {
    successful: none,
    successfulRuns: 1,
    failed: none,
    events: none,
    notifications: none,
  };
  await database.transaction((tx) => pruneByAge(tx, "instances", policy, 500));
}
