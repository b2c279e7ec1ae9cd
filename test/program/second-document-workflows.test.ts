// The examples of the document on workflow management, rewritten for our interfaces and run:
// refresh workflows are made, live, and are watched.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  EmbeddedRefreshHandler,
  EmbeddedWorkflowScheduler,
  type MaterializedTableRefreshStatus,
  type RefreshHandler,
  type StatusReport,
  SluiceError,
  withStatus,
  type WorkflowScheduler,
} from "../../src/program/entry.ts";
import { until } from "../support/until.ts";
import { makeTables, openProgramWorld, type ProgramWorld } from "./program-world.ts";

let world: ProgramWorld;

beforeAll(async () => {
  world = await openProgramWorld();
  await makeTables(world);
});
afterAll(() => world.close());

const refused = (code: string) => expect.objectContaining({ code });

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
  test("S2-34: under a condition, with a strategy and a limit, every quarter-hour", async () => {
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
  test("S2-06: a workflow that is not periodic runs once, at once, and is done", async () => {
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
  test("S2-05: a handler can be stored, read back and used elsewhere", async () => {
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

  // covers: S2-07, S2-08, S2-15, S2-16, S2-17, S2-18, S2-19, S2-20, S2-38, S2-39, S2-40, S2-41
  // covers: S2-42, S2-43
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
  test("S2-50: a failed refresh is made again three times, then somebody is told", async () => {
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
  test("S2-52: the report counts tables; one that cannot be read has failed", async () => {
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
  test("S2-53: a program that closes ends its work in order, others go on", async () => {
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
