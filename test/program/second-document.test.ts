// The examples of the document on workflow management, rewritten for our interfaces and run: a
// scheduler is made, tables are refreshed once and by schedule, workflows live and are watched.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  EmbeddedRefreshHandler,
  EmbeddedWorkflowScheduler,
  EmbeddedWorkflowSchedulerFactory,
  type MaterializedTableRefreshStatus,
  type RefreshHandler,
  type StatusReport,
  SluiceError,
  withStatus,
  type WorkflowScheduler,
  type WorkflowSchedulerFactory,
} from "../../src/program/index.ts";
import { until } from "../support/until.ts";
import { openProgramWorld, type ProgramWorld } from "./program-world.ts";

let world: ProgramWorld;

beforeAll(async () => {
  world = await openProgramWorld();
  await world.db.query(`
    CREATE TABLE sales (at timestamp NOT NULL, amount int NOT NULL);
    INSERT INTO sales VALUES ('2023-11-30 10:00', 1), ('2023-12-01 10:00', 2), ('2023-12-31 10:00', 3)`);
  await world.statement(`CREATE MATERIALIZED TABLE sales_summary PARTITIONED BY ("year", "month")
    START_MODE = FROM_NOW FRESHNESS = INTERVAL '1' DAY REFRESH_MODE = FULL
    AS SELECT to_char(at, 'YYYY') AS "year", to_char(at, 'MM') AS "month", sum(amount) AS total
    FROM sales GROUP BY 1, 2`);
  await world.statement(`CREATE MATERIALIZED TABLE daily_metrics
    START_MODE = FROM_NOW FRESHNESS = INTERVAL '1' DAY REFRESH_MODE = FULL
    AS SELECT count(*) AS n FROM sales`);
});
afterAll(() => world.close());

const refused = (code: string) => expect.objectContaining({ code });

describe("creating a workflow scheduler", () => {
  // covers: S2-01, S2-02, S2-03, S2-04, S2-09, S2-27, S2-28, S2-29
  test("S2-27: the options of the document make a scheduler that opens and closes", async () => {
    const sluice = await world.open({
      options: {
        "workflow.scheduler.type": "quartz",
        "workflow.scheduler.quartz.instanceName": "FlinkSQLGateway",
        "workflow.scheduler.quartz.threadCount": "10",
      },
    });
    expect(sluice.scheduler).toBeInstanceOf(EmbeddedWorkflowScheduler);
    const named = await world.lines(`SELECT DISTINCT application_name FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'FlinkSQLGateway'`);
    expect(named).toEqual(["FlinkSQLGateway"]);
    await sluice.scheduler.open();
    await sluice.scheduler.close();
    await sluice.scheduler.close();
    await sluice.close();
    await sluice.close();
  });

  // covers: S2-55
  test("S2-55: what cannot be opened is one kind of error, with a code", async () => {
    const nowhere = world.db.url.replace(/:\d+\//, ":1/");
    const error: unknown = await world.open({ databaseUrl: nowhere }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(SluiceError);
    expect(error).toMatchObject({
      code: expect.stringMatching(/^GW-(UNAVAILABLE|DATABASE-UNFIT)$/),
    });
    const unknown = { options: { "workflow.scheduler.quartz.threads": "1" } };
    await expect(world.open(unknown)).rejects.toEqual(refused("GW-CONFIG"));
  });

  // covers: S2-10
  test("S2-10: factories are found by their identifier; one may wrap what Sluice brings", async () => {
    const factory = new EmbeddedWorkflowSchedulerFactory();
    expect(factory.factoryIdentifier()).toBe("embedded");
    expect(EmbeddedWorkflowSchedulerFactory.IDENTIFIER).toBe("embedded");
    expect([factory.requiredOptions().size, factory.optionalOptions().size]).toEqual([0, 0]);
    const opened: string[] = [];
    const audited: WorkflowSchedulerFactory = {
      factoryIdentifier: () => "audited",
      requiredOptions: () => new Set(["audited.by"]),
      optionalOptions: () => new Set(),
      createWorkflowScheduler({ configuration, embedded }): WorkflowScheduler {
        const inner = embedded();
        return {
          open: async () => void opened.push(configuration["audited.by"] ?? ""),
          close: () => inner.close(),
          getRefreshHandlerSerializer: () => inner.getRefreshHandlerSerializer() as never,
          createRefreshWorkflow: (create) => inner.createRefreshWorkflow(create),
          modifyRefreshWorkflow: (modify) => inner.modifyRefreshWorkflow(modify as never),
          deleteRefreshWorkflow: (remove) => inner.deleteRefreshWorkflow(remove as never),
        };
      },
    };
    const schedulerFactories = [audited];
    const type = "workflow-scheduler.type";
    await world.open({ schedulerFactories, options: { [type]: "audited", "audited.by": "me" } });
    expect(opened).toEqual(["me"]);
    const missing = world.open({ schedulerFactories, options: { [type]: "audited" } });
    await expect(missing).rejects.toThrow('scheduler "audited" needs the option audited.by');
    const unknown = world.open({ schedulerFactories, options: { [type]: "audit" } });
    await expect(unknown).rejects.toThrow('there is no workflow scheduler "audit"');
  });

  // covers: S2-27
  test("S2-27: in a session these options are refused, and the gateway's is named", async () => {
    const set = world.statement("SET 'workflow.scheduler.quartz.threadCount' = '10'");
    await expect(set).rejects.toThrow(/belongs to the gateway and cannot be set in a session/);
  });
});

describe("managing the refresh of materialized tables", () => {
  // covers: S2-22, S2-23, S2-30, S2-48
  test("S2-30: a one-time refresh of static partitions, with options of Flink's jobs", async () => {
    const { materializedTables } = world.sluice;
    const tableIdentifier = `${world.db.name}.public.sales_summary`;
    const handle = await materializedTables.refreshMaterializedTable({
      tableIdentifier,
      isPeriodic: false,
      scheduleTime: null,
      dynamicOptions: { "execution.parallelism": "4" },
      staticPartitions: { year: "2023", month: "12" },
      executionConfig: { "execution.savepoint.path": "hdfs://cluster/savepoints" },
    });
    const status = await materializedTables.awaitRefresh(tableIdentifier, handle);
    expect(status).toMatchObject({
      status: "COMPLETED",
      progress: 100,
      operationId: handle.operationId,
      errorMessage: null,
      retryCount: 0,
      isHealthy: true,
    });
    expect(status.duration).toBeGreaterThanOrEqual(0);
    expect(
      await world.lines(`SELECT concat_ws(' ', "year", "month", total) FROM sales_summary`),
    ).toEqual(["2023 12 5"]);
  });

  // covers: S2-24
  test("S2-24: a periodic refresh is about one time; a cron expression is a workflow's", async () => {
    const { materializedTables } = world.sluice;
    const periodic = { tableIdentifier: "daily_metrics", isPeriodic: true } as const;
    const cron = materializedTables.refreshMaterializedTable({
      ...periodic,
      scheduleTime: "0 0 2 * * ?",
    });
    await expect(cron).rejects.toEqual(refused("MT-TIME-PARSE"));
    await expect(cron).rejects.toMatchObject({ hint: "createRefreshWorkflow makes a schedule." });
    const untimed = materializedTables.refreshMaterializedTable(periodic);
    await expect(untimed).rejects.toEqual(refused("MT-TIME-NULL"));
    const handle = await materializedTables.refreshMaterializedTable({
      ...periodic,
      scheduleTime: "2026-01-31 00:00:00",
    });
    const status = await materializedTables.awaitRefresh("daily_metrics", handle);
    expect(status.status).toBe("COMPLETED");
  });

  // covers: S2-06, S2-31, S2-32
  test("S2-31: a daily refresh at two is a workflow; options of jobs are kept as tags", async () => {
    const handler = await world.sluice.scheduler.createRefreshWorkflow({
      workflowId: "daily_at_two",
      tableIdentifier: "public.daily_metrics",
      cronExpression: "0 0 2 * * ?",
      isPeriodic: true,
      executionConfig: {
        retries: "2",
        "execution.parallelism": "8",
        "execution.max-parallelism": "128",
        "execution.checkpointing.interval": "30s",
      },
    });
    expect(handler.asSummaryString()).toBe(
      `{workflow: public.daily_at_two, table: ${world.db.name}.public.daily_metrics}`,
    );
    const shown = await world.lines(`
      SELECT concat_ws(' | ', schedule, enabled, time_zone, tags ->> 'execution.max-parallelism',
        options ->> 'retries', to_char(next_execution AT TIME ZONE 'UTC', 'HH24:MI'))
      FROM sluice.workflows WHERE workflow = 'daily_at_two'`);
    expect(shown).toEqual(["CRON '0 0 2 * * ?' | t | UTC | 128 | 2 | 02:00"]);
  });

  // covers: S2-25, S2-26, S2-46
  test("S2-26: a running refresh tells its progress, and is canceled in the server", async () => {
    await world.db.query(`CREATE TABLE slow_source (n int); INSERT INTO slow_source VALUES (1)`);
    await world.statement(`CREATE MATERIALIZED TABLE slow START_MODE = FROM_NOW
      FRESHNESS = INTERVAL '1' DAY REFRESH_MODE = FULL
      AS SELECT n, pg_sleep(30)::text AS slept FROM slow_source`);
    const { materializedTables } = world.sluice;
    expect((await materializedTables.getRefreshStatus("slow")).status).toBe("NEVER");
    const handle = await materializedTables.refreshMaterializedTable({
      tableIdentifier: "slow",
      isPeriodic: false,
    });
    const running = await until(async () => {
      const status = await materializedTables.getRefreshStatus("slow");
      return status.status === "RUNNING" && status.progress !== null ? status : null;
    });
    expect(running.progress).toBeGreaterThanOrEqual(0);
    expect(running.progress).toBeLessThan(100);
    const other = materializedTables.cancelRefresh("daily_metrics", handle);
    await expect(other).rejects.toEqual(refused("WF-JOB-UNKNOWN"));
    await materializedTables.cancelRefresh("slow", handle);
    const ended = await materializedTables.awaitRefresh("slow", handle);
    expect(ended.status).toBe("CANCELED");
    const left = await world.lines(
      "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%' AND state = 'active' AND pid <> pg_backend_pid()",
    );
    expect(left).toEqual(["0"]);
    const again = materializedTables.cancelRefresh("slow", handle);
    await expect(again).rejects.toEqual(refused("WF-JOB-ENDED"));
    await world.statement("DROP MATERIALIZED TABLE slow");
  });

  // covers: S2-25, S2-55
  test("S2-25: the status of a table that is not there is an error of ours", async () => {
    const status = world.sluice.materializedTables.getRefreshStatus("catalogue.db.nothing");
    await expect(status).rejects.toEqual(refused("GW-CATALOG-UNKNOWN"));
    const missing = world.sluice.materializedTables.getRefreshStatus("nothing");
    await expect(missing).rejects.toEqual(refused("MT-NOTFOUND"));
  });
});

describe("creating custom refresh workflows", () => {
  // covers: S2-33, S2-32
  test("S2-33: hourly", async () => {
    const tableIdentifier = "public.daily_metrics";
    const handler = await world.sluice.scheduler.createRefreshWorkflow({
      workflowId: `hourly_refresh_${tableIdentifier.replace(".", "_")}`,
      workflowName: `Hourly Refresh for ${tableIdentifier}`,
      tableIdentifier,
      cronExpression: "0 0 * * * ?",
      isPeriodic: true,
      refreshConfig: {},
      executionConfig: { "execution.parallelism": "4" },
    });
    const [minutes] = await world.lines(`
      SELECT to_char(next_execution, 'MI:SS') FROM sluice.workflows
      WHERE workflow = 'hourly_refresh_public_daily_metrics'`);
    expect(minutes).toBe("00:00");
    await world.sluice.scheduler.deleteRefreshWorkflow({ handler });
  });

  // covers: S2-34, S2-35, S2-36, S2-37
  test("S2-34: under a condition, with a strategy and a limit, every quarter of an hour", async () => {
    await world.statement("ALTER MATERIALIZED TABLE sales_summary SUSPEND");
    const { scheduler, lifecycle } = world.sluice;
    await scheduler.createRefreshWorkflow({
      workflowId: "conditional_refresh_1",
      workflowName: "Conditional Refresh",
      tableIdentifier: "sales_summary",
      cronExpression: "0 */15 * * * ?",
      isPeriodic: true,
      refreshConfig: {
        "refresh.condition": "(SELECT count(*) FROM sales) > 1000",
        "refresh.partition.strategy": "incremental",
        "refresh.max.records": "1000000",
      },
    });
    const [next] = await world.lines(`
      SELECT extract(minute FROM next_execution)::int % 15 FROM sluice.workflows
      WHERE workflow = 'conditional_refresh_1'`);
    expect(next).toBe("0");
    const ran = await world.execute("conditional_refresh_1");
    await world.ended(ran);
    expect((await world.task(ran, "refresh")).line).toBe("SKIPPED CONDITION");
    const options = await world.lines(`
      SELECT definition #>> '{options,refresh.max.records}' FROM sluice_private.materialized_tables
      WHERE name = 'sales_summary'`);
    expect(options).toEqual(["1000000"]);
    await scheduler.modifyRefreshWorkflow({
      workflowId: "conditional_refresh_1",
      action: "RESUME",
      dynamicOptions: { "refresh.condition": "SELECT true" },
    });
    const again = await world.execute("conditional_refresh_1");
    await world.ended(again);
    expect((await world.task(again, "refresh")).line).not.toContain("CONDITION");
    await lifecycle.deleteWorkflow("conditional_refresh_1");
  });

  // covers: S2-06
  test("S2-06: a workflow that is not periodic runs once, at once, and is then completed", async () => {
    const { scheduler, lifecycle } = world.sluice;
    await scheduler.createRefreshWorkflow({
      workflowId: "once",
      tableIdentifier: "sales_summary",
      isPeriodic: false,
      staticPartitions: { year: "2023", month: "11" },
    });
    const info = await until(async () => {
      const now = await lifecycle.getWorkflow("once");
      return now.status === "ACTIVE" ? null : now;
    });
    expect(info).toMatchObject({ status: "COMPLETED", nextExecutionTime: null });
    expect(await world.lines(`SELECT total FROM sales_summary WHERE "month" = '11'`)).toEqual([
      "1",
    ]);
  });

  // covers: S2-06, S2-55
  test("S2-06: what cannot be created leaves nothing behind", async () => {
    const { scheduler, lifecycle } = world.sluice;
    const wrong = { workflowId: "wrong", tableIdentifier: "daily_metrics" };
    const at = "0 0 2 * * ?";
    const option = { "refresh.max.records": "many" };
    const badOption = scheduler.createRefreshWorkflow({
      ...wrong,
      cronExpression: at,
      refreshConfig: option,
    });
    await expect(badOption).rejects.toBeInstanceOf(SluiceError);
    const badCron = scheduler.createRefreshWorkflow({
      ...wrong,
      cronExpression: "0 0 2 * *  * ? ?",
    });
    await expect(badCron).rejects.toEqual(refused("WF-CRON"));
    const noCron = scheduler.createRefreshWorkflow({ ...wrong, isPeriodic: true });
    await expect(noCron).rejects.toEqual(refused("WF-CRON"));
    const noTable = scheduler.createRefreshWorkflow({
      tableIdentifier: "nothing",
      cronExpression: at,
    });
    await expect(noTable).rejects.toEqual(refused("MT-NOTFOUND"));
    await expect(lifecycle.getWorkflow("wrong")).rejects.toEqual(refused("WF-NOTFOUND"));
  });

  // covers: S2-05, S2-12, S2-13, S2-14
  test("S2-05: a handler is a reference that can be stored, read back and used elsewhere", async () => {
    const refreshConfig = { "refresh.condition": "SELECT true" };
    const { scheduler } = world.sluice;
    const handler = await scheduler.createRefreshWorkflow({
      tableIdentifier: "daily_metrics",
      cronExpression: "0 0 3 * * ?",
      refreshConfig,
    });
    const bytes = scheduler.getRefreshHandlerSerializer().serialize(handler);
    const other = await world.open();
    const embedded = other.scheduler as WorkflowScheduler<EmbeddedRefreshHandler>;
    const read = embedded.getRefreshHandlerSerializer().deserialize(bytes);
    expect(read).toBeInstanceOf(EmbeddedRefreshHandler);
    expect(read).toEqual(handler);
    expect(read.tableIdentifier).toBe(`${world.db.name}.public.daily_metrics`);
    expect(read.refreshConfig).toEqual(refreshConfig);
    if (!(embedded instanceof EmbeddedWorkflowScheduler)) throw new Error("not ours");
    await world.ended(await embedded.execute({ handler: read }));
    await embedded.deleteRefreshWorkflow({ handler: read });
    const broken = () => embedded.getRefreshHandlerSerializer().deserialize(new Uint8Array([123]));
    expect(broken).toThrow(refused("GW-REQUEST"));
  });
});

describe("the life of a workflow", () => {
  const definition = {
    id: "metrics_life",
    name: "Metrics every day",
    tableIdentifier: "daily_metrics",
    cronExpression: "0 0 4 * * ?",
    periodic: true,
    refreshConfig: {},
    executionConfig: {},
  };
  const active = async () =>
    (await world.sluice.lifecycle.listActiveWorkflows()).map((info) => info.workflowId);

  // covers: S2-07, S2-08, S2-15, S2-16, S2-17, S2-18, S2-19, S2-20, S2-38, S2-39, S2-40, S2-41, S2-42, S2-43
  test("S2-38 to S2-43: created, paused, resumed, listed, deleted", async () => {
    const { lifecycle, scheduler } = world.sluice;
    const before = Date.now();
    const info = await lifecycle.createWorkflow(definition);
    expect(info).toMatchObject({
      workflowId: "metrics_life",
      workflowName: "Metrics every day",
      status: "ACTIVE",
      lastExecutionTime: null,
    });
    expect(info.nextExecutionTime?.toISOString()).toMatch(/T04:00:00\.000Z$/);
    expect(Math.abs(info.creationTime.getTime() - before)).toBeLessThan(60_000);
    await expect(lifecycle.createWorkflow(definition)).rejects.toEqual(refused("WF-EXISTS"));
    expect(await active()).toContain("metrics_life");

    const paused = await lifecycle.pauseWorkflow("metrics_life");
    expect(paused).toMatchObject({ status: "PAUSED", nextExecutionTime: null });
    expect(await active()).not.toContain("metrics_life");
    expect((await lifecycle.pauseWorkflow("metrics_life")).status).toBe("PAUSED");

    await world.ended(await world.execute("metrics_life"));
    const resumed = await lifecycle.resumeWorkflow("metrics_life");
    expect(resumed.status).toBe("ACTIVE");
    expect(resumed.lastExecutionTime).toBeInstanceOf(Date);

    await scheduler.modifyRefreshWorkflow({
      workflowId: "metrics_life",
      action: "CHANGE_SCHEDULE",
      cronExpression: "0 0 5 * * ?",
    });
    const moved = await lifecycle.getWorkflow("metrics_life");
    expect(moved.status).toBe("ACTIVE");
    expect(moved.nextExecutionTime?.toISOString()).toMatch(/T05:00:00\.000Z$/);

    await lifecycle.deleteWorkflow("metrics_life");
    await lifecycle.deleteWorkflow("metrics_life");
    expect(await active()).not.toContain("metrics_life");
    await expect(lifecycle.pauseWorkflow("metrics_life")).rejects.toEqual(refused("WF-NOTFOUND"));
  });

  // covers: S2-21
  test("S2-21: an info is a picture: another status is another info", async () => {
    const info = await world.sluice.lifecycle.createWorkflow({ ...definition, id: "pictured" });
    const paused = withStatus(info, "PAUSED");
    expect([info.status, paused.status]).toEqual(["ACTIVE", "PAUSED"]);
    expect(withStatus(paused, "ACTIVE")).toEqual(info);
    await world.sluice.lifecycle.deleteWorkflow("pictured");
  });
});

describe("monitoring", () => {
  beforeAll(async () => {
    await world.db.query("CREATE TABLE ratios (d int); INSERT INTO ratios VALUES (0)");
    await world.statement(`CREATE MATERIALIZED TABLE user_analytics START_MODE = FROM_NOW
      FRESHNESS = INTERVAL '1' DAY REFRESH_MODE = FULL AS SELECT 1 / d AS ratio FROM ratios`);
  });

  // covers: S2-44, S2-46, S2-47, S2-48, S2-49, S2-50, S2-54
  test("S2-50: a failed refresh is asked for again three times, then somebody is told once", async () => {
    const { materializedTables, monitor } = world.sluice;
    const seen: MaterializedTableRefreshStatus[] = [];
    const alerts: string[] = [];
    const table = "user_analytics";
    const first = await materializedTables.refreshMaterializedTable({
      tableIdentifier: table,
      isPeriodic: false,
    });
    await materializedTables.awaitRefresh(table, first);
    monitor.startMonitoring({
      tables: [table],
      checkEvery: 20,
      onStatus: (_, status) => void seen.push(status),
      onAlert: (name, message) => void alerts.push(`${name}: ${message}`),
    });
    await until(() => alerts.length > 0);
    const failed = seen.filter((status) => status.status === "FAILED").at(-1);
    expect(failed).toMatchObject({
      retryCount: 3,
      isHealthy: false,
      errorCode: "MT-REFRESH-FAILED",
    });
    expect(failed?.errorMessage).toContain("division by zero");
    const runs = await world.lines(
      `SELECT count(*) FROM sluice.refresh_runs WHERE name = '${table}' AND status = 'FAILED'`,
    );
    expect(runs).toEqual(["4"]);
    const count = seen.length;
    await until(() => seen.length > count + 3);
    expect(alerts).toHaveLength(1);
    expect(alerts[0]).toContain("user_analytics: division by zero");
    await monitor.stop();
    const stopped = seen.length;
    await world.lines("SELECT pg_sleep(0.1)");
    expect(seen.length).toBe(stopped);
  });

  // covers: S2-45, S2-51, S2-52, S2-53
  test("S2-52: the report counts healthy and failed tables; one that cannot be read has failed", async () => {
    const { monitor } = world.sluice;
    const reports: StatusReport[] = [];
    const tables = ["daily_metrics", "user_analytics", "public.nothing"];
    monitor.startMonitoring({ tables, onReport: (report) => void reports.push(report) });
    await until(() => reports.length > 0);
    await monitor.stop();
    expect(reports).toEqual([
      {
        totalTables: 3,
        healthyTables: 1,
        failedTables: 2,
        healthRatio: 100 / 3,
        failed: ["user_analytics", "public.nothing"],
      },
    ]);
    const all = await monitor.generateStatusReport();
    expect(all.totalTables).toBe(3);
  });

  // covers: S2-53
  test("S2-53: a program that closes ends its work in order; what it left another goes on with", async () => {
    const other = await world.open();
    other.monitor.startMonitoring();
    await other.close();
    const gone = other.materializedTables.getRefreshStatus("daily_metrics");
    await expect(gone).rejects.toBeInstanceOf(SluiceError);
    const handler: RefreshHandler = await world.sluice.scheduler.createRefreshWorkflow({
      workflowId: "after_all",
      tableIdentifier: "daily_metrics",
      isPeriodic: false,
    });
    expect(handler.asSummaryString()).toContain("after_all");
    await until(
      async () => (await world.sluice.lifecycle.getWorkflow("after_all")).status === "COMPLETED",
    );
  });
});
