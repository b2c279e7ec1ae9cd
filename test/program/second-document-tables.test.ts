// The examples of the document on workflow management, rewritten for our interfaces and run: a
// scheduler is made, tables are refreshed once and by schedule.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  EmbeddedWorkflowScheduler,
  EmbeddedWorkflowSchedulerFactory,
  SluiceError,
  type WorkflowScheduler,
  type WorkflowSchedulerFactory,
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
  test("S2-10: factories are found by their identifier; one may wrap our scheduler", async () => {
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
  test("S2-24: a periodic refresh is about one time, not a cron expression", async () => {
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
  test("S2-31: a daily refresh at two is a workflow; options of jobs are tags", async () => {
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
      `SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%'
        AND state = 'active' AND pid <> pg_backend_pid()`,
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
