// What executors are: one function for each kind of statement, given the statement, its context and
// the services that main.ts made. An executor keeps no state; what it writes, it writes through a
// service or a transaction of its own.

import type { Backfills } from "../../backfill/backfills.ts";
import type { Catalog } from "../../catalog/catalog.ts";
import type { Clock } from "../../common/clock.ts";
import type { Database } from "../../common/pg.ts";
import type { MaterializedTables } from "../../refresh/materialized-tables.ts";
import type { Scheduler } from "../../scheduler/scheduler.ts";
import type { Instances, Queues } from "../../workflows/instances.ts";
import type { Workflows } from "../../workflows/workflows.ts";
import type { RunPassthrough } from "../passthrough/passthrough.ts";
import type { StatementContext, StatementResult } from "./statement-context.ts";

/** What statements are executed with; the same for all sessions of a gateway. */
export interface StatementServices {
  readonly database: Database;
  readonly catalog: Catalog;
  readonly tables: MaterializedTables;
  readonly scheduler: Scheduler;
  readonly workflows: Workflows;
  readonly instances: Instances;
  readonly queues: Queues;
  readonly backfills: Backfills;
  readonly clock: Clock;
  readonly runPassthrough: RunPassthrough;
}

/**
 * Executes one kind of statement. Rejects with GatewayError for whatever the user can put right.
 */
export type Executor<S> = (
  statement: S,
  context: StatementContext,
  services: StatementServices,
) => Promise<StatementResult>;
