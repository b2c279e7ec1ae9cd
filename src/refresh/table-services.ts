// What the service of materialized tables is made of; put together by main.ts.

import type { Catalog } from "../catalog/catalog.ts";
import type { Clock, RandomSource } from "../common/clock.ts";
import type { Database } from "../common/pg.ts";
import type { Duration } from "../common/time.ts";
import type { Engine } from "../engine/engine.ts";
import type { Storage } from "../engine/storage.ts";
import type { Scheduler } from "../scheduler/scheduler.ts";
import type { ModeSettings } from "./resolve-mode.ts";
import type { StartModeClause } from "./table-requests.ts";

/** Options of the gateway that tables depend on; the same on every gateway of a database. */
export interface TableSettings extends ModeSettings {
  /** `materialized-table.default-start-mode`: a kind without argument. */
  readonly defaultStartMode: StartModeClause["kind"];
  /** `flink-strict`: the default of the table option of that name. */
  readonly strict: boolean;
  /** How long ALTER and DROP wait for a refresh that holds the table. */
  readonly lockTimeout: Duration;
}

export interface TableServices {
  readonly database: Database;
  readonly catalog: Catalog;
  readonly storage: Storage;
  /** Says what a refresh would run; runs nothing here. */
  readonly engine: Pick<Engine, "render">;
  readonly scheduler: Scheduler;
  readonly random: RandomSource;
  readonly clock: Clock;
  readonly settings: TableSettings;
}
