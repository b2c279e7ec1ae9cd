// What stands above a database: catalog, engine, refresher, scheduler, tables, statements, gateway,
// each built once and handed to those that need it. Loaded while the database starts, because it
// brings the large libraries.

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
import { watchForAbort } from "./engine/postgres/cancel.ts";
import { postgresEngine } from "./engine/postgres/postgres-engine.ts";
import { postgresStorage } from "./engine/postgres/storage.ts";
import { createGateway, type Gateway } from "./gateway/gateway.ts";
import { openPassage, type Passage } from "./gateway/passthrough/passage.ts";
import type { Readiness } from "./gateway/rest/api-app.ts";
import type { EmbeddedScheduler } from "./gateway/rest/ports.ts";
import { makeComplete } from "./gateway/statements/complete.ts";
import { makeEmbeddedScheduler } from "./gateway/statements/embedded-scheduler.ts";
import { makeExecuteStatement } from "./gateway/statements/execute-statement.ts";
import type { StatementServices } from "./gateway/statements/executor.ts";
import { mayConfigureSession } from "./gateway/statements/may-configure-session.ts";
import { makeRefreshTable } from "./gateway/statements/refresh-table.ts";
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

export interface Assembly {
  /** Joins the gateways of the database, starts its work, and takes requests. */
  start(): Promise<{ readonly host: string; readonly port: number }>;
  /** Drains for up to `limit`, then gives back what still runs. */
  close(limit: Duration): Promise<void>;
}

/** Builds everything; nothing runs before `start`. */
export async function assemble(foundation: Foundation): Promise<Assembly> {
  const { config, database, log } = foundation;
  const passage = await openUserPassage(foundation);
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
  const { scheduler, tables, tableServices, onWake } = makeRefreshing(foundation, {
    catalog,
    store,
    identity,
    metrics,
  });
  const runs = new DurableBackfills(store, foundation.random);
  const commands = makeCommandTaker(foundation, tableServices, runs);
  onWake(() => commands.wake());
  const runPassthrough = passage.run;
  const services: StatementServices = {
    database,
    catalog,
    tables,
    scheduler,
    ...makeWorkflows({ database, catalog, scheduler, config }),
    backfills: createBackfills({ ...tableServices, runs }),
    clock: foundation.clock,
    runPassthrough,
  };
  const watch = new SchemaWatch({
    ...foundation,
    onUnreadable: () => scheduler.stop(config["shutdown.timeout"]),
  });
  const flinkScheduler = makeEmbeddedScheduler({
    ...services,
    async findWorkflow(tx, schema, name) {
      const id = await store.findWorkflow(tx, schema, name);
      const found = id === null ? null : await store.lockWorkflow(tx, id);
      return found === null ? null : { id: found.workflowId, definition: found.definition };
    },
  });
  const gateway = makeGateway(foundation, passage, services, {
    flinkScheduler,
    operations,
    readiness: () => watch.readiness(),
    registry,
  });
  return {
    async start() {
      await scheduler.start();
      await agreeSettings(database, config, identity);
      await applyQueueOptions(database, config);
      watch.start();
      operations.start();
      commands.start();
      return gateway.listen();
    },
    async close(limit) {
      watch.stop();
      log.debug({}, "draining");
      await operations.stop();
      await commands.stop();
      await Promise.all([
        gateway.close(limit),
        scheduler.stop(milliseconds(Math.max(0, limit - 3000))),
      ]);
      await passage.close();
    },
  };
}

function openUserPassage({ config, database, databaseUrl, clock, random, log }: Foundation) {
  return openPassage({
    url: databaseUrl,
    database,
    maxConnections: config["passthrough.max-connections"],
    maxPinned: config["sessions.max-pinned"],
    dataDirectory: config["data-dir"],
    resultMemoryBytes: config["result.memory"],
    resultMaxBytes: config["result.max-bytes"],
    totalMaxBytes: config["result.total-max-bytes"],
    clock,
    random,
    onError: (error) => log.warn({ error: error.message }, "lost an idle connection of users"),
  });
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
  onWake(listener: () => void): void;
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
  runners.set("refresh", new RunConditionally(sqlServices, runRefresh));
  runners.set("execute-sql", new RunConditionally(sqlServices, new RunSql(sqlServices)));
  runners.set("refresh-by-name", new RunNamedRefresh({ tables, scheduler }));
  return { scheduler, tables, tableServices, onWake: (listener) => void listeners.push(listener) };
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

function makeGateway(
  { config, database, clock, random, log, version }: Foundation,
  passage: Passage,
  services: StatementServices,
  more: {
    readonly flinkScheduler: EmbeddedScheduler;
    readonly operations: Operations;
    readonly readiness: () => Promise<Readiness>;
    readonly registry: Registry;
  },
): Gateway {
  const idle = config["sessions.idle-timeout"];
  return createGateway({
    database,
    passage,
    executeStatement: makeExecuteStatement(services),
    complete: makeComplete(database),
    mayConfigureSession,
    refreshTable: makeRefreshTable(services),
    scheduler: more.flinkScheduler,
    api: {
      ...services,
      catalogName: services.catalog.catalogName,
      events: more.operations.events,
      monitor: more.operations.monitoring,
    },
    defaults: {
      catalog: services.catalog.catalogName,
      database: "public",
      properties: new Map(),
    },
    sessions: { idleTimeout: idle > 0 ? idle : null, maxNum: config["sessions.max-num"] },
    http: {
      host: config.host,
      port: config.port,
      allowedHosts: config["allowed-hosts"],
      allowedOrigins: config["allowed-origins"],
      apiVersions: config["api-versions"],
      maxBodyBytes: config["request.max-bytes"],
    },
    version,
    readiness: more.readiness,
    registry: more.registry,
    clock,
    random,
    log,
  });
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
