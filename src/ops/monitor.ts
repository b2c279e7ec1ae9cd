// The monitor: looks at every materialized table once a minute and says what became unhealthy or
// healthy again; writes a report every full hour, once for all gateways; tells, when asked, how far
// running tasks have come. A table is healthy if it is active, its last run did not fail, and its
// rows are not older than its limit (the view decides).

import type { Clock } from "../common/clock.ts";
import { Lane } from "../common/lane.ts";
import type { Log } from "../common/log.ts";
import { type Database, databaseClock, type Queryable } from "../common/pg.ts";
import { prepared, sql } from "../common/sql.ts";
import { type Duration, type Instant, seconds } from "../common/time.ts";
import type { Health, Monitoring, Report, RunProgress, TableHealth } from "./monitoring.ts";
import { readProgress } from "./run-progress.ts";

export interface MonitorOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
}

const checkPeriod = seconds(60);

export class Monitor implements Monitoring {
  readonly #options: MonitorOptions;
  readonly #lane: Lane;
  /** `database.name` of the tables that were unhealthy at the last look, with the problem. */
  #unhealthy: ReadonlyMap<string, string> = new Map();

  constructor(options: MonitorOptions) {
    const { clock, log } = options;
    this.#options = options;
    this.#lane = new Lane({
      clock,
      name: "monitor",
      work: () => this.#check(),
      onError: (error, where) => log.warn({ err: error, where }, "will retry"),
    });
  }

  start(): void {
    this.#lane.start();
  }

  stop(): Promise<void> {
    return this.#lane.stop();
  }

  async health(): Promise<Health> {
    return readHealth(this.#options.database);
  }

  async report(): Promise<Report> {
    return reportOf(await this.health());
  }

  async reports(limit: number): Promise<readonly Report[]> {
    return this.#options.database.query<Report>(sql`
      SELECT at, total, healthy, failed, ratio, facts -> 'unhealthy' AS unhealthy
      FROM sluice_private.reports ORDER BY at DESC LIMIT ${limit}`);
  }

  progress(): Promise<readonly RunProgress[]> {
    return readProgress(this.#options.database);
  }

  async #check(): Promise<Duration> {
    const health = await this.health();
    this.#logChanges(health);
    const stored = await this.#store(reportOf(health));
    if (stored !== null) {
      const { total, healthy, failed, ratio } = stored;
      this.#options.log.info({ total, healthy, failed, ratio }, "report of materialized tables");
    }
    return checkPeriod;
  }

  #logChanges({ tables }: Health): void {
    const { log } = this.#options;
    const problems = new Map<string, string>(
      tables.flatMap(({ database, name, problem }) =>
        problem === null ? [] : [[`${database}.${name}`, problem] as const],
      ),
    );
    for (const [table, problem] of problems) {
      if (!this.#unhealthy.has(table)) log.warn({ table, problem }, "a table is unhealthy");
    }
    const known = new Set(tables.map(({ database, name }) => `${database}.${name}`));
    for (const table of this.#unhealthy.keys()) {
      if (!problems.has(table) && known.has(table)) log.info({ table }, "a table is healthy again");
    }
    this.#unhealthy = problems;
  }

  /** The first report of an hour is the hour's; null: there is one. */
  async #store(report: Report): Promise<Report | null> {
    const { total, healthy, failed, ratio, unhealthy } = report;
    const count = await this.#options.database.execute(sql`
      INSERT INTO sluice_private.reports
      VALUES (date_trunc('hour', ${databaseClock}, 'UTC'), ${total}, ${healthy}, ${failed},
        ${ratio}, ${JSON.stringify({ unhealthy })}::jsonb)
      ON CONFLICT DO NOTHING`);
    return count === 0 ? null : report;
  }
}

function reportOf({ at, tables }: Health): Report {
  const unhealthy = tables.flatMap(({ database, name, problem }) =>
    problem === null ? [] : [{ database, name, problem }],
  );
  const total = tables.length;
  const healthy = total - unhealthy.length;
  const ratio = total === 0 ? 1 : healthy / total;
  return { at, total, healthy, failed: unhealthy.length, ratio, unhealthy };
}

type HealthRow = Omit<TableHealth, "problem" | "status"> & {
  readonly status: TableHealth["status"];
  readonly lagText: string | null;
  readonly limit: string;
  readonly stored: boolean;
};

async function readHealth(database: Queryable): Promise<Health> {
  const [now] = await database.query<{ at: Instant }>(sql`SELECT ${databaseClock} AS at`);
  const rows = await database.query<HealthRow>(
    prepared(
      "sluice_health",
      sql`
    SELECT database, name, status, healthy, owner IS NOT NULL AS stored,
      extract(epoch FROM lag)::double precision * 1000 AS lag, lag::text AS "lagText",
      extract(epoch FROM freshness)::double precision * 1000 AS freshness,
      lag_limit::text AS "limit", last_status AS "lastStatus", last_error AS "lastError"
    FROM sluice.materialized_tables ORDER BY database, name`,
    ),
  );
  const tables = rows.map(healthOf);
  return {
    at: now?.at ?? (0 as Instant),
    healthy: tables.every((table) => table.healthy),
    tables,
  };
}

function healthOf({ stored, lagText, limit, ...row }: HealthRow): TableHealth {
  const table = { ...row, problem: null };
  if (row.healthy) return table;
  if (row.status === "SUSPENDED") return { ...table, problem: "it is suspended" };
  if (!stored) return { ...table, problem: "its stored table is gone" };
  if (row.lastStatus === "FAILED") {
    return { ...table, problem: `its last run failed: ${row.lastError ?? "no error recorded"}` };
  }
  if (lagText === null) return { ...table, problem: `it was not loaded within ${limit}` };
  return { ...table, problem: `it is ${lagText} behind, the limit is ${limit}` };
}
