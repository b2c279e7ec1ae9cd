// What goes on beside the work of a gateway: notifications sent, freshness measured, tables
// monitored, history pruned. Each is a lane of its own on the database; none of them holds up a
// task, a statement or another. Put together here for assemble.ts.

import type { Registry } from "prom-client";
import type { Clock } from "./common/clock.ts";
import type { Log } from "./common/log.ts";
import type { Database } from "./common/pg.ts";
import type { Config } from "./config.ts";
import { Notifier } from "./notify/notifier.ts";
import { registerDatabaseMetrics } from "./ops/database-metrics.ts";
import { EventFeed } from "./ops/event-feed.ts";
import { freshnessWatch } from "./ops/freshness-watch.ts";
import { Monitor } from "./ops/monitor.ts";
import type { Monitoring } from "./ops/monitoring.ts";
import { Retention } from "./ops/retention.ts";

export interface Operations {
  readonly monitoring: Monitoring;
  readonly events: EventFeed;
  /** Begins all of it. */
  start(): void;
  /** Resolves when nothing of it is under way any more. */
  stop(): Promise<void>;
}

export function makeOperations(
  {
    config,
    database,
    clock,
    log,
  }: {
    readonly config: Config;
    readonly database: Database;
    readonly clock: Clock;
    readonly log: Log;
  },
  registry: Registry,
): Operations {
  const metrics = registerDatabaseMetrics(registry, database, clock);
  const smtp = config["notify.smtp-url"];
  const monitor = new Monitor({ database, clock, log });
  const parts = [
    monitor,
    freshnessWatch(database, clock, log),
    new Notifier({
      database,
      clock,
      log,
      mailServer: smtp === null ? null : { url: smtp, from: config["notify.email-from"] },
      webhookSecret: config["notify.webhook-secret"],
      onAttempt: metrics.notified,
    }),
    new Retention({
      database,
      clock,
      log,
      policy: {
        successful: config["retention.successful"],
        successfulRuns: config["retention.successful-runs"],
        failed: config["retention.failed"],
        events: config["retention.events"],
        notifications: config["retention.notifications"],
      },
      onPruned: metrics.pruned,
    }),
  ];
  return {
    monitoring: monitor,
    events: new EventFeed(database, clock),
    start() {
      for (const part of parts) part.start();
    },
    async stop() {
      await Promise.all(parts.map((part) => part.stop()));
    },
  };
}
