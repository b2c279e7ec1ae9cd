// A result as numbered pages. `current` is the token of the next page: asking for it moves on,
// asking for the one before serves the same rows again, the last token answers end-of-stream any
// number of times, anything else is an error. Fetches of one result happen one after another.
// Pages keep raw rows, so that the same page can be had in either format.

import { GatewayError } from "../../common/gateway-error.ts";
import type { Clock } from "../../common/clock.ts";
import type { Duration } from "../../common/time.ts";
import type { StatementResult } from "../statements/statement-context.ts";
import { sqlExecutionException } from "../flink-exception.ts";
import { fixedRows, type RowFormat } from "./fixed-row.ts";
import { jsonRows } from "./json-row.ts";
import { plainRows } from "./plain-row.ts";
import type { QueryResult, RawRow } from "./query-result.ts";

/** A page as the REST routes write it. */
export interface ResultPage {
  /** True for end-of-stream: no data, no next token. */
  readonly end: boolean;
  readonly isQuery: boolean;
  readonly jobId: string | null;
  readonly resultKind: "SUCCESS" | "SUCCESS_WITH_CONTENT";
  /** JSON text of `results.columns`. */
  readonly columns: string;
  /** JSON text of the elements of `results.data`, without the brackets. */
  readonly data: string;
  readonly nextToken: number;
}

export interface FetchRequest {
  readonly token: number;
  readonly format: RowFormat;
  /** How long an empty page is held back, hoping for rows. */
  readonly hold: Duration;
  /** Aborts when the gateway stops: the page is answered as it is. */
  readonly signal: AbortSignal;
}

/** Rows of one page, and about how many bytes of text. */
const pageRows = 5_000;
const pageBytes = 4 * 1024 * 1024;

type PageRows =
  | { readonly kind: "raw"; readonly rows: readonly RawRow[] }
  | { readonly kind: "fixed" };

export class ResultFetcher {
  readonly #result: StatementResult;
  readonly #zone: string;
  readonly #clock: Clock;
  readonly #columns: string;
  #current = 0;
  #previous: PageRows | null = null;
  #exhausted = false;
  #tail: Promise<unknown> = Promise.resolve();
  readonly #renderers = new Map<RowFormat, (rows: readonly RawRow[]) => string>();

  constructor(result: StatementResult, zone: string, clock: Clock) {
    this.#result = result;
    this.#zone = zone;
    this.#clock = clock;
    this.#columns = JSON.stringify(result.columns);
    this.#exhausted = result.kind === "fixed" && result.rows.length === 0;
  }

  /** The page of a token. Rejects with GW-RESULT-TOKEN, or with the error that ended the query. */
  fetch(request: FetchRequest): Promise<ResultPage> {
    const page = this.#tail.then(() => this.#fetch(request));
    this.#tail = page.catch(() => undefined);
    return page;
  }

  /** Frees rows, files and connection; what is being fetched ends with an error. Idempotent. */
  async close(): Promise<void> {
    this.#previous = null;
    if (this.#result.kind === "query") await this.#result.rows.close();
  }

  async #fetch(request: FetchRequest): Promise<ResultPage> {
    const { token, format } = request;
    if (token === this.#current - 1 && this.#previous !== null) {
      return this.#page(this.#previous, format);
    }
    if (token !== this.#current) throw unexpectedToken(this.#current, token);
    if (this.#exhausted) return this.#end();
    const rows = await this.#nextRows(request);
    if (rows === null) {
      this.#exhausted = true;
      return this.#end();
    }
    this.#previous = rows;
    this.#current += 1;
    return this.#page(rows, format);
  }

  /** The rows of the next page, or null if there are no more. */
  async #nextRows(request: FetchRequest): Promise<PageRows | null> {
    if (this.#result.kind === "fixed") {
      this.#exhausted = true;
      return { kind: "fixed" };
    }
    const source = this.#result.rows;
    const deadline = this.#clock.monotonic() + request.hold;
    for (;;) {
      const batch = await source.take(pageRows, pageBytes);
      if (batch.done) this.#exhausted = true;
      if (batch.rows.length > 0) return { kind: "raw", rows: batch.rows };
      if (batch.done) return null;
      const left = deadline - this.#clock.monotonic();
      if (left <= 0 || request.signal.aborted) return { kind: "raw", rows: [] };
      await awaitChange(source.changed(), this.#clock, left as Duration, request.signal);
    }
  }

  #page(rows: PageRows, format: RowFormat): ResultPage {
    return {
      ...this.#head(),
      end: false,
      data: this.#render(rows, format),
      nextToken: this.#current,
    };
  }

  #end(): ResultPage {
    return { ...this.#head(), end: true, data: "", nextToken: this.#current };
  }

  #head() {
    const result = this.#result;
    return {
      isQuery: result.kind === "query" && result.isQuery,
      jobId: result.kind === "query" ? result.jobId : null,
      resultKind: result.kind === "query" ? ("SUCCESS_WITH_CONTENT" as const) : result.resultKind,
      columns: this.#columns,
    };
  }

  #render(rows: PageRows, format: RowFormat): string {
    if (this.#result.kind === "fixed") return fixedRows(this.#result, format, this.#zone);
    return rows.kind === "raw" ? this.#renderer(this.#result, format)(rows.rows) : "";
  }

  #renderer(result: QueryResult, format: RowFormat): (rows: readonly RawRow[]) => string {
    const known = this.#renderers.get(format);
    if (known !== undefined) return known;
    const made = format === "JSON" ? jsonRows(result.pgTypes) : plainRows(result.pgTypes);
    this.#renderers.set(format, made);
    return made;
  }
}

function unexpectedToken(current: number, token: number): GatewayError {
  const wanted = current === 0 ? "0" : `${current} or ${current - 1}`;
  const text = `Expecting token to be ${wanted}, but found ${token}.`;
  return new GatewayError("GW-RESULT-TOKEN", `unexpected token ${token}`, {
    detail: `Expected ${wanted}.`,
    flink: {
      class: sqlExecutionException,
      text,
    },
  });
}

/**
 * Resolves when something changed, `left` has passed, or `signal` aborts; leaves no timer behind.
 */
export async function awaitChange(
  change: Promise<unknown>,
  clock: Clock,
  left: Duration,
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  // A reason of one's own spares the making of a DOMException with its stack, at each fetch.
  const stop = () => over.abort("over");
  signal.addEventListener("abort", stop, { once: true });
  try {
    await Promise.race([change, clock.sleep(left, over.signal)]);
  } finally {
    over.abort("over");
    signal.removeEventListener("abort", stop);
  }
}
