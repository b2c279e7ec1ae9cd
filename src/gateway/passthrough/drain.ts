// Draining: a query runs to its end whatever its client does, so that no idle client keeps a
// transaction open. Batches lie in memory up to a limit, then in a spool file; beyond that file's
// limit the query waits until the client has taken something, for one minute, and is then
// abandoned (ruling 38).
//
// DrainedRows is a queue between two sides: the drain pushes, the result's pages take. Order is
// that of the query.

import type { Clock, Timer } from "../../common/clock.ts";
import { GatewayError } from "../../common/gateway-error.ts";
import { seconds } from "../../common/time.ts";
import type { RawRow, RowBatch, RowSource } from "../result/query-result.ts";
import { Spool, type SpooledBatch, type SpoolSpace } from "./spool.ts";

export interface DrainLimits {
  /** Bytes of one result that are kept in memory. */
  readonly memoryBytes: number;
  /** Bytes of one result that are kept in its spool. */
  readonly spoolBytes: number;
}

export interface DrainOptions {
  readonly limits: DrainLimits;
  readonly space: SpoolSpace;
  readonly clock: Clock;
  /** Ends the query; called when the reader closes before the end. */
  readonly onClose: () => Promise<void>;
}

/** How long a query waits for its client when nothing more can be kept. */
const patience = seconds(60);

type Batch =
  | { readonly kind: "memory"; readonly rows: readonly RawRow[]; readonly bytes: number }
  | { readonly kind: "spooled"; readonly at: SpooledBatch };

export class DrainedRows implements RowSource {
  readonly #options: DrainOptions;
  readonly #spool: Spool;
  readonly #batches: Batch[] = [];
  #memoryBytes = 0;
  #state: "open" | "done" | "closed" = "open";
  #failure: GatewayError | null = null;
  #wakeReader = signalPair();
  #wakeDrain = signalPair();
  readonly #ended = signalPair();

  constructor(options: DrainOptions) {
    this.#options = options;
    this.#spool = new Spool(options.space);
  }

  // The side of the drain.

  /**
   * Takes a batch; resolves when another may come. Rejects with GW-RESULT-ABANDONED if nobody made
   * room in time, and with GW-CANCELED if the reader is gone.
   */
  async push(rows: readonly RawRow[], bytes: number): Promise<void> {
    this.#refuseIfClosed();
    if (rows.length === 0) return;
    if (this.#memoryBytes + bytes <= this.#options.limits.memoryBytes || this.#diskIsFull()) {
      this.#batches.push({ kind: "memory", rows, bytes });
      this.#memoryBytes += bytes;
    } else {
      this.#batches.push({ kind: "spooled", at: await this.#spool.write(rows) });
    }
    this.#wakeReader.fire();
    await this.#awaitRoom();
  }

  /** Nothing follows: the query ended, or failed. */
  finish(failure: GatewayError | null): void {
    if (this.#state === "open") {
      this.#state = "done";
      this.#failure = failure;
    }
    this.#ended.fire();
    this.#wakeReader.fire();
  }

  /** The error the query ended with, if any. */
  get failure(): GatewayError | null {
    return this.#failure;
  }

  // The side of the reader.

  async take(maxRows: number, maxBytes: number): Promise<RowBatch> {
    const rows: RawRow[] = [];
    let bytes = 0;
    while (rows.length < maxRows && bytes < maxBytes) {
      const batch = this.#batches.shift();
      if (batch === undefined) break;
      const got = await this.#read(batch);
      const perRow = Math.max(1, got.bytes / Math.max(1, got.rows.length));
      const fitting = Math.max(1, Math.floor((maxBytes - bytes) / perRow));
      const room = Math.min(maxRows - rows.length, fitting);
      const part = got.rows.length <= room ? got.rows : got.rows.slice(0, room);
      for (const row of part) rows.push(row);
      const taken = Math.ceil(perRow * part.length);
      bytes += taken;
      if (part.length < got.rows.length) {
        this.#putBack(got.rows.slice(part.length), got.bytes - taken);
      }
    }
    this.#wakeDrain.fire();
    this.#wakeDrain = signalPair();
    if (rows.length === 0 && this.#failure !== null) throw this.#failure;
    return { rows, done: this.#state !== "open" && this.#batches.length === 0 && !this.#failure };
  }

  changed(): Promise<void> {
    if (this.#batches.length > 0 || this.#state !== "open") return Promise.resolve();
    if (this.#wakeReader.fired) this.#wakeReader = signalPair();
    return this.#wakeReader.promise;
  }

  drained(): Promise<void> {
    return this.#ended.promise;
  }

  async close(): Promise<void> {
    if (this.#state === "closed") return;
    const wasOpen = this.#state === "open";
    this.#state = "closed";
    this.#failure = new GatewayError("GW-CANCELED", "canceled on request");
    this.#wakeDrain.fire();
    if (wasOpen) await this.#options.onClose();
    await this.#forgetRows();
    this.#wakeReader.fire();
  }

  async #read(batch: Batch): Promise<{ rows: readonly RawRow[]; bytes: number }> {
    if (batch.kind === "memory") {
      this.#memoryBytes -= batch.bytes;
      return batch;
    }
    try {
      return { rows: await this.#spool.read(batch.at), bytes: batch.at.bytes };
    } catch (error) {
      // The files are gone when the result was closed while a page was being read.
      this.#refuseIfClosed();
      throw error;
    }
  }

  #putBack(rows: readonly RawRow[], bytes: number): void {
    this.#batches.unshift({ kind: "memory", rows, bytes });
    this.#memoryBytes += bytes;
  }

  #diskIsFull(): boolean {
    const { limits, space } = this.#options;
    return this.#spool.unreadBytes >= limits.spoolBytes || space.usedBytes >= space.maxBytes;
  }

  async #awaitRoom(): Promise<void> {
    const { limits } = this.#options;
    while (this.#memoryBytes > limits.memoryBytes && this.#diskIsFull()) {
      this.#refuseIfClosed();
      let timer: Timer | undefined;
      const late = new Promise<"late">((resolve) => {
        timer = this.#options.clock.after(patience, () => resolve("late"));
      });
      const woken = await Promise.race([this.#wakeDrain.promise, late]);
      timer?.cancel();
      if (woken === "late") throw await this.#abandon();
    }
    this.#refuseIfClosed();
  }

  async #abandon(): Promise<GatewayError> {
    const failure = new GatewayError(
      "GW-RESULT-ABANDONED",
      "the result was abandoned: its rows were not fetched in time",
      { hint: "Fetch without long pauses, or select fewer rows." },
    );
    this.finish(failure);
    await this.#forgetRows();
    return failure;
  }

  #refuseIfClosed(): void {
    if (this.#state === "closed") throw new GatewayError("GW-CANCELED", "canceled on request");
  }

  async #forgetRows(): Promise<void> {
    this.#batches.length = 0;
    this.#memoryBytes = 0;
    await this.#spool.close();
  }
}

interface SignalPair {
  readonly promise: Promise<void>;
  readonly fired: boolean;
  fire(): void;
}

function signalPair(): SignalPair {
  let resolve: () => void = () => undefined;
  let fired = false;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return {
    promise,
    get fired() {
      return fired;
    },
    fire() {
      fired = true;
      resolve();
    },
  };
}
