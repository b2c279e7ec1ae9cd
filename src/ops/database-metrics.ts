// What /metrics shows of the state that all gateways share, read from the database when it is
// scraped: every gateway shows the same. If the database cannot be asked, sluice_database_up is 0
// and the others keep what they last were.

import { Counter, Gauge, type Registry } from "prom-client";
import type { Clock } from "../common/clock.ts";
import { type Database, databaseClock } from "../common/pg.ts";
import { prepared, sql } from "../common/sql.ts";
import type { PrunedKind } from "./retention-batches.ts";

interface SharedState {
  readonly healthy: number;
  readonly unhealthy: number;
  readonly suspended: number;
  readonly violated: number;
  readonly worst: number | null;
  readonly ready: number;
  readonly waiting: number;
  readonly running: number;
  readonly oldest: number | null;
  readonly instances: number;
  readonly gateways: number;
  readonly backfills: number;
  readonly outbox: number;
  readonly unsent: number | null;
}

/** Milliseconds for which one reading serves all metrics. */
const serves = 1000;

export interface OperationsMetrics {
  readonly notified: (channel: string, outcome: "sent" | "failed") => void;
  readonly pruned: (kind: PrunedKind, count: number) => void;
}

/** Registers gauges of the shared state, and counters of what this gateway does beside its work. */
export function registerDatabaseMetrics(
  registry: Registry,
  database: Database,
  clock: Clock,
): OperationsMetrics {
  const state = sharedState(registry, database, clock);
  for (const { name, help, labelNames, show } of gauges) {
    const gauge: Gauge = new Gauge({
      name,
      help,
      labelNames: labelNames ?? [],
      registers: [registry],
      async collect() {
        const now = await state();
        if (now !== null) show(gauge, now);
      },
    });
  }
  const sent = new Counter({
    name: "sluice_notifications_total",
    help: "Attempts of this gateway to send a notification.",
    labelNames: ["channel", "outcome"],
    registers: [registry],
  });
  const pruned = new Counter({
    name: "sluice_pruned_total",
    help: "Things that this gateway deleted because they were old enough.",
    labelNames: ["kind"],
    registers: [registry],
  });
  return {
    notified: (channel, outcome) => sent.inc({ channel, outcome }),
    pruned: (kind, count) => pruned.inc({ kind }, count),
  };
}

interface GaugeOf {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: string[];
  readonly show: (gauge: Gauge, state: SharedState) => void;
}

const gauges: readonly GaugeOf[] = [
  {
    name: "sluice_tables",
    help: "Materialized tables, by health.",
    labelNames: ["state"],
    show(gauge, { healthy, unhealthy, suspended }) {
      gauge.set({ state: "healthy" }, healthy);
      gauge.set({ state: "unhealthy" }, unhealthy);
      gauge.set({ state: "suspended" }, suspended);
    },
  },
  {
    name: "sluice_tables_freshness_violated",
    help: "Active tables whose rows are older than their limit, as last measured.",
    show: (gauge, { violated }) => gauge.set(violated),
  },
  {
    name: "sluice_tables_worst_lag_ratio",
    help: "The greatest lag of an active table divided by its limit; over 1: violated.",
    show: (gauge, { worst }) => gauge.set(worst ?? 0),
  },
  {
    name: "sluice_tasks",
    help: "Open tasks of all gateways: ready to run, waiting for something, running.",
    labelNames: ["state"],
    show(gauge, { ready, waiting, running }) {
      gauge.set({ state: "ready" }, ready);
      gauge.set({ state: "waiting" }, waiting);
      gauge.set({ state: "running" }, running);
    },
  },
  {
    name: "sluice_oldest_ready_task_seconds",
    help: "For how long the task that has been ready longest waits to be claimed.",
    show: (gauge, { oldest }) => gauge.set(oldest ?? 0),
  },
  {
    name: "sluice_instances_open",
    help: "Workflow instances that have not ended.",
    show: (gauge, { instances }) => gauge.set(instances),
  },
  {
    name: "sluice_backfills_open",
    help: "Backfills that have not ended.",
    show: (gauge, { backfills }) => gauge.set(backfills),
  },
  {
    name: "sluice_gateways_alive",
    help: "Gateways with a lease.",
    show: (gauge, { gateways }) => gauge.set(gateways),
  },
  {
    name: "sluice_notifications_pending",
    help: "Notifications that are not sent yet.",
    show: (gauge, { outbox }) => gauge.set(outbox),
  },
  {
    name: "sluice_oldest_notification_seconds",
    help: "The age of the oldest notification that is not sent yet.",
    show: (gauge, { unsent }) => gauge.set(unsent ?? 0),
  },
];

/** One reading for all gauges of a scrape; null if it failed. */
function sharedState(
  registry: Registry,
  database: Database,
  clock: Clock,
): () => Promise<SharedState | null> {
  let reading: Promise<SharedState | null> | null = null;
  let readAt = Number.NEGATIVE_INFINITY;
  const current = () => {
    if (reading === null || clock.monotonic() - readAt >= serves) {
      readAt = clock.monotonic();
      // What is wrong is said by sluice_database_up and by /readyz, which asks for itself.
      reading = readState(database).catch(() => null);
    }
    return reading;
  };
  const up: Gauge = new Gauge({
    name: "sluice_database_up",
    help: "1 if the database answered when this was scraped.",
    registers: [registry],
    async collect() {
      up.set((await current()) === null ? 0 : 1);
    },
  });
  return current;
}

async function readState(database: Database): Promise<SharedState | null> {
  const rows = await database.query<SharedState>(
    prepared(
      "sluice_metrics",
      sql`
    WITH m AS MATERIALIZED (SELECT ${databaseClock} AS now)
    SELECT tables.*, tasks.*, outbox.*,
      (SELECT count(*) FROM sluice_private.instances) AS instances,
      (SELECT count(*) FROM sluice_private.gateways g WHERE g.expires_at > m.now) AS gateways,
      (SELECT count(*) FROM sluice_private.backfills b WHERE b.finished_at IS NULL) AS backfills
    FROM m CROSS JOIN LATERAL (
      SELECT count(*) FILTER (WHERE t.status = 'ACTIVATED' AND t.healthy) AS healthy,
        count(*) FILTER (WHERE t.status = 'ACTIVATED' AND NOT t.healthy) AS unhealthy,
        count(*) FILTER (WHERE t.status = 'SUSPENDED') AS suspended,
        count(*) FILTER (WHERE t.freshness_state = 'VIOLATED') AS violated,
        max(extract(epoch FROM coalesce(t.lag, m.now - t.created_at))
          / extract(epoch FROM t.lag_limit)) FILTER (WHERE t.status = 'ACTIVATED')
          ::double precision AS worst
      FROM sluice.materialized_tables t) tables
    CROSS JOIN LATERAL (
      SELECT count(*) FILTER (WHERE r.may_run AND r.ready_at <= m.now) AS ready,
        count(*) FILTER (WHERE NOT r.may_run OR r.ready_at > m.now) AS waiting,
        (SELECT count(*) FROM sluice_private.task_instances k WHERE k.status = 'RUNNING')
          AS running,
        extract(epoch FROM m.now - min(r.ready_at) FILTER (WHERE r.may_run AND r.ready_at <= m.now))
          ::double precision AS oldest
      FROM (
        SELECT k.ready_at, k.waiting = 0 AS may_run FROM sluice_private.task_instances k
        WHERE k.status = 'PENDING') r) tasks
    CROSS JOIN LATERAL (
      SELECT count(*) AS outbox,
        extract(epoch FROM m.now - min(n.created_at))::double precision AS unsent
      FROM sluice_private.notifications n WHERE n.status = 'PENDING') outbox`,
    ),
  );
  return rows[0] ?? null;
}
