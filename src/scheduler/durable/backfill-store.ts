// The part of the store that remembers backfills. Whoever changes one holds its row's lock, so that
// its counters always say what its intervals do. A step is one transaction over rows that nobody
// else holds: it may be killed before its commit and be made again by any gateway.

import type { Tx } from "../../common/pg.ts";
import type { WorkflowId } from "../../common/ids.ts";
import type { DataInterval, Duration, Instant } from "../../common/time.ts";
import type { BackfillState, NewBackfill } from "../backfill-runs.ts";
import type { Texts, WorkflowDefinition } from "../scheduler.ts";
import type { NewInstanceRow } from "./store.ts";

export interface NewBackfillRow extends NewBackfill {
  readonly backfillId: string;
  readonly version: number;
  readonly database: string;
}

/** A backfill whose next intervals are due. */
export interface DueBackfill {
  readonly backfillId: string;
  readonly workflowId: WorkflowId;
  /** For users' workflows that of the backfill, for tables the current one. */
  readonly version: number;
  readonly definition: WorkflowDefinition;
  readonly queue: string | null;
  readonly variables: Texts;
  readonly request: Readonly<Record<string, unknown>>;
  readonly intervals: readonly DueInterval[];
}

export interface DueInterval {
  readonly ordinal: number;
  readonly interval: DataInterval | null;
  readonly partition: string | null;
}

/** Makes the instance of each interval, with its place; one for each, in the same order. */
export type MakeInstances = (backfill: DueBackfill, now: Instant) => readonly NewInstanceRow[];

export interface BackfillsStepped {
  /** Instances made. */
  readonly made: number;
  /** Something was done: there may be more to do at once. */
  readonly more: boolean;
  /** Until a throttled one may go on; null: none waits for that. */
  readonly nextIn: Duration | null;
}

export interface BackfillStore {
  // In the caller's transaction ---------------------------------------

  /** The caller holds the workflow's lock. Counts what has a reason as SKIPPED at once. */
  insertBackfill(tx: Tx, row: NewBackfillRow): Promise<void>;
  /**
   * An exclusive, unfinished backfill of the workflow that meets the period, or, where one of both
   * has none, one of the partitions (null in the list: everything); null if there is none.
   * `except` is not looked at.
   */
  overlappingBackfill(
    tx: Tx,
    range: {
      readonly workflowId: WorkflowId;
      readonly period: DataInterval | null;
      readonly partitions: readonly (string | null)[];
      readonly except: string | null;
    },
  ): Promise<string | null>;
  /** The state, and its row locked to the end of the transaction; null if unknown. */
  lockBackfill(
    tx: Tx,
    id: string,
  ): Promise<(BackfillState & { readonly workflowId: WorkflowId }) | null>;
  pauseBackfill(tx: Tx, id: string, paused: boolean): Promise<void>;
  /** Of itself and of its cascade. */
  cancelBackfill(tx: Tx, id: string): Promise<void>;
  /** Opens it again, and what its cascade gave up for it. */
  retryBackfill(tx: Tx, id: string): Promise<void>;
  /** What `overlappingBackfill` wants to know of a stored one. */
  backfillRange(
    tx: Tx,
    id: string,
  ): Promise<{
    readonly exclusive: boolean;
    readonly period: DataInterval | null;
    readonly partitions: readonly (string | null)[];
  }>;

  // By themselves ---------------------------------------

  /**
   * Notes ends of instances, gives up what has lost its workflow or its upstream, makes the next
   * instances, ends what is done: for up to `limit` backfills that nobody else holds.
   */
  stepBackfills(limit: number, make: MakeInstances): Promise<BackfillsStepped>;
  findBackfill(id: string): Promise<BackfillState | null>;
}
