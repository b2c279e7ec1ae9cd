// The scheduler by itself, with tasks that do nothing: how late a slot starts, how many task
// instances a second pass through claim, outcome and history, what a tick of ten thousand due
// tables costs. Beside it graphile-worker on the same database in the same run. Both keep every
// promise they make: fsync is on.

import { Logger, makeWorkerUtils, run as runGraphile } from "graphile-worker";
import pg from "pg";
import { systemClock, systemRandom } from "../src/common/clock.ts";
import { asId, type WorkflowId } from "../src/common/ids.ts";
import { loadMigrations, migrate, migrationsFolder } from "../src/common/migrate.ts";
import { type Database, openDatabase } from "../src/common/pg.ts";
import { sql } from "../src/common/sql.ts";
import { instant, milliseconds, seconds } from "../src/common/time.ts";
import { DurableScheduler } from "../src/scheduler/durable/durable-scheduler.ts";
import { newInstance, plainRun, resolveRun } from "../src/scheduler/durable/new-instance.ts";
import { pgWorkflowStore } from "../src/scheduler/durable/pg-store.ts";
import { pgWakeSource } from "../src/scheduler/durable/pg-wake-source.ts";
import {
  defaultSchedulerOptions,
  type SchedulerOptions,
} from "../src/scheduler/durable/scheduler-options.ts";
import { tick } from "../src/scheduler/durable/tick.ts";
import { scheduleOf } from "../src/scheduler/schedule.ts";
import type { ScheduleSpec, WorkflowDefinition } from "../src/scheduler/scheduler.ts";
import type { ClaimedTask, TaskRunner } from "../src/scheduler/task-runner.ts";
import { benchDatabase } from "./embedded-database.ts";
import { type Figure, percentile, showMilliseconds } from "./figure.ts";

/** graphile-worker writes a line for each job otherwise. */
const logger = new Logger(() => () => undefined);
const tasks = 6000;
const dueTables = 10_000;

export async function run(): Promise<readonly Figure[]> {
  const bench = await benchDatabase();
  const database = openDatabase({
    url: bench.url,
    max: 10,
    applicationName: "bench",
    onError: (error) => console.error(error),
  });
  try {
    await migrate(database, loadMigrations(migrationsFolder));
    await database.execute(sql`UPDATE sluice_private.queues SET concurrency = 1000`);
    const graphile = await measureGraphile(bench.url);
    const lateness = await measureSlots(database);
    const batched = await measureThroughput(database, 50);
    const singly = await measureThroughput(database, 1);
    const tickTime = await measureTick(database);
    return [
      slots(lateness, graphile.latency),
      throughput("no-op task instances, claims in batches of 50", batched, graphile.batched, 2000),
      throughput("no-op task instances, claimed one by one", singly, graphile.singly, 1000),
      {
        figure: `tick of ${dueTables} tables due at once`,
        measured: showMilliseconds(tickTime),
        beside: null,
        wanted: "<= 1 s",
        met: tickTime <= 1000,
      },
    ];
  } finally {
    await database.close();
    await bench.close();
  }
}

function slots(lateness: readonly number[], beside: readonly number[]): Figure {
  const show = (samples: readonly number[]) =>
    [0.5, 0.99].map((share) => showMilliseconds(percentile(samples, share))).join(" / ");
  return {
    figure: "slot due to started, p50 / p99, 50 tables at 1 SECOND",
    measured: show(lateness),
    beside: `${show(beside)} graphile-worker, job added to started`,
    wanted: "<= 20 ms / <= 100 ms",
    met: percentile(lateness, 0.5) <= 20 && percentile(lateness, 0.99) <= 100,
  };
}

function throughput(figure: string, rate: number, beside: number, wanted: number): Figure {
  return {
    figure,
    measured: `${Math.round(rate)} /s`,
    beside: `${Math.round(beside)} /s graphile-worker`,
    wanted: `>= ${wanted} /s`,
    met: rate >= wanted,
  };
}

/** Ends at once; tells when it has run `expected` tasks. */
class NoOpRunner implements TaskRunner {
  readonly latenesses: number[] = [];
  readonly finished: Promise<void>;
  #left: number;
  #finish: () => void = () => undefined;

  constructor(expected: number) {
    this.#left = expected;
    this.finished = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  run(task: ClaimedTask): Promise<{ readonly kind: "succeeded" }> {
    this.latenesses.push(systemClock.now() - task.scheduledAt);
    this.#left -= 1;
    if (this.#left === 0) this.#finish();
    return Promise.resolve({ kind: "succeeded" });
  }
}

function scheduler(
  database: Database,
  runner: TaskRunner,
  settings: Partial<SchedulerOptions> = {},
): DurableScheduler {
  const onError = (error: unknown) => console.error(error);
  return new DurableScheduler(
    {
      store: pgWorkflowStore(database),
      clock: systemClock,
      random: systemRandom,
      runner,
      claimOf: () => null,
      reap: () => Promise.resolve(),
      isDeadProcess: () => false,
      wakeSource: pgWakeSource(database, systemClock, onError),
      onError,
    },
    { ...defaultSchedulerOptions, host: "bench", pid: 1, version: "bench", ...settings },
  );
}

function definition(name: string, schedule: ScheduleSpec): WorkflowDefinition {
  const retry = { retries: 0, delay: milliseconds(0), backoff: 1 };
  const own = { comment: null, variables: {}, options: {}, condition: null };
  const work = { name: "t", upstream: [], action: {}, queue: "tables", retry, timeout: null };
  return {
    kind: "table",
    database: "public",
    name,
    comment: null,
    schedule,
    timeZone: "UTC",
    startAt: null,
    endAt: null,
    overlap: "queue",
    catchup: "last",
    variables: {},
    options: {},
    tasks: [{ ...own, ...work }],
  };
}

const everySecond = { kind: "every", amount: 1, unit: "SECOND", anchor: null } as const;

async function measureSlots(database: Database): Promise<readonly number[]> {
  const runner = new NoOpRunner(500);
  const one = scheduler(database, runner);
  await one.start();
  const ids = await database.transaction(async (tx) => {
    const made: WorkflowId[] = [];
    for (let n = 0; n < 50; n++) {
      const id = await one.createWorkflow(tx, definition(`every ${n}`, everySecond));
      await one.enable(tx, id);
      made.push(id);
    }
    return made;
  });
  await runner.finished;
  await database.transaction(async (tx) => {
    for (const id of ids) await one.dropWorkflow(tx, id);
  });
  await one.stop(seconds(1));
  return runner.latenesses;
}

/** Task instances a second from the first claim to the last row in history. */
async function measureThroughput(database: Database, claimBatch: number): Promise<number> {
  const store = pgWorkflowStore(database);
  const runner = new NoOpRunner(tasks);
  const one = scheduler(database, runner, { claimBatch, maxRunning: 200 });
  const manual = definition(`manual ${claimBatch}`, { kind: "manual" });
  await database.transaction(async (tx) => {
    const workflowId = await one.createWorkflow(tx, manual);
    const at = systemClock.now();
    const interval = { start: at, end: at };
    const rows = Array.from({ length: tasks }, () => {
      const spec = { workflowId, version: 1, definition: manual, trigger: "MANUAL" as const };
      const run = plainRun({ ...spec, interval, request: {} });
      return newInstance(
        resolveRun(run, () => null, systemRandom),
        systemRandom,
      );
    });
    await store.insertInstances(tx, rows);
  });
  await database.execute(sql`ANALYZE sluice_private.task_instances, sluice_private.instances`);
  const begun = systemClock.monotonic();
  await one.start();
  await runner.finished;
  for (let open = 1; open > 0; ) {
    const [row] = await database.query<{ open: number }>(
      sql`SELECT count(*) AS open FROM sluice_private.instances`,
    );
    open = row?.open ?? 0;
  }
  const elapsed = systemClock.monotonic() - begun;
  await one.stop(seconds(1));
  return (tasks * 1000) / elapsed;
}

async function measureTick(database: Database): Promise<number> {
  const store = pgWorkflowStore(database);
  const every = definition("x", { kind: "every", amount: 1, unit: "DAY", anchor: null });
  await database.execute(sql`
    WITH w AS (
      INSERT INTO sluice_private.workflows (workflow_id, kind, database, name, enabled, version,
        next_due_at, previous_fire_at, created_at)
      SELECT 'due ' || n, 'table', 'public', 'due ' || n, true, 1,
        date_trunc('day', now()), date_trunc('day', now()) - interval '1 day', now()
      FROM generate_series(1, ${dueTables}::integer) n RETURNING workflow_id
    )
    INSERT INTO sluice_private.workflow_versions
    SELECT workflow_id, 1, ${JSON.stringify(every)}::jsonb, now() FROM w`);
  await database.execute(sql`ANALYZE sluice_private.workflows, sluice_private.workflow_versions`);
  const schedule = scheduleOf(every.schedule, "UTC");
  const claimOf = () => ({ resource: asId<WorkflowId>("r"), scopes: null });
  const tools = { scheduleOf: () => schedule, claimOf, random: systemRandom };
  const begun = systemClock.monotonic();
  for (;;) {
    const batch = await store.loadDue(defaultSchedulerOptions.tickBatch);
    if (batch.due.length === 0) break;
    await store.commitTick(tick({ ...batch, aliveSince: instant(0) }, tools));
  }
  return systemClock.monotonic() - begun;
}

interface GraphileFigures {
  readonly latency: readonly number[];
  readonly batched: number;
  readonly singly: number;
}

async function measureGraphile(url: string): Promise<GraphileFigures> {
  const pool = new pg.Pool({ connectionString: url, max: 12 });
  const utils = await makeWorkerUtils({ pgPool: pool, logger });
  await utils.migrate();
  const latency: number[] = [];
  let left = 0;
  let finish = () => undefined as void;
  const taskList = {
    noop: (payload: unknown) => {
      latency.push(systemClock.monotonic() - (payload as { at: number }).at);
      left -= 1;
      if (left === 0) finish();
    },
  };
  const rate = async (preset: object) => {
    left = tasks;
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    await pool.query(
      `SELECT count(graphile_worker.add_job('noop', '{"at":0}'::json)) FROM generate_series(1, $1::integer)`,
      [tasks],
    );
    const begun = systemClock.monotonic();
    const runner = await runGraphile({ pgPool: pool, taskList, logger, ...preset });
    await finished;
    const elapsed = systemClock.monotonic() - begun;
    await runner.stop();
    return (tasks * 1000) / elapsed;
  };
  const singly = await rate({ concurrency: 10 });
  const batched = await rate({ concurrency: 10, preset: { worker: { localQueue: { size: 50 } } } });
  latency.length = 0;
  left = 200;
  const runner = await runGraphile({ pgPool: pool, taskList, logger, concurrency: 10 });
  for (let n = 0; n < 200; n++) {
    await utils.addJob("noop", { at: systemClock.monotonic() });
    await systemClock.sleep(milliseconds(5));
  }
  await systemClock.sleep(milliseconds(200));
  await runner.stop();
  await utils.release();
  await pool.end();
  return { latency, batched, singly };
}
