// A small product without gateway: real database, real engine, real scheduler, and the service of
// materialized tables on top. Statements are requests; a test awaits the end of the runs that they
// queue.

import { PgCatalog } from "../../src/catalog/pg-catalog.ts";
import type { ObjectIdentifier } from "../../src/catalog/object-identifier.ts";
import { systemClock, systemRandom } from "../../src/common/clock.ts";
import type { InstanceId } from "../../src/common/ids.ts";
import { type Duration, milliseconds, seconds } from "../../src/common/time.ts";
import { postgresEngine } from "../../src/engine/postgres/postgres-engine.ts";
import { postgresStorage } from "../../src/engine/postgres/storage.ts";
import type { Engine } from "../../src/engine/engine.ts";
import {
  createMaterializedTables,
  type MaterializedTables,
} from "../../src/refresh/materialized-tables.ts";
import { Refresher } from "../../src/refresh/refresher.ts";
import type { CreateTable, IntervalLiteral } from "../../src/refresh/table-requests.ts";
import { DurableScheduler } from "../../src/scheduler/durable/durable-scheduler.ts";
import { pgWakeSource } from "../../src/scheduler/durable/pg-wake-source.ts";
import { pgWorkflowStore } from "../../src/scheduler/durable/pg-store.ts";
import { defaultSchedulerOptions } from "../../src/scheduler/durable/scheduler-options.ts";
import type { InstanceState } from "../../src/scheduler/scheduler.ts";
import type { TaskRunner } from "../../src/scheduler/task-runner.ts";
import { claimOf } from "../../src/tasks/claim-of.ts";
import { RunRefresh } from "../../src/tasks/run-refresh.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";

export interface World {
  readonly db: TestDatabase;
  readonly catalog: PgCatalog;
  readonly tables: MaterializedTables;
  readonly scheduler: DurableScheduler;
  /** Failures that have no row; a test that expects none checks that it is empty. */
  readonly errors: unknown[];
  id(name: string, database?: string): ObjectIdentifier;
  /** A CREATE of the table with this query; defaults: FULL, one day, UTC. */
  request(name: string, query: string, parts?: Partial<CreateTable>): CreateTable;
  /** Creates, and waits until the first load (if there is one) has ended SUCCESSFUL. */
  create(name: string, query: string, parts?: Partial<CreateTable>): Promise<void>;
  /** REFRESH, and its end. */
  refresh(
    name: string,
    partition?: Record<string, string | null> | null,
    options?: Record<string, string>,
  ): Promise<InstanceState>;
  end(id: InstanceId | null): Promise<InstanceState>;
  /** Rows of the table as texts, sorted. */
  rows(name: string): Promise<string[]>;
  /** The ledger: `partition state rows`. */
  ledger(name: string): Promise<string[]>;
  /** Runs of the table, oldest first: `trigger status partitions reason-or-code`. */
  runs(name: string): Promise<string[]>;
  close(): Promise<void>;
}

export interface WorldOptions {
  /** Wraps the engine, to look at what it is given or to hold it up. */
  readonly engine?: (engine: Engine) => Engine;
  /** Wraps the runner of refreshes, so that other tasks run too. */
  readonly runner?: (refresh: TaskRunner, db: TestDatabase) => TaskRunner;
  readonly strict?: boolean;
  /**
   * Where the database's clock stands when the gateway starts; it runs with the machine's if
   * absent.
   */
  readonly clock?: string;
}

/** Starts one on a database of its own. */
export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const db = await testDatabase({ max: 12 });
  const { database } = db;
  const errors: unknown[] = [];
  const catalog = new PgCatalog(db.name);
  const plain = postgresEngine({ database, clock: systemClock, random: systemRandom });
  const engine = options.engine?.(plain) ?? plain;
  // A virtual clock that jumps by days must not outrun the lease.
  const lease = options.clock === undefined ? seconds(10) : seconds(60 * 86_400);
  const wrap = options.runner ?? ((refresh) => refresh);
  const scheduler = startScheduler(db, catalog, engine, { errors, lease, wrap });
  if (options.clock !== undefined) await db.setClock(options.clock);
  await scheduler.start();
  const tables = createMaterializedTables({
    database,
    catalog,
    storage: postgresStorage,
    engine,
    scheduler,
    random: systemRandom,
    clock: systemClock,
    settings: {
      freshnessThreshold: milliseconds(30 * 60_000),
      defaultFreshnessFull: milliseconds(3_600_000),
      defaultStartMode: "FROM_BEGINNING",
      strict: options.strict ?? false,
      lockTimeout: seconds(3),
    },
  });
  const parts = { db, catalog, tables, scheduler, errors };
  return {
    ...parts,
    ...statementsOn(parts),
    ...viewsOf(db),
    async close() {
      await scheduler.stop(seconds(5));
      await db.close();
    },
  };
}

type Statements = Pick<World, "id" | "request" | "create" | "refresh" | "end">;

function statementsOn({
  db,
  tables,
  scheduler,
}: Pick<World, "db" | "tables" | "scheduler">): Statements {
  const id = (name: string, database = "public") => ({ catalog: db.name, database, name });
  const end = async (instance: InstanceId | null): Promise<InstanceState> => {
    if (instance === null) throw new Error("nothing was queued");
    return scheduler.awaitEnd(instance, AbortSignal.timeout(20_000));
  };
  const request: Statements["request"] = (name, query, parts) => ({
    identifier: id(name),
    context: { searchPath: ["public"], timeZone: "UTC" },
    ifNotExists: false,
    columns: { kind: "query" },
    primaryKey: null,
    comment: null,
    partitionKeys: [],
    options: {},
    startMode: null,
    freshness: interval("1", "DAY"),
    mode: "FULL",
    query,
    ...parts,
  });
  return {
    id,
    request,
    end,
    async create(name, query, parts) {
      const created = await tables.create(request(name, query, parts));
      if (created.instanceId === null) return;
      const ended = await end(created.instanceId);
      if (ended.status !== "SUCCESSFUL") throw new Error(JSON.stringify(ended));
    },
    async refresh(name, partition = null, options = {}) {
      const asked = { identifier: id(name), partition, cascade: false, options };
      const { instanceId } = await tables.refresh(asked);
      return end(instanceId);
    },
  };
}

function viewsOf(db: TestDatabase): Pick<World, "rows" | "ledger" | "runs"> {
  return {
    rows: (name) =>
      texts(db, `SELECT t::text AS line FROM "${name}" t ORDER BY t::text COLLATE "C"`),
    ledger: (name) =>
      texts(
        db,
        `SELECT concat_ws(' ', partition, state, row_count) AS line FROM sluice.partitions
         WHERE name = '${name}' ORDER BY partition COLLATE "C"`,
      ),
    runs: (name) =>
      texts(
        db,
        `SELECT concat_ws(' ', trigger, status, array_to_string(partitions, ','),
                          coalesce(error_code, reason)) AS line
         FROM sluice.refresh_runs WHERE name = '${name}'
         -- The clock may stand still; a repair comes after the run that it mends.
         ORDER BY finished_at, trigger = 'REPAIR'`,
      ),
  };
}

/** An interval literal. */
export function interval(text: string, unit: string): IntervalLiteral {
  return { negative: false, text, unit, toUnit: null };
}

function startScheduler(
  db: TestDatabase,
  catalog: PgCatalog,
  engine: Engine,
  {
    errors,
    lease,
    wrap,
  }: {
    readonly errors: unknown[];
    readonly lease: Duration;
    readonly wrap: NonNullable<WorldOptions["runner"]>;
  },
): DurableScheduler {
  const onError = (error: unknown) => errors.push(error);
  const scheduler: DurableScheduler = new DurableScheduler(
    {
      store: pgWorkflowStore(db.database),
      clock: systemClock,
      random: systemRandom,
      runner: { run: (task, context) => runner.run(task, context) },
      claimOf,
      reap: (pid, startedAt) => engine.reap(pid, startedAt),
      isDeadProcess: () => false,
      wakeSource: pgWakeSource(db.database, systemClock, onError),
      onError,
    },
    { ...defaultSchedulerOptions, lease, host: "test", pid: process.pid, version: "test" },
  );
  const { database } = db;
  const told = { onError, onEnd: () => undefined };
  const runRefresh = new RunRefresh(
    new Refresher({ database, catalog, engine, scheduler, random: systemRandom, ...told }),
    { database, catalog },
  );
  const runner = wrap(runRefresh, db);
  return scheduler;
}

async function texts(db: TestDatabase, statement: string): Promise<string[]> {
  const rows = await db.query<{ line: string }>(statement);
  return rows.map((row) => row.line);
}
