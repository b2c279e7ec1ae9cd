// What works in a database, without anybody's sessions: catalog, engine, refresher, scheduler, the
// services of tables, workflows and backfills, and what goes on beside them; each built once. Under
// a gateway (assemble.ts) and under a program that embeds Sluice (program/open-sluice.ts) alike.

import { hostname } from "node:os";
import { readFileSync, readlinkSync } from "node:fs";
import { collectDefaultMetrics, Registry } from "prom-client";
import { createBackfills } from "./backfill/backfills.ts";
import { PgCatalog } from "./catalog/pg-catalog.ts";
import { CommandTaker } from "./commands/command-taker.ts";
import { present } from "./common/assert.ts";
import type { Clock } from "./common/clock.ts";
import type { Log } from "./common/log.ts";
import type { Migration } from "./common/migrate.ts";
import type { Database, WorkDatabase } from "./common/pg.ts";
import { sql } from "./common/sql.ts";
import { type Duration, milliseconds, seconds } from "./common/time.ts";
import type { Config } from "./config.ts";
import { isAlive } from "./engine/embedded/process-table.ts";
import type { Engine } from "./engine/engine.ts";
import { watchForAbort } from "./engine/postgres/cancel.ts";
import { postgresEngine } from "./engine/postgres/postgres-engine.ts";
import { postgresStorage } from "./engine/postgres/storage.ts";
import type { Readiness } from "./gateway/rest/api-app.ts";
import type { StatementServices } from "./gateway/statements/executor.ts";
import { makeOperations, type Operations } from "./operations.ts";
import { agreeSettings } from "./ops/agree-settings.ts";
import { type RefreshEnd, registerRunMetrics, type RunMetrics } from "./ops/run-metrics.ts";
import { SchemaWatch } from "./ops/schema-watch.ts";
import {
  createMaterializedTables,
  type MaterializedTables,
} from "./refresh/materialized-tables.ts";
import { Refresher, type RunEnd } from "./refresh/refresher.ts";
import type { TableServices, TableSettings } from "./refresh/table-services.ts";
import type { BackfillRuns } from "./scheduler/backfill-runs.ts";
import { DurableBackfills } from "./scheduler/durable/durable-backfills.ts";
import { DurableScheduler } from "./scheduler/durable/durable-scheduler.ts";
import { pgWorkflowStore } from "./scheduler/durable/pg-store.ts";
import { pgWakeSource } from "./scheduler/durable/pg-wake-source.ts";
import { defaultSchedulerOptions } from "./scheduler/durable/scheduler-options.ts";
import type { WorkflowStore } from "./scheduler/durable/store.ts";
import type { ClaimedTask, TaskContext, TaskRunner } from "./scheduler/task-runner.ts";
import type { Surroundings } from "./sluice.ts";
import { claimOf } from "./tasks/claim-of.ts";
import { RunConditionally } from "./tasks/condition.ts";
import { RunNamedRefresh } from "./tasks/run-named-refresh.ts";
import { RunRefresh } from "./tasks/run-refresh.ts";
import { RunSql } from "./tasks/run-sql.ts";
import type { TaskSqlServices } from "./tasks/task-session.ts";
import { followingTables } from "./workflows/follow-tables.ts";
import { createInstances, createQueues } from "./workflows/instances.ts";
import type { WorkflowServices } from "./workflows/workflow-services.ts";
import { createWorkflows } from "./workflows/workflows.ts";

export interface Foundation extends Surroundings {
  readonly config: Config;
  /** For short statements; closed, as `work`, by whoever opened it, after `close`. */
  readonly database: Database;
  /**
   * For refreshes, which hold their connection long: they must not keep leases from being renewed.
   */
  readonly work: WorkDatabase;
  readonly databaseUrl: string;
  /** What this build knows of the metadata schema. */
  readonly migrations: readonly Migration[];
  /** Version of this build. */
  readonly version: string;
}

export interface Works {
  /** All that a statement needs but the passage to PostgreSQL. */
  readonly services: Omit<StatementServices, "runPassthrough">;
  /** What the service of tables is made of, for those who write in a transaction of their own. */
  readonly tableServices: TableServices;
  readonly store: WorkflowStore;
  readonly operations: Operations;
  readonly registry: Registry;
  /** Whether this build can read the schema that the database has now. */
  readonly readiness: () => Promise<Readiness>;
  /** Joins the gateways of the database and starts its work. */
  start(): Promise<void>;
  /** What goes on beside the work ends; running work may end for up to `limit`. */
  stop(limit: Duration): Promise<void>;
}

/** Builds everything; nothing runs before `start`. */
export async function makeWorks(foundation: Foundation): Promise<Works> {
  const { config, database } = foundation;
  const [row] = await database.query<{ name: string }>(
    sql`SELECT current_database()::text AS name`,
  );
  const catalog = new PgCatalog(row?.name ?? "");
  const identity = { host: hostIdentity(), pid: process.pid };
  const store = pgWorkflowStore(database);
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const metrics = registerRunMetrics(registry);
  const operations = makeOperations(foundation, registry);
  const refreshing = makeRefreshing(foundation, { catalog, store, identity, metrics });
  const { scheduler, tables, tableServices, onWake } = refreshing;
  const runs = new DurableBackfills(store, foundation.random);
  const commands = makeCommandTaker(foundation, tableServices, runs);
  onWake(() => commands.wake());
  const watch = new SchemaWatch({
    ...foundation,
    onUnreadable: () => scheduler.stop(config["shutdown.timeout"]),
  });
  return {
    services: {
      database,
      catalog,
      tables,
      scheduler,
      ...makeWorkflows({ database, catalog, scheduler, config }),
      backfills: createBackfills({ ...tableServices, runs }),
      clock: foundation.clock,
    },
    tableServices,
    store,
    operations,
    registry,
    readiness: () => watch.readiness(),
    async start() {
      await scheduler.start();
      await agreeSettings(database, config, identity);
      await applyQueueOptions(database, config);
      watch.start();
      operations.start();
      commands.start();
    },
    async stop(limit) {
      watch.stop();
      await operations.stop();
      await commands.stop();
      await scheduler.stop(milliseconds(Math.max(0, limit - 3000)));
    },
  };
}

/** Scheduler and tables need each other: a task refreshes tables, a table submits tasks. */
function makeRefreshing(
  foundation: Foundation,
  parts: {
    readonly catalog: PgCatalog;
    readonly store: WorkflowStore;
    readonly identity: { readonly host: string; readonly pid: number };
    readonly metrics: RunMetrics;
  },
): {
  readonly scheduler: DurableScheduler;
  readonly tables: MaterializedTables;
  readonly tableServices: TableServices;
  /** Calls `listener` too when the database tells of something to do. */
  readonly onWake: (listener: () => void) => void;
} {
  const { config, database, work, clock, random, log, version } = foundation;
  const { catalog, store, identity, metrics } = parts;
  const onError = (error: unknown, where: string) => log.warn({ err: error, where }, "will retry");
  const engine = postgresEngine({ database: work, clock, random });
  const runners = new Map<unknown, TaskRunner>();
  const wakeSource = pgWakeSource(database, clock, onError);
  const listeners: (() => void)[] = [];
  const scheduler = new DurableScheduler(
    {
      store,
      clock,
      random,
      runner: measured(runners, metrics, clock),
      claimOf,
      async reap(pid, startedAt) {
        await engine.reap(pid, startedAt);
        metrics.backendReaped();
      },
      isDeadProcess: (pid) => !isAlive(pid),
      wakeSource: {
        start: (wake) =>
          wakeSource.start(() => {
            wake();
            for (const listener of listeners) listener();
          }),
        stop: () => wakeSource.stop(),
      },
      onError,
    },
    {
      ...defaultSchedulerOptions,
      ...identity,
      version,
      lease: config["scheduler.lease"],
      maxRunning: config["refresh.max-connections"],
    },
  );
  const tableServices: TableServices = {
    ...foundation,
    catalog,
    storage: postgresStorage,
    engine,
    scheduler: followingTables(scheduler),
    settings: tableSettings(config),
  };
  const tables = createMaterializedTables(tableServices);
  const ports = { catalog, engine, scheduler, tables, metrics };
  for (const [type, runner] of runnersOf(foundation, ports)) runners.set(type, runner);
  return { scheduler, tables, tableServices, onWake: (listener) => void listeners.push(listener) };
}

/** What runs tasks, by the type of their action. */
function runnersOf(
  { database, work, clock, random, log }: Foundation,
  ports: {
    readonly catalog: PgCatalog;
    readonly engine: Engine;
    readonly scheduler: DurableScheduler;
    readonly tables: MaterializedTables;
    readonly metrics: RunMetrics;
  },
): ReadonlyMap<string, TaskRunner> {
  const { catalog, engine, scheduler, tables, metrics } = ports;
  const unrecorded = (error: unknown) => log.error({ err: error }, "a refresh left no record");
  const onEnd = (end: RunEnd) => {
    logRun(log, end);
    metrics.refreshEnded(measuresOf(end));
  };
  const services = { database, catalog, engine, scheduler, random, onError: unrecorded, onEnd };
  const sqlServices: TaskSqlServices = {
    work,
    watchForAbort: (pid, signal) => watchForAbort({ database: work, clock }, pid, signal),
  };
  const runRefresh = new RunRefresh(new Refresher(services), { database, catalog });
  return new Map<string, TaskRunner>([
    ["refresh", new RunConditionally(sqlServices, runRefresh)],
    ["execute-sql", new RunConditionally(sqlServices, new RunSql(sqlServices))],
    ["refresh-by-name", new RunNamedRefresh({ tables, scheduler })],
  ]);
}

function makeWorkflows(
  services: Omit<WorkflowServices, "freshnessThreshold"> & { readonly config: Config },
): Pick<StatementServices, "workflows" | "instances" | "queues"> {
  const { freshnessThreshold } = tableSettings(services.config);
  return {
    workflows: createWorkflows({ ...services, freshnessThreshold }),
    instances: createInstances(services),
    queues: createQueues(services),
  };
}

/** Commands of other clients are carried out by the services of statements, in one transaction. */
function makeCommandTaker(
  foundation: Foundation,
  services: TableServices,
  runs: BackfillRuns,
): CommandTaker {
  const { database, clock, log } = foundation;
  return new CommandTaker({
    database,
    clock,
    scheduler: services.scheduler,
    servicesOn: (within, scheduler) => ({
      catalogName: services.catalog.catalogName,
      tables: createMaterializedTables({ ...services, database: within, scheduler }),
      workflows: createWorkflows({
        ...services,
        ...services.settings,
        database: within,
        scheduler,
      }),
      backfills: createBackfills({ ...services, database: within, scheduler, runs }),
    }),
    onError: (error, where) => log.warn({ err: error, where }, "will retry"),
  });
}

/** A line for each run, with the ids of its rows: failures are for whoever watches the log. */
function logRun(log: Log, { runId, tableId, task, outcome }: RunEnd): void {
  const { instanceId: instance, trigger, attempt } = task;
  const ids = { run: runId, table: tableId, instance, trigger, attempt };
  if (outcome.kind === "failed") {
    log.info({ ...ids, code: outcome.code, error: outcome.message }, "refresh failed");
  } else log.debug({ ...ids, outcome: outcome.kind }, "refresh ended");
}

function measuresOf({ outcome, measures }: RunEnd): RefreshEnd {
  const { tactic = null, inserted = 0, updated = 0, deleted = 0 } = measures ?? {};
  return { outcome: outcome.kind, tactic, inserted, updated, deleted };
}

/** The runner of each task's action, with the metrics of tasks around it. */
function measured(
  runners: ReadonlyMap<unknown, TaskRunner>,
  metrics: RunMetrics,
  clock: Clock,
): TaskRunner {
  return {
    async run(task: ClaimedTask, context: TaskContext) {
      const begun = clock.monotonic();
      metrics.taskStarted(task.trigger, (task.claimedAt - task.dueAt) / 1000);
      let ended = "failed";
      try {
        const outcome = await runnerOf(runners, task).run(task, context);
        ended = context.signal.reason === "FENCED" ? "fenced" : outcome.kind;
        return outcome;
      } finally {
        const elapsed = (clock.monotonic() - begun) / 1000;
        metrics.taskEnded(String(task.action["type"]), ended, elapsed);
      }
    },
  };
}

function runnerOf(runners: ReadonlyMap<unknown, TaskRunner>, task: ClaimedTask): TaskRunner {
  return present(runners.get(task.action["type"]), `no runner for ${String(task.action["type"])}`);
}

/** ALTER and DROP wait this long for a refresh that holds the table. */
const tableLockTimeout = seconds(10);

function tableSettings(config: Config): TableSettings {
  return {
    freshnessThreshold: config["materialized-table.refresh-mode.freshness-threshold"],
    defaultFreshnessFull: config["materialized-table.default-freshness.full"],
    // The list of choices in config.ts holds nothing else.
    defaultStartMode: config[
      "materialized-table.default-start-mode"
    ] as TableSettings["defaultStartMode"],
    strict: config["flink-strict"],
    lockTimeout: tableLockTimeout,
  };
}

/** Options that are given change the stored concurrency of the queues; others leave it alone. */
async function applyQueueOptions(database: Database, config: Config): Promise<void> {
  for (const queue of ["default-queue", "tables"] as const) {
    const concurrency = config[`queues.${queue}.concurrency`];
    if (concurrency === null) continue;
    await database.execute(sql`
      UPDATE sluice_private.queues SET concurrency = ${concurrency} WHERE queue = ${queue}`);
  }
}

/**
 * Names this host so that process numbers mean the same wherever the name is the same: a container
 * has process numbers of its own.
 */
function hostIdentity(): string {
  if (process.platform !== "linux") return hostname();
  const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").slice(0, 8);
  const processes = /\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0] ?? "";
  return `${hostname()}/${boot}/${processes}`;
}
