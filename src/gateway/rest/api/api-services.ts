// What the routes of /api/v1 are served with: the services that statements use, the views, and the
// event stream. Put together by the composition root.

import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Backfills } from "../../../backfill/backfills.ts";
import type { Clock } from "../../../common/clock.ts";
import type { Log } from "../../../common/log.ts";
import type { Database } from "../../../common/pg.ts";
import type { Instant } from "../../../common/time.ts";
import type { MaterializedTables } from "../../../refresh/materialized-tables.ts";
import type { Instances, Queues } from "../../../workflows/instances.ts";
import type { Workflows } from "../../../workflows/workflows.ts";
import type { NodeEnv } from "../flink-app.ts";

/** One change of state; what else it has is passed on as it is. */
export interface StreamedEvent {
  readonly eventId: number;
  readonly at: Instant;
  readonly kind: string;
}

/** Every event once, in the order of the ids. */
export interface EventSource {
  /**
   * Batches of events after the id `after` (null: that happen from now on), until `signal` aborts.
   */
  follow(after: number | null, signal: AbortSignal): AsyncIterable<readonly StreamedEvent[]>;
}

/** What the monitor tells (ops/monitoring.ts). */
export interface MonitorSource {
  report(): Promise<{
    readonly at: Instant;
    readonly total: number;
    readonly healthy: number;
    readonly failed: number;
    readonly ratio: number;
    readonly unhealthy: readonly {
      readonly database: string;
      readonly name: string;
      readonly problem: string;
    }[];
  }>;
  progress(): Promise<
    readonly {
      readonly taskInstanceId: string;
      readonly instanceId: string;
      readonly database: string;
      readonly workflow: string;
      readonly tableName: string | null;
      readonly task: string;
      readonly attempt: number;
      readonly gateway: string | null;
      readonly startedAt: Instant;
      readonly step: {
        readonly done: number;
        readonly total: number;
        readonly note: string;
      } | null;
      readonly backend: {
        readonly pid: number;
        readonly state: string | null;
        readonly waitEvent: string | null;
        readonly command: string | null;
        readonly phase: string | null;
        readonly fraction: number | null;
      } | null;
    }[]
  >;
}

export interface ApiServices {
  /** Name of the connected database. */
  readonly catalogName: string;
  readonly database: Database;
  readonly tables: MaterializedTables;
  readonly workflows: Workflows;
  readonly instances: Instances;
  readonly queues: Queues;
  readonly backfills: Backfills;
  readonly events: EventSource;
  readonly monitor: MonitorSource;
  readonly clock: Clock;
  readonly log: Log;
}

export type Api = OpenAPIHono<NodeEnv>;

/** What a file in this folder exports: it adds its route. */
export type AddRoute = (api: Api, services: ApiServices) => void;
