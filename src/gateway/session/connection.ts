// Which connection serves a session (ruling 37). A session owns none: each statement takes one
// from the pool, gives it the session's settings and returns it. State that only one connection
// has (an open transaction, a temporary table, a prepared statement, LISTEN, advisory locks …)
// pins it to the session until the state is gone, the session ends, or nobody used it for 60 s
// outside a transaction. DISCARD ALL precedes the way back into the pool.
//
// A pinned connection serves one statement at a time: a result that is still being drained holds
// it.

import type { Clock, Timer } from "../../common/clock.ts";
import { GatewayError } from "../../common/gateway-error.ts";
import type { SessionHandle } from "../../common/ids.ts";
import { quoteIdent } from "../../common/sql.ts";
import { seconds } from "../../common/time.ts";
import type { PinReason, SettingChange, StatementClass } from "../passthrough/classify.ts";
import type { Settings, UserConnection, UserPool } from "../passthrough/user-pool.ts";
import { offsetMinutes } from "../result/fixed-row.ts";
import { type Session, timeZoneKey } from "./session.ts";

export interface SessionConnectionsOptions {
  readonly pool: UserPool;
  readonly maxPinned: number;
  readonly clock: Clock;
}

/**
 * A connection for one statement; `finish` must be called once, when nothing of the statement is
 * left on it.
 */
export interface Lease {
  readonly connection: UserConnection;
  /** True if a statement that ends now commits by itself. */
  readonly autocommit: boolean;
  finish(statement: FinishedStatement): Promise<void>;
}

export interface FinishedStatement {
  readonly class: StatementClass;
  /** The command tag; empty if it failed. */
  readonly tag: string;
  /** True if the connection must not serve anybody again (a cancel may still hit it). */
  readonly spoiled: boolean;
}

/** The settings of a pinned connection that follow the session. */
interface Base {
  readonly path: string;
  readonly zone: string;
}

interface Pin {
  readonly connection: UserConnection;
  readonly reasons: Set<PinReason>;
  /** SETs of the open transaction: they count when it commits. */
  readonly pending: Map<string, SettingChange>;
  /** The lease that has it now. */
  busy: Promise<void>;
  /** What was told to it of the session; null: to be told again. */
  base: Base | null;
  idle: Timer | undefined;
}

const idleLimit = seconds(60);

export class SessionConnections {
  readonly #options: SessionConnectionsOptions;
  readonly #pins = new Map<SessionHandle, Pin>();
  #pinning = 0;

  constructor(options: SessionConnectionsOptions) {
    this.#options = options;
  }

  /** Sessions that hold a connection of their own. */
  get pinned(): number {
    return this.#pins.size + this.#pinning;
  }

  /** True while the session is inside a transaction block. */
  isInTransaction(session: Session): boolean {
    const pin = this.#pins.get(session.handle);
    return pin !== undefined && statusOf(pin.connection) !== "I";
  }

  /**
   * A connection with the session's settings. `zone` is the one in effect for this statement.
   * Rejects with GW-TOO-MANY-PINNED, GW-UNAVAILABLE, GW-CANCELED, or PostgreSQL's error about a
   * setting.
   */
  async lease(
    session: Session,
    statement: StatementClass,
    zone: string,
    signal: AbortSignal,
  ): Promise<Lease> {
    const pin = this.#pins.get(session.handle);
    if (pin !== undefined) return this.#leasePinned(session, pin, zone, signal);
    if (statement.pins.length > 0) return this.#leaseNewPin(session, zone, signal);
    const connection = await this.#take(session, zone, signal);
    return {
      connection,
      autocommit: true,
      finish: async (finished) => {
        if (finished.spoiled) return connection.destroy();
        await this.#remember(session, connection, statement.settings);
        connection.release();
      },
    };
  }

  /** The session ended: what it holds goes, open transactions are rolled back by the server. */
  drop(handle: SessionHandle): void {
    const pin = this.#pins.get(handle);
    if (pin !== undefined) this.#unpin(handle, pin);
  }

  /** Drops everything. */
  close(): void {
    for (const [handle, pin] of this.#pins) this.#unpin(handle, pin);
  }

  async #take(session: Session, zone: string, signal: AbortSignal): Promise<UserConnection> {
    const connection = await this.#options.pool.take(signal);
    try {
      await connection.apply(settingsOf(session, zone));
      return connection;
    } catch (error) {
      connection.destroy();
      throw error;
    }
  }

  async #leaseNewPin(session: Session, zone: string, signal: AbortSignal): Promise<Lease> {
    if (this.pinned >= this.#options.maxPinned) {
      throw new GatewayError(
        "GW-TOO-MANY-PINNED",
        `${this.pinned} sessions hold a connection of their own, which is the limit`,
        { hint: "End transactions, or drop temporary objects and prepared statements." },
      );
    }
    this.#pinning += 1;
    let pin: Pin;
    try {
      pin = {
        connection: await this.#take(session, zone, signal),
        reasons: new Set(),
        pending: new Map(),
        busy: Promise.resolve(),
        base: baseOf(session, zone),
        idle: undefined,
      };
      this.#pins.set(session.handle, pin);
    } finally {
      this.#pinning -= 1;
    }
    return this.#hold(session, pin);
  }

  async #leasePinned(
    session: Session,
    pin: Pin,
    zone: string,
    signal: AbortSignal,
  ): Promise<Lease> {
    await unlessAborted(pin.busy, signal);
    if (this.#pins.get(session.handle) !== pin) throw lostState();
    const lease = this.#hold(session, pin);
    try {
      await tellBase(pin, baseOf(session, zone));
      return lease;
    } catch (error) {
      this.#unpin(session.handle, pin);
      throw error;
    }
  }

  #hold(session: Session, pin: Pin): Lease {
    pin.idle?.cancel();
    let free: () => void = () => undefined;
    pin.busy = new Promise((resolve) => {
      free = resolve;
    });
    const before = statusOf(pin.connection);
    return {
      connection: pin.connection,
      autocommit: before === "I",
      finish: async (finished) => {
        try {
          await this.#settle(session, pin, finished, before);
        } finally {
          free();
        }
      },
    };
  }

  /**
   * After a statement on a pinned connection: what it changed, and whether the connection stays.
   */
  async #settle(
    session: Session,
    pin: Pin,
    finished: FinishedStatement,
    before: string,
  ): Promise<void> {
    if (this.#pins.get(session.handle) !== pin) return;
    const status = statusOf(pin.connection);
    if (pin.connection.isBroken()) return this.#unpin(session.handle, pin);
    const succeeded = finished.tag !== "";
    const { pins, unpins, settings } = finished.class;
    if (succeeded || status !== "I") for (const reason of pins) pin.reasons.add(reason);
    // Locks and settings that a failed statement made by calls stay outside the transaction's fate.
    if (!succeeded) for (const reason of pins) if (isSticky(reason)) pin.reasons.add(reason);
    if (succeeded) for (const reason of unpins) pin.reasons.delete(reason);
    if (succeeded) for (const change of settings) noteSetting(pin.pending, change);
    if (status !== "I") return;
    pin.reasons.delete("transaction");
    const committed = before === "I" || /^(COMMIT|PREPARE TRANSACTION)$/.test(finished.tag);
    if (committed) await this.#remember(session, pin.connection, [...pin.pending.values()]);
    else pin.base = null;
    pin.pending.clear();
    if (pin.reasons.size === 0) return this.#giveBack(session.handle, pin);
    pin.idle = this.#options.clock.after(idleLimit, () => {
      this.#giveBack(session.handle, pin).catch(() => undefined);
    });
  }

  /** What SET and RESET changed, as PostgreSQL has it now. */
  async #remember(
    session: Session,
    connection: UserConnection,
    changes: readonly SettingChange[],
  ): Promise<void> {
    if (changes.length === 0) return;
    connection.forgetSettings();
    for (const change of changes) {
      if (change.kind === "reset all") session.forgetSettings();
      else if (change.kind === "reset") session.forgetSetting(change.name);
      else await rememberValue(session, connection, change.name);
    }
  }

  async #giveBack(handle: SessionHandle, pin: Pin): Promise<void> {
    this.#pins.delete(handle);
    pin.idle?.cancel();
    try {
      await pin.connection.client.query("DISCARD ALL");
      pin.connection.forgetSettings();
      pin.connection.release();
    } catch {
      // Whatever it was, a connection that cannot discard its state serves nobody again.
      pin.connection.destroy();
    }
  }

  #unpin(handle: SessionHandle, pin: Pin): void {
    if (this.#pins.get(handle) === pin) this.#pins.delete(handle);
    pin.idle?.cancel();
    pin.connection.destroy();
  }
}

function statusOf(connection: UserConnection): string {
  return (
    (
      connection.client as unknown as { getTransactionStatus(): string | null }
    ).getTransactionStatus() ?? "I"
  );
}

function isSticky(reason: PinReason): boolean {
  return reason === "advisory lock" || reason === "setting" || reason === "sequence";
}

function noteSetting(pending: Map<string, SettingChange>, change: SettingChange): void {
  if (change.kind === "reset all") pending.clear();
  pending.set(change.kind === "reset all" ? "*" : change.name, change);
}

async function rememberValue(
  session: Session,
  connection: UserConnection,
  name: string,
): Promise<void> {
  const result = await connection.client.query({
    text: "SELECT pg_catalog.current_setting($1, true), pg_catalog.current_schema()",
    values: [name],
    rowMode: "array",
  });
  const [value, schema] = (result.rows[0] ?? []) as (string | null)[];
  if (value === null || value === undefined) return session.forgetSetting(name);
  if (name === "timezone" && session.adoptTimeZone(value)) return;
  if (name === "search_path" && typeof schema === "string") session.useDatabase(schema);
  // Results are read in ISO form; the order of day and month in input is the user's choice.
  const kept = name === "datestyle" ? value.replace(/^[^,]+/, "ISO") : value;
  session.rememberSetting(name, kept);
  if (kept !== value) {
    await connection.client.query("SELECT pg_catalog.set_config($1, $2, false)", [name, kept]);
  }
}

/**
 * What a connection must have for the session: its current database, its zone, then what SET made.
 */
function settingsOf(session: Session, zone: string): Settings {
  return new Map([
    ["search_path", quoteIdent(session.database)],
    ["timezone", postgresZone(zone)],
    ...session.settings,
  ]);
}

function baseOf(session: Session, zone: string): Base {
  const { settings } = session;
  return {
    path: settings.get("search_path") ?? quoteIdent(session.database),
    zone: settings.get("timezone") ?? postgresZone(zone),
  };
}

/**
 * Tells a pinned connection of a USE or of another zone; in a failed transaction that has to wait.
 */
async function tellBase(pin: Pin, base: Base): Promise<void> {
  if (pin.base?.path === base.path && pin.base.zone === base.zone) return;
  if (statusOf(pin.connection) === "E") return;
  await pin.connection.client.query(
    "SELECT pg_catalog.set_config('search_path', $1, false), pg_catalog.set_config('timezone', $2, false)",
    [base.path, base.zone],
  );
  pin.base = base;
}

/** Flink's `GMT+02:00` is east of Greenwich; PostgreSQL would read it the POSIX way, west. */
function postgresZone(zone: string): string {
  const minutes = offsetMinutes(zone);
  if (minutes === null) return zone;
  const sign = minutes < 0 ? "-" : "+";
  const two = (value: number) => String(value).padStart(2, "0");
  const size = `${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
  return `<${sign}${size}>${sign === "-" ? "+" : "-"}${size}`;
}

function lostState(): GatewayError {
  return new GatewayError("GW-UNAVAILABLE", "the session's connection was lost, and its state");
}

async function unlessAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw new GatewayError("GW-CANCELED", "canceled on request");
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(new GatewayError("GW-CANCELED", "canceled on request"));
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** The zone that a statement is executed in: the overlay's, the session's, or UTC. */
export function zoneOf(property: (key: string) => string | undefined): string {
  return property(timeZoneKey) ?? "UTC";
}
