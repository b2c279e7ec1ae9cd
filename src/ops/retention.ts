// Prunes history, events and notifications, a small batch at a time, beside all other work: nothing
// waits for it, and it waits for nobody. Of all gateways one prunes at a time (an advisory lock for
// each batch); which one does not matter. Each batch is a transaction: it may be killed anywhere.

import type { Clock } from "../common/clock.ts";
import { Lane } from "../common/lane.ts";
import type { Log } from "../common/log.ts";
import type { Database, Tx } from "../common/pg.ts";
import { sql } from "../common/sql.ts";
import { type Duration, milliseconds, seconds } from "../common/time.ts";
import {
  nextWorkflow,
  prunedByAge,
  type PrunedKind,
  pruneByAge,
  pruneByCount,
  type RetentionPolicy,
} from "./retention-batches.ts";

export interface RetentionOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly policy: RetentionPolicy;
  /** Told of each batch that deleted something. */
  readonly onPruned: (kind: PrunedKind, count: number) => void;
}

/** "Rete" in ASCII. */
const lockKey = 0x52657465;
const batchSize = 500;
/** Between two batches while there is more: so it takes a small part of the server's time. */
const pause = milliseconds(100);
/** When nothing was left. */
const rest = seconds(60);
/** Milliseconds between two passes over the workflows that count their runs. */
const countEvery = 3_600_000;

/** What is left of a pass over the workflows. */
interface CountPass {
  /** The last workflow that is done. */
  readonly after: string;
  readonly begunAt: number;
}

export class Retention {
  readonly #options: RetentionOptions;
  readonly #lane: Lane;
  #countPass: CountPass | null = null;
  #countedAt = Number.NEGATIVE_INFINITY;

  constructor(options: RetentionOptions) {
    this.#options = options;
    const { clock, log } = options;
    this.#lane = new Lane({
      clock,
      name: "retention",
      work: () => this.#work(),
      onError: (error, where) => log.warn({ err: error, where }, "will retry"),
    });
  }

  start(): void {
    this.#lane.start();
  }

  stop(): Promise<void> {
    return this.#lane.stop();
  }

  async #work(): Promise<Duration> {
    const more = await this.pruneOnce();
    return more ? pause : rest;
  }

  /** One batch of each kind, and of the runs of the next workflow; true if there may be more. */
  async pruneOnce(): Promise<boolean> {
    let more = false;
    for (const kind of prunedByAge) {
      const { policy } = this.#options;
      const count = await this.#batch((tx) => pruneByAge(tx, kind, policy, batchSize));
      if (count > 0) this.#options.onPruned(kind, count);
      more ||= count >= batchSize;
    }
    return (await this.#countNext()) || more;
  }

  /** A batch of the workflow whose turn it is; true if the pass is not over. */
  async #countNext(): Promise<boolean> {
    const now = this.#options.clock.monotonic();
    if (this.#countPass === null && now - this.#countedAt < countEvery) return false;
    const pass = this.#countPass ?? { after: "", begunAt: now };
    const { policy, onPruned } = this.#options;
    let next: string | null = null;
    const count = await this.#batch(async (tx) => {
      next = await nextWorkflow(tx, pass.after);
      return next === null ? 0 : pruneByCount(tx, next, policy, batchSize);
    });
    if (count > 0) onPruned("instances", count);
    if (next === null) {
      this.#countPass = null;
      this.#countedAt = pass.begunAt;
      return false;
    }
    this.#countPass = count >= batchSize ? pass : { ...pass, after: next };
    return true;
  }

  /** Nothing, if another gateway prunes right now. */
  #batch(work: (tx: Tx) => Promise<number>): Promise<number> {
    return this.#options.database.transaction(async (tx) => {
      const rows = await tx.query<{ mine: boolean }>(
        sql`SELECT pg_try_advisory_xact_lock(${lockKey}) AS mine`,
      );
      return rows[0]?.mine === true ? work(tx) : 0;
    });
  }
}
