// The world of materialized tables with the service of workflows on top: real database, real
// scheduler; requests are made of short words.

import { systemClock, systemRandom } from "../../src/common/clock.ts";
import { GatewayError } from "../../src/common/gateway-error.ts";
import { openDatabase, type WorkDatabase } from "../../src/common/pg.ts";
import { milliseconds, seconds } from "../../src/common/time.ts";
import { postgresEngine } from "../../src/engine/postgres/postgres-engine.ts";
import { watchForAbort } from "../../src/engine/postgres/cancel.ts";
import { postgresStorage } from "../../src/engine/postgres/storage.ts";
import {
  createMaterializedTables,
  type MaterializedTables,
} from "../../src/refresh/materialized-tables.ts";
import type { TaskRunner } from "../../src/scheduler/task-runner.ts";
import { RunConditionally } from "../../src/tasks/condition.ts";
import { RunSql } from "../../src/tasks/run-sql.ts";
import type { TaskSqlServices } from "../../src/tasks/task-session.ts";
import { followingTables } from "../../src/workflows/follow-tables.ts";
import {
  createInstances,
  createQueues,
  type Instances,
  type Queues,
} from "../../src/workflows/instances.ts";
import type {
  ActionRequest,
  PositionOf,
  TaskRequest,
  WorkflowRequest,
} from "../../src/workflows/workflow-request.ts";
import { createWorkflows, type Workflows } from "../../src/workflows/workflows.ts";
import { openWorld, type World, type WorldOptions } from "../refresh/world.ts";
import type { TestDatabase } from "../support/database.ts";

export interface WorkflowWorld extends World {
  readonly workflows: Workflows;
  readonly instances: Instances;
  readonly queues: Queues;
  /** A request for a workflow of the schema `public`: MANUAL, in UTC, with one EXECUTE task. */
  workflow(name: string, parts?: Partial<WorkflowRequest>): WorkflowRequest;
  refreshOf(table: string, partition?: Record<string, string | null> | null): ActionRequest;
}

/** With all that runs tasks of users. */
export async function openWorkflowWorld(options: WorldOptions = {}): Promise<WorkflowWorld> {
  const opened: WorkDatabase[] = [];
  const runner = (refresh: TaskRunner, { url }: TestDatabase) => {
    const onError = (error: Error) => world.errors.push(error);
    const work = openDatabase({ url, max: 8, applicationName: "tests", onError });
    opened.push(work);
    return runnerOfAll(refresh, work);
  };
  const world: World = await openWorld({ ...options, runner });
  const { catalog, scheduler, id } = world;
  const { database } = world.db;
  const freshnessThreshold = milliseconds(30 * 60_000);
  const tables: MaterializedTables = createMaterializedTables({
    database,
    catalog,
    storage: postgresStorage,
    engine: postgresEngine({ database, clock: systemClock, random: systemRandom }),
    scheduler: followingTables(scheduler),
    random: systemRandom,
    clock: systemClock,
    settings: {
      freshnessThreshold,
      defaultFreshnessFull: milliseconds(3_600_000),
      defaultStartMode: "FROM_BEGINNING",
      strict: options.strict ?? false,
      lockTimeout: seconds(3),
    },
  });
  return {
    ...world,
    async close() {
      await scheduler.stop(seconds(5));
      for (const work of opened) await work.close();
      await world.close();
    },
    tables,
    workflows: createWorkflows({ database, catalog, scheduler, freshnessThreshold }),
    instances: createInstances({ database, scheduler }),
    queues: createQueues({ database, scheduler }),
    refreshOf: (table, partition = null) => ({ kind: "refresh", table: id(table), partition }),
    workflow: (name, parts) => ({
      identifier: id(name),
      comment: null,
      schedule: { kind: "manual" },
      timeZone: "UTC",
      startAt: null,
      endAt: null,
      variables: {},
      options: {},
      tasks: [task("a")],
      ...parts,
    }),
  };
}

function runnerOfAll(refresh: TaskRunner, work: WorkDatabase): TaskRunner {
  const aborting = { database: work, clock: systemClock };
  const services: TaskSqlServices = {
    work,
    watchForAbort: (pid, signal) => watchForAbort(aborting, pid, signal),
  };
  const refreshes = new RunConditionally(services, refresh);
  const statements = new RunConditionally(services, new RunSql(services));
  return {
    run: (task, context) =>
      (task.action["type"] === "refresh" ? refreshes : statements).run(task, context),
  };
}

/** An EXECUTE task of `SELECT 1`, unless told otherwise. */
export function task(name: string, parts: Partial<TaskRequest> = {}): TaskRequest {
  return {
    name,
    action: { kind: "execute", text: "SELECT 1" },
    comment: null,
    after: [],
    variables: {},
    options: {},
    ...parts,
  };
}

/** An EXECUTE action. */
export function execute(text: string): ActionRequest {
  return { kind: "execute", text };
}

export const create = { orAlter: false, ifNotExists: false };
export const orAlter = { orAlter: true, ifNotExists: false };
export const ifNotExists = { orAlter: false, ifNotExists: true };

export const nowhere: PositionOf = () => null;

/** The error of ours as `CODE at path: message`; the path is what `run` asked a position for. */
export async function failure(run: (positionOf: PositionOf) => unknown): Promise<string> {
  const paths: string[] = [];
  const positionOf: PositionOf = (path) => {
    paths.push(path);
    return { line: 1, column: 1, offset: paths.length - 1 };
  };
  let error: unknown = null;
  try {
    await run(positionOf);
  } catch (thrown) {
    error = thrown;
  }
  if (!(error instanceof GatewayError)) throw new Error(`no error of ours: ${String(error)}`);
  const place = error.position === undefined ? "" : ` at ${paths[error.position]}`;
  return `${error.code}${place}: ${error.message}`;
}
