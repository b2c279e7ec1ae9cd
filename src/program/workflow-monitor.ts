// Watches materialized tables for a program: looks at each once a minute, says what it finds, asks
// for a failed refresh again up to three times and then alerts once, and reports once an hour.
//
//   check    status of each table → onStatus; FAILED → retried, or onAlert; an error counts too
//   report   how many tables are healthy → onReport
//   stop     no check or report begins any more; those under way may end for 30 s

import type { Clock } from "../common/clock.ts";
import { Lane } from "../common/lane.ts";
import type { Log } from "../common/log.ts";
import { type Duration, seconds } from "../common/time.ts";
import type { MaterializedTableManager } from "./materialized-table-manager.ts";
import type { ProgramServices } from "./program-services.ts";
import type { MaterializedTableRefreshStatus } from "./refresh-status.ts";

export interface StatusReport {
  readonly totalTables: number;
  readonly healthyTables: number;
  /** Not healthy, or its status could not be read. */
  readonly failedTables: number;
  /** Percent; 100 if there are no tables. */
  readonly healthRatio: number;
  readonly failed: readonly string[];
}

export interface MonitorOptions {
  /** Identifiers; all materialized tables if it is left out. */
  readonly tables?: readonly string[];
  /** A failed refresh is asked for again as long as it was retried fewer times. 3 if left out. */
  readonly maxRetries?: number;
  /** Milliseconds; a minute if it is left out. */
  readonly checkEvery?: number;
  /** Milliseconds; an hour if it is left out. */
  readonly reportEvery?: number;
  /** Told of each table at each check. */
  readonly onStatus?: (table: string, status: MaterializedTableRefreshStatus) => void;
  /** Told once of each table that failed more often, until it is well again. */
  readonly onAlert?: (table: string, message: string) => void;
  readonly onReport?: (report: StatusReport) => void;
}

const minute = seconds(60);
const hour = seconds(3600);
/** How long `stop` waits. */
const patience = seconds(30);
const defaultRetries = 3;

export class WorkflowMonitor {
  readonly #manager: MaterializedTableManager;
  readonly #clock: Clock;
  readonly #log: Log;
  #watch: Watch | null = null;

  constructor(
    manager: MaterializedTableManager,
    { clock, log }: Pick<ProgramServices, "clock" | "log">,
  ) {
    this.#manager = manager;
    this.#clock = clock;
    this.#log = log;
  }

  /** Checks and reports now, and from then on at their times. Does nothing if it runs already. */
  startMonitoring(options: MonitorOptions = {}): void {
    this.#watch ??= new Watch(this.#manager, options, { clock: this.#clock, log: this.#log });
  }

  /** What a report would say now. */
  generateStatusReport(tables?: readonly string[]): Promise<StatusReport> {
    return reportOn(this.#manager, tables ?? null);
  }

  /** Resolves when nothing is under way any more, after 30 s at the latest. */
  async stop(): Promise<void> {
    const watch = this.#watch;
    this.#watch = null;
    if (watch === null) return;
    const done = new AbortController();
    const end = watch.stop().finally(() => done.abort());
    await Promise.race([end, this.#clock.sleep(patience, done.signal)]);
  }
}

/** One time between start and stop. */
class Watch {
  readonly #manager: MaterializedTableManager;
  readonly #options: MonitorOptions;
  readonly #log: Log;
  readonly #lanes: readonly Lane[];
  /** Failed operation by table: retried, or told of. */
  readonly #seen = new Map<string, string>();
  readonly #alerted = new Set<string>();

  constructor(
    manager: MaterializedTableManager,
    options: MonitorOptions,
    { clock, log }: { readonly clock: Clock; readonly log: Log },
  ) {
    this.#manager = manager;
    this.#options = options;
    this.#log = log;
    const onError = (error: unknown, lane: string) => log.warn({ err: error, lane }, "will retry");
    const { checkEvery = minute, reportEvery = hour } = options;
    const check = () => this.#check().then(() => checkEvery as Duration);
    const report = () => this.#report().then(() => reportEvery as Duration);
    this.#lanes = [
      new Lane({ clock, name: "check of tables", work: check, onError }),
      new Lane({ clock, name: "report of tables", work: report, onError }),
    ];
    for (const lane of this.#lanes) lane.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.stop()));
  }

  async #check(): Promise<void> {
    for (const table of await tablesOf(this.#manager, this.#options.tables ?? null)) {
      try {
        const status = await this.#manager.getRefreshStatus(table);
        this.#options.onStatus?.(table, status);
        await this.#weigh(table, status);
      } catch (error) {
        this.#log.warn({ err: error, table }, "the status of a table could not be read");
      }
    }
  }

  async #weigh(table: string, status: MaterializedTableRefreshStatus): Promise<void> {
    if (status.status === "COMPLETED") this.#alerted.delete(table);
    if (status.status !== "FAILED" || this.#seen.get(table) === status.operationId) return;
    const { maxRetries = defaultRetries } = this.#options;
    if (status.retryCount < maxRetries) {
      this.#log.info(
        { table, retry: status.retryCount + 1 },
        "a failed refresh is asked for again",
      );
      await this.#manager.refreshMaterializedTable({ tableIdentifier: table, isPeriodic: false });
    } else if (!this.#alerted.has(table)) {
      this.#alerted.add(table);
      const message = status.errorMessage ?? "no error recorded";
      this.#log.error({ table, error: message }, "a table fails again and again");
      this.#options.onAlert?.(table, message);
    }
    this.#seen.set(table, status.operationId ?? "");
  }

  async #report(): Promise<void> {
    const report = await reportOn(this.#manager, this.#options.tables ?? null);
    this.#log.info({ ...report }, "status of materialized tables");
    this.#options.onReport?.(report);
  }
}

async function tablesOf(
  manager: MaterializedTableManager,
  tables: readonly string[] | null,
): Promise<readonly string[]> {
  return tables ?? manager.listMaterializedTables();
}

/** A table whose status cannot be read counts as failed. */
async function reportOn(
  manager: MaterializedTableManager,
  given: readonly string[] | null,
): Promise<StatusReport> {
  const tables = await tablesOf(manager, given);
  const healthy = await Promise.all(
    tables.map((table) =>
      manager.getRefreshStatus(table).then(
        (status) => status.isHealthy,
        () => false,
      ),
    ),
  );
  const failed = tables.filter((_, k) => healthy[k] !== true);
  const healthyTables = tables.length - failed.length;
  return {
    totalTables: tables.length,
    healthyTables,
    failedTables: failed.length,
    healthRatio: tables.length === 0 ? 100 : (healthyTables * 100) / tables.length,
    failed,
  };
}
