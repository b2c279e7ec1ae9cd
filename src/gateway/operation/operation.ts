// One operation: a statement that was submitted, its status, and its result.
//
// INITIALIZED → PENDING (waits for its turn in the session) → RUNNING (its executor works) →
// FINISHED, or FETCHABLE while rows are still drained, or ERROR. Cancel leads to CANCELED only if
// the statement really ended by it: a statement that was faster than the cancel is FINISHED, and
// the cancel is refused.

import type { Clock } from "../../common/clock.ts";
import { GatewayError } from "../../common/gateway-error.ts";
import type { OperationHandle } from "../../common/ids.ts";
import { sqlGatewayException } from "../flink-exception.ts";
import { seconds } from "../../common/time.ts";
import {
  awaitChange,
  type FetchRequest,
  ResultFetcher,
  type ResultPage,
} from "../result/result-fetcher.ts";
import type { Notice, StatementResult } from "../statements/statement-context.ts";
import { operationMachine, type OperationState, statusName } from "./operation-status.ts";

/** Most notices that are kept of one operation; the log has all. */
const keptNotices = 100;
/** How long a cancel or close waits for the statement to end. */
const endLimit = seconds(5);

/** Executes the statement; the signal aborts on cancel and close. */
export type OperationBody = (operation: Operation) => Promise<StatementResult>;

export class Operation {
  readonly handle: OperationHandle;
  readonly #clock: Clock;
  readonly #zone: string;
  readonly #abort = new AbortController();
  readonly #notices: Notice[] = [];
  #state: OperationState = "INITIALIZED";
  #fetcher: ResultFetcher | null = null;
  #error: GatewayError | null = null;
  #settle: () => void = () => undefined;
  /** Resolves when the executor has returned, or never will be called. */
  readonly settled: Promise<void>;
  /** By the clock's monotonic time. */
  lastAccess: number;

  constructor(handle: OperationHandle, zone: string, clock: Clock) {
    this.handle = handle;
    this.#zone = zone;
    this.#clock = clock;
    this.lastAccess = clock.monotonic();
    this.settled = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.#to("PENDING");
  }

  get state(): OperationState {
    return this.#state;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get error(): GatewayError | null {
    return this.#error;
  }

  get notices(): readonly Notice[] {
    return this.#notices;
  }

  /** True once a result, an error or an end is there. */
  get isSettled(): boolean {
    return !["INITIALIZED", "PENDING", "RUNNING"].includes(this.#state);
  }

  addNotice(notice: Notice): void {
    if (this.#notices.length < keptNotices) this.#notices.push(notice);
  }

  /** Runs the body when its turn has come; never rejects. */
  async run(body: OperationBody): Promise<void> {
    if (this.#state !== "PENDING") return;
    this.#to("RUNNING");
    try {
      const result = await body(this);
      await this.#succeed(result);
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#settle();
    }
  }

  /** POST cancel. Rejects with GW-OPERATION-STATUS if it has ended, or did not react. */
  async cancel(): Promise<void> {
    if (!operationMachine.allows(this.#state, "CANCELED")) throw this.#refused("CANCELED");
    if (this.#state === "FETCHABLE") {
      this.#to("CANCELED");
      await this.#fetcher?.close();
      return;
    }
    this.#abort.abort("cancel");
    if (this.#state !== "RUNNING") return this.#endUnstarted("CANCELED");
    await this.#awaitEnd();
    if (this.#state === "RUNNING") {
      this.#to("CANCELED");
      throw this.#stuck();
    }
    if (this.#state !== "CANCELED") throw this.#refused("CANCELED");
  }

  /**
   * DELETE close: ends what runs and frees everything; the operation is forgotten by its session.
   * Never rejects.
   */
  async close(): Promise<void> {
    if (this.#state === "CLOSED") return;
    const ran = this.#state === "RUNNING";
    this.#abort.abort("close");
    if (this.#state === "PENDING") return this.#endUnstarted("CLOSED");
    this.#to("CLOSED");
    await this.#fetcher?.close();
    if (ran) await this.#awaitEnd();
  }

  /** The page, or null while there is none (NOT_READY). Rejects with the statement's error. */
  async fetch(request: FetchRequest): Promise<ResultPage | null> {
    if (!this.isSettled && request.hold > 0) {
      await awaitChange(this.settled, this.#clock, request.hold, request.signal);
    }
    this.lastAccess = this.#clock.monotonic();
    switch (this.#state) {
      case "INITIALIZED":
      case "PENDING":
      case "RUNNING":
        return null;
      case "FETCHABLE":
      case "FINISHED":
        return this.#fetcher === null ? null : this.#fetcher.fetch(request);
      case "ERROR":
        throw this.#error ?? new GatewayError("GW-INTERNAL", "internal error");
      default:
        throw this.#notFetchable();
    }
  }

  async #succeed(result: StatementResult): Promise<void> {
    if (this.#state !== "RUNNING") {
      // Closed, or given up by a cancel, meanwhile: nobody will fetch it.
      if (result.kind === "query") await result.rows.close();
      return;
    }
    this.#fetcher = new ResultFetcher(result, this.#zone, this.#clock);
    if (result.kind === "fixed") return this.#to("FINISHED");
    this.#to("FETCHABLE");
    result.rows
      .drained()
      .then(() => {
        if (this.#state === "FETCHABLE") this.#to("FINISHED");
      })
      .catch(() => undefined);
  }

  #fail(error: unknown): void {
    if (this.#state !== "RUNNING") return;
    const known =
      error instanceof GatewayError
        ? error
        : new GatewayError("GW-INTERNAL", "internal error", { cause: error });
    if (known.code === "GW-CANCELED" && this.signal.aborted) return this.#to("CANCELED");
    this.#error = known;
    this.#to("ERROR");
  }

  #endUnstarted(state: "CANCELED" | "CLOSED"): void {
    this.#to(state);
    this.#settle();
  }

  #awaitEnd(): Promise<void> {
    return awaitChange(this.settled, this.#clock, endLimit, new AbortController().signal);
  }

  #to(state: OperationState): void {
    if (!operationMachine.allows(this.#state, state)) throw this.#refused(state);
    this.#state = state;
  }

  #refused(to: OperationState): GatewayError {
    const from = statusName(this.#state);
    return new GatewayError("GW-OPERATION-STATUS", `operation is ${from}, not to be ${to}`, {
      flink: {
        class: sqlGatewayException,
        text: `Failed to convert the Operation Status from ${from} to ${to} for ${this.handle}.`,
      },
    });
  }

  #notFetchable(): GatewayError {
    const status = statusName(this.#state);
    return new GatewayError("GW-OPERATION-STATUS", `operation is ${status} and has no result`, {
      flink: {
        class: sqlGatewayException,
        text: `Can not fetch results from the ${this.handle} in ${status} status.`,
      },
    });
  }

  #stuck(): GatewayError {
    return new GatewayError("GW-OPERATION-STATUS", "the statement did not end in time", {
      flink: {
        class: sqlGatewayException,
        text:
          `Operation '${this.handle}' did not react to "Future.cancel(true)" and ` +
          "is stuck for 5 seconds in method.",
      },
    });
  }
}
