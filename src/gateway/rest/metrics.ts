// What /metrics shows of the gateway, in Prometheus' format. Labels are patterns of routes, never
// paths.

import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { Passage } from "../passthrough/passage.ts";
import type { SessionManager } from "../session/session-manager.ts";
import type { SqlGateway } from "../sql-gateway.ts";

export interface MetricSources {
  readonly registry: Registry;
  readonly sessions: SessionManager;
  readonly gateway: SqlGateway;
  readonly passage: Passage;
}

export interface HttpMetrics {
  /** One request was answered; `seconds` from its head to its answer. */
  observe(route: string, method: string, status: number, seconds: number): void;
}

/** Registers the gateway's metrics; values of gauges are read when they are scraped. */
export function registerMetrics(sources: MetricSources): HttpMetrics {
  const { registry, sessions, gateway, passage } = sources;
  const requests = new Histogram({
    name: "sluice_http_request_duration_seconds",
    help: "Time to answer a request; held fetches included.",
    labelNames: ["route", "method", "status"],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 5],
    registers: [registry],
  });
  gauge(registry, "sluice_sessions", "Sessions in memory.", () => sessions.count);
  gauge(
    registry,
    "sluice_sessions_pinned",
    "Sessions that hold a connection of their own.",
    () => passage.connections.pinned,
  );
  gauge(
    registry,
    "sluice_user_connections",
    "Connections to PostgreSQL for users' statements.",
    () => passage.pool.counts().total,
  );
  gauge(
    registry,
    "sluice_user_connections_busy",
    "Of these, the ones at work.",
    () => passage.pool.counts().busy,
  );
  gauge(
    registry,
    "sluice_spool_bytes",
    "Rows of results that lie in files.",
    () => passage.space.usedBytes,
  );
  const ended = new Counter({
    name: "sluice_statements_total",
    help: "Statements that ended, by outcome.",
    labelNames: ["outcome"],
    registers: [registry],
    collect() {
      this.reset();
      for (const [outcome, count] of Object.entries(gateway.ended)) this.inc({ outcome }, count);
    },
  });
  ended.inc({ outcome: "FINISHED" }, 0);
  return {
    observe: (route, method, status, seconds) =>
      requests.observe({ route, method, status: String(status) }, seconds),
  };
}

function gauge(registry: Registry, name: string, help: string, read: () => number): void {
  const made = new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
  made.set(read());
}
