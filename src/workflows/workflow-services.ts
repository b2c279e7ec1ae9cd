// What the service of workflows is made of; put together by the composition root.

import type { Catalog } from "../catalog/catalog.ts";
import type { Database } from "../common/pg.ts";
import type { Duration } from "../common/time.ts";
import type { Scheduler } from "../scheduler/scheduler.ts";

export interface WorkflowServices {
  readonly database: Database;
  readonly catalog: Catalog;
  readonly scheduler: Scheduler;
  /** Freshness below it counts as continuous where only Flink's own rules hold. */
  readonly freshnessThreshold: Duration;
}
