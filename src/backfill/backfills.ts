// Backfills: a period of a table or a workflow computed again, interval by interval, each an
// ordinary instance. Planned purely (plan.ts), written in one transaction, run by the scheduler at
// most `parallelism` at a time. Throws GatewayError for whatever the user can put right.

import type { ObjectIdentifier } from "../catalog/object-identifier.ts";
import type { InstanceId } from "../common/ids.ts";
import type { Instant } from "../common/time.ts";
import type { RefreshTable } from "../refresh/table-requests.ts";
import type { TableServices } from "../refresh/table-services.ts";
import type { BackfillRuns } from "../scheduler/backfill-runs.ts";
import { createBackfill, dryRunBackfill } from "./create-backfill.ts";
import { refreshCascade } from "./refresh-cascade.ts";

export type BackfillTarget =
  | { readonly kind: "table"; readonly identifier: ObjectIdentifier }
  | {
      readonly kind: "workflow";
      readonly identifier: ObjectIdentifier;
      readonly variables: Readonly<Record<string, string>>;
    };

export interface BackfillRequest {
  readonly target: BackfillTarget;
  /** Value of the partition key, or a timestamp in the target's zone; inclusive. */
  readonly from: string;
  /** Exclusive. */
  readonly to: string;
  /** As written: parallelism, order, reprocess, queue, cascade, throttle, dry-run, force. */
  readonly options: Readonly<Record<string, string>>;
}

/** One line of a plan. */
export interface PlannedInterval {
  /** From 0, in the order of running. */
  readonly ordinal: number;
  /** Null for keys that are not time. */
  readonly intervalStart: Instant | null;
  readonly intervalEnd: Instant | null;
  /** `k1=v1/k2=v2`; null: the interval decides (workflows), or the whole table. */
  readonly partition: string | null;
  /** Why it is not run: `already fresh`, `in flight`, `frozen`, `beyond start`; null: it is. */
  readonly reason: string | null;
  /** From history; null: no history. */
  readonly estimatedRows: number | null;
  /** Milliseconds. */
  readonly estimatedMs: number | null;
  /** Of a workflow, as they will be resolved; null for tables. */
  readonly variables: Readonly<Record<string, string>> | null;
}

export interface BackfillServices extends TableServices {
  readonly runs: BackfillRuns;
}

export interface Backfills {
  /** Gives the id, and what was planned. Throws BF-*, MT-NOTFOUND, WF-NOTFOUND. */
  create(
    request: BackfillRequest,
  ): Promise<{ readonly backfillId: string; readonly total: number }>;
  /** The list that `create` would write; writes nothing. */
  dryRun(request: BackfillRequest): Promise<readonly PlannedInterval[]>;
  pause(id: string): Promise<void>;
  resume(id: string): Promise<void>;
  cancel(id: string): Promise<void>;
  retryFailed(id: string): Promise<void>;
  /**
   * REFRESH … CASCADE: the refresh, queued as any other, and one backfill for each table below,
   * which begins when what it reads has ended. Throws what `MaterializedTables.refresh` does.
   */
  refreshCascade(
    request: RefreshTable,
  ): Promise<{ readonly instanceId: InstanceId; readonly backfillId: string }>;
}

/** Binds the functions of this folder to the services they work with. */
export function createBackfills(services: BackfillServices): Backfills {
  const { database, runs } = services;
  return {
    create: (request) => createBackfill(services, request),
    dryRun: (request) => dryRunBackfill(services, request),
    pause: (id) => database.transaction((tx) => runs.pause(tx, id)),
    resume: (id) => database.transaction((tx) => runs.resume(tx, id)),
    cancel: (id) => database.transaction((tx) => runs.cancel(tx, id)),
    retryFailed: (id) => database.transaction((tx) => runs.retryFailed(tx, id)),
    refreshCascade: (request) => refreshCascade(services, request),
  };
}
