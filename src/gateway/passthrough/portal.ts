// One statement on one connection in the extended protocol: parse, bind, describe, then execute in
// batches. Rows stay in PostgreSQL's text format. A statement that is done after its first batch
// costs two round trips.
//
// States: waiting (a batch is being executed) → suspended (more rows may follow) → waiting …, or →
// done. After the last row Sync is sent, and the batch counts as complete only at ReadyForQuery:
// an implicit transaction is committed then.

import type pg from "pg";
import { assert } from "../../common/assert.ts";
import type { RawRow } from "../result/query-result.ts";

/** A column as RowDescription has it. */
export interface PgField {
  readonly name: string;
  readonly dataTypeID: number;
  readonly dataTypeModifier: number;
}

export interface PortalBatch {
  readonly rows: RawRow[];
  /** About the bytes that the rows take, for budgets of memory. */
  readonly size: number;
  /** True if the statement has ended and, outside a transaction block, is committed. */
  readonly complete: boolean;
}

/** The part of pg's connection that a portal speaks with. */
interface Wire {
  parse(query: { text: string; name: string; types: number[] }): void;
  bind(config: { portal: string; statement: string; values: unknown[] }): void;
  describe(message: { type: "P"; name: string }): void;
  execute(config: { portal: string; rows: number }): void;
  close(message: { type: "P"; name: string }): void;
  flush(): void;
  sync(): void;
  sendCopyFail(message: string): void;
  readonly stream: { cork?(): void; uncork?(): void };
  once(event: "readyForQuery" | "end", listener: () => void): void;
  removeListener(event: "readyForQuery" | "end", listener: () => void): void;
}

interface Waiter {
  readonly resolve: (batch: PortalBatch) => void;
  readonly reject: (error: Error) => void;
}

export class Portal {
  readonly #text: string;
  #wire: Wire | null = null;
  #rows: RawRow[] = [];
  #size = 0;
  #waiter: Waiter | null = null;
  #pending: Promise<PortalBatch> | null = null;
  #state: "waiting" | "suspended" | "done" = "waiting";
  #ended: () => void = () => undefined;
  readonly #firstRows: number;
  #synced = false;
  /** Null until RowDescription came, and for statements that return no rows. */
  fields: readonly PgField[] | null = null;
  /** The command tag, once the statement has ended. */
  tag = "";
  /** Resolves once nothing of the statement is left on the connection. */
  readonly ended: Promise<void> = new Promise((resolve) => {
    this.#ended = resolve;
  });

  /**
   * `firstRows` 0: everything in one batch and one round trip, for statements that are known to be
   * small.
   */
  constructor(text: string, firstRows: number) {
    this.#text = text;
    this.#firstRows = firstRows;
  }

  /**
   * Sends the statement; the batch has up to `firstRows` rows. Rejects with what PostgreSQL or the
   * socket says.
   */
  start(client: pg.ClientBase): Promise<PortalBatch> {
    const batch = this.#next();
    client.query(this as unknown as pg.Submittable);
    return batch;
  }

  /** The next batch of at most `rows` rows; only after a batch that was not complete. */
  more(rows: number): Promise<PortalBatch> {
    assert(this.#state === "suspended" && this.#wire !== null, "portal is not suspended");
    this.#state = "waiting";
    const batch = this.#next();
    this.#wire.stream.cork?.();
    this.#wire.execute({ portal: "", rows });
    this.#wire.flush();
    this.#wire.stream.uncork?.();
    return batch;
  }

  /**
   * Ends a suspended portal without its remaining rows; resolves when the connection can be used
   * again.
   */
  async end(): Promise<void> {
    if (this.#state !== "suspended" || this.#wire === null) return;
    this.#state = "waiting";
    const ready = this.#next();
    this.#finish();
    await ready;
  }

  /** True once nothing of the statement is left on the connection. */
  get isDone(): boolean {
    return this.#state === "done";
  }

  /** Resolves when no batch is being executed. */
  async idle(): Promise<void> {
    await this.#pending?.catch(() => undefined);
  }

  #next(): Promise<PortalBatch> {
    const batch = new Promise<PortalBatch>((resolve, reject) => {
      this.#waiter = { resolve, reject };
    });
    this.#pending = batch;
    return batch;
  }

  #answer(complete: boolean): void {
    const batch = { rows: this.#rows, size: this.#size, complete };
    this.#rows = [];
    this.#size = 0;
    const waiter = this.#waiter;
    this.#waiter = null;
    waiter?.resolve(batch);
  }

  #done(): void {
    this.#state = "done";
    this.#ended();
  }

  /** Closes the portal, which would hold its locks in a transaction block, and ends the series. */
  #finish(): void {
    if (this.#synced || this.#wire === null) return;
    this.#synced = true;
    this.#wire.stream.cork?.();
    this.#wire.close({ type: "P", name: "" });
    this.#wire.sync();
    this.#wire.stream.uncork?.();
  }

  // What follows is called by pg while the portal is the active query of its client.

  submit(connection: Wire): void {
    this.#wire = connection;
    connection.stream.cork?.();
    connection.parse({ text: this.#text, name: "", types: [] });
    connection.bind({ portal: "", statement: "", values: [] });
    connection.describe({ type: "P", name: "" });
    connection.execute({ portal: "", rows: this.#firstRows });
    if (this.#firstRows === 0) {
      this.#synced = true;
      connection.sync();
    } else {
      connection.flush();
    }
    connection.stream.uncork?.();
  }

  handleRowDescription(message: { fields: readonly PgField[] }): void {
    this.fields = message.fields;
  }

  handleDataRow(message: { fields: (string | null)[] }): void {
    const row = message.fields;
    this.#rows.push(row);
    for (const value of row) this.#size += value === null ? 8 : value.length + 8;
  }

  handlePortalSuspended(): void {
    this.#state = "suspended";
    this.#answer(false);
  }

  handleCommandComplete(message: { text: string }): void {
    this.tag = message.text;
    this.#finish();
  }

  handleEmptyQuery(): void {
    this.#finish();
  }

  handleReadyForQuery(): void {
    this.#done();
    this.#answer(true);
  }

  /**
   * pg has forgotten this query by now, so the ReadyForQuery that follows is awaited on the
   * connection itself.
   */
  handleError(error: Error): void {
    const waiter = this.#waiter;
    this.#waiter = null;
    const reject = () => {
      this.#wire?.removeListener("readyForQuery", reject);
      this.#wire?.removeListener("end", reject);
      this.#done();
      waiter?.reject(error);
    };
    const fromServer = "severity" in error && this.#wire !== null;
    if (!fromServer) return reject();
    this.#wire?.once("readyForQuery", reject);
    this.#wire?.once("end", reject);
    if (!this.#synced) {
      this.#synced = true;
      this.#wire?.sync();
    }
  }

  handleCopyInResponse(connection: Wire): void {
    connection.sendCopyFail("rows cannot be sent through the gateway");
  }

  handleCopyData(): void {
    // COPY TO STDOUT is refused before it is sent; rows of a function that copies are of no
    // interest.
  }
}
