// Sluice inside of a program: the same services as under a gateway, on the same database, without
// sessions and routes. The program is a worker like a gateway: schedules run as long as one of them
// lives, and what it leaves unfinished another takes over.

import { systemClock, systemRandom } from "../common/clock.ts";
import { type Log, silentLog } from "../common/log.ts";
import { milliseconds } from "../common/time.ts";
import { loadConfig } from "../config.ts";
import { makeWorks } from "../assemble-work.ts";
import { closeOnce, layFoundation } from "../sluice.ts";
import { EmbeddedWorkflowScheduler } from "./embedded-workflow-scheduler.ts";
import { MaterializedTableManager } from "./materialized-table-manager.ts";
import { asOurs, type ProgramServices } from "./program-services.ts";
import {
  createWorkflowScheduler,
  schedulerTypeKeys,
  type WorkflowSchedulerFactory,
} from "./scheduler-factories.ts";
import { WorkflowLifecycleManager } from "./workflow-lifecycle-manager.ts";
import { WorkflowMonitor } from "./workflow-monitor.ts";
import type { WorkflowScheduler } from "./workflow-scheduler.ts";

export interface OpenOptions {
  /** PostgreSQL 15 or newer, `postgres://user:password@host:port/database`. */
  readonly databaseUrl: string;
  /**
   * Options of the gateway by key (docs/reference/options.md), Flink's names for them included;
   * those of a custom scheduler too.
   */
  readonly options?: Readonly<Record<string, string>>;
  /** Besides Sluice's own; `workflow-scheduler.type` names one. */
  readonly schedulerFactories?: readonly WorkflowSchedulerFactory[];
  /** Nothing is logged if it is left out. */
  readonly log?: Log;
}

export interface EmbeddedSluice {
  /** What `workflow-scheduler.type` names, opened. */
  readonly scheduler: WorkflowScheduler;
  readonly materializedTables: MaterializedTableManager;
  readonly lifecycle: WorkflowLifecycleManager;
  readonly monitor: WorkflowMonitor;
  /** Ends monitoring and work in order, gives back what still runs. Idempotent. */
  close(): Promise<void>;
}

/**
 * Joins the database as a worker. Rejects with SluiceError: GW-CONFIG for options,
 * GW-DATABASE-UNFIT with the statements to run, GW-UNAVAILABLE; everything is undone then.
 */
export async function openSluice(open: OpenOptions): Promise<EmbeddedSluice> {
  const closers: (() => Promise<void>)[] = [];
  const close = closeOnce(closers);
  try {
    return await asOurs(() => opened(open, closers, close));
  } catch (error) {
    await close();
    throw error;
  }
}

async function opened(
  open: OpenOptions,
  closers: (() => Promise<void>)[],
  close: () => Promise<void>,
): Promise<EmbeddedSluice> {
  const { options = {}, schedulerFactories = [], log = silentLog } = open;
  const config = await loadConfig({
    flags: { ...gatewayFlags(options, schedulerFactories), "database-url": open.databaseUrl },
    environment: {},
    // A program says all in its options; a file that lies about is not its.
    folder: null,
  });
  const surroundings = { clock: systemClock, random: systemRandom, log };
  const foundation = await layFoundation(config, surroundings, closers);
  const works = await makeWorks(foundation);
  const services: ProgramServices = {
    ...works.services,
    tableServices: works.tableServices,
    monitoring: works.operations.monitoring,
    clock: systemClock,
    log,
  };
  const scheduler = createWorkflowScheduler(options, schedulerFactories, services);
  closers.push(() => works.stop(milliseconds(config["shutdown.timeout"] * 0.8)));
  await works.start();
  closers.push(() => scheduler.close());
  await scheduler.open();
  const materializedTables = new MaterializedTableManager(services);
  const monitor = new WorkflowMonitor(materializedTables, services);
  closers.push(() => monitor.stop());
  const embedded = new EmbeddedWorkflowScheduler(services);
  const lifecycle = new WorkflowLifecycleManager(services, embedded);
  return { scheduler, materializedTables, lifecycle, monitor, close };
}

/** Without the choice of a scheduler, and without the options of those that are not ours. */
function gatewayFlags(
  options: Readonly<Record<string, string>>,
  factories: readonly WorkflowSchedulerFactory[],
): Readonly<Record<string, string>> {
  const others = new Set<string>(schedulerTypeKeys);
  for (const factory of factories) {
    for (const key of [...factory.requiredOptions(), ...factory.optionalOptions()]) others.add(key);
  }
  return Object.fromEntries(Object.entries(options).filter(([key]) => !others.has(key)));
}
