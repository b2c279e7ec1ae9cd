// The sessions of this gateway: found in memory or, after a restart or from another gateway, in
// the store. Reading a session costs no statement; uses are noted in batches; what a statement
// changed is written before it counts as done. Another gateway that changes a session says so
// (sessions' channel), and the copy here is read again.

import type { Clock, RandomSource } from "../../common/clock.ts";
import { GatewayError } from "../../common/gateway-error.ts";
import { asId, type SessionHandle } from "../../common/ids.ts";
import { type Duration, milliseconds, seconds } from "../../common/time.ts";
import { sqlGatewayException } from "../flink-exception.ts";
import { isConnectionLoss } from "../passthrough/pg-failure.ts";
import { OperationQueue } from "../operation/operation-queue.ts";
import { Session, type SessionDefaults, type SessionRecord } from "./session.ts";
import type { SessionStore } from "./session-store.ts";

/** A session that this gateway has in memory, with its operations. */
export interface LiveSession {
  readonly session: Session;
  readonly operations: OperationQueue;
}

export interface SessionManagerOptions {
  readonly store: SessionStore;
  readonly defaults: SessionDefaults;
  /** Null: sessions never expire. */
  readonly idleTimeout: Duration | null;
  /** 0: no limit. */
  readonly maxNum: number;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** A session is over, by whatever means: its connection is to be dropped. */
  readonly onEnd: (handle: SessionHandle) => void;
  /** The database could not be reached by the keeper; it tries again. */
  readonly onError: (error: unknown) => void;
}

interface Entry extends LiveSession {
  /** Monotonic time of the last request. */
  lastAccess: number;
  /** True if used since the last note to the store. */
  used: boolean;
  dirty: boolean;
  /** True if another gateway may have changed or closed it. */
  stale: boolean;
}

const keepEvery = seconds(30);

export class SessionManager {
  readonly #options: SessionManagerOptions;
  readonly #entries = new Map<SessionHandle, Entry>();
  readonly #loading = new Map<SessionHandle, Promise<Entry | null>>();
  readonly #stop = new AbortController();
  #keeper: Promise<void> = Promise.resolve();

  constructor(options: SessionManagerOptions) {
    this.#options = options;
  }

  /** Sessions in memory. */
  get count(): number {
    return this.#entries.size;
  }

  /** Every session in memory. */
  all(): Iterable<LiveSession> {
    return this.#entries.values();
  }

  /** Starts what expires sessions and notes their uses. */
  start(): void {
    this.#keeper = this.#keep();
  }

  /** A new session. Rejects with GW-TOO-MANY-SESSIONS. */
  async open(name: string | null, properties: ReadonlyMap<string, string>): Promise<Session> {
    const { maxNum, random, defaults, store } = this.#options;
    if (maxNum > 0 && this.#entries.size >= maxNum) throw tooMany(maxNum);
    const record: SessionRecord = {
      handle: asId<SessionHandle>(random.uuid()),
      name,
      properties,
      database: defaults.database,
      settings: new Map(),
    };
    const entry = this.#enter(record);
    try {
      await store.insert(entry.session.record());
      return entry.session;
    } catch (error) {
      this.#entries.delete(record.handle);
      throw unavailable(error);
    }
  }

  /** The session, noted as used now. Rejects with GW-SESSION-UNKNOWN. */
  async use(handle: SessionHandle): Promise<LiveSession> {
    const known = this.#entries.get(handle);
    const entry =
      known === undefined || (known.stale && !known.operations.isBusy)
        ? await this.#load(handle)
        : known;
    if (entry === null) throw unknownSession(handle);
    entry.lastAccess = this.#options.clock.monotonic();
    entry.used = true;
    return entry;
  }

  /** Writes what has changed of the session, if anything. */
  async save(session: Session): Promise<void> {
    const entry = this.#entries.get(session.handle);
    if (entry === undefined || !entry.dirty) return;
    entry.dirty = false;
    try {
      await this.#options.store.update(session.record());
    } catch (error) {
      entry.dirty = true;
      throw unavailable(error);
    }
  }

  /** Ends a session. Rejects with GW-SESSION-UNKNOWN if there is none. */
  async close(handle: SessionHandle): Promise<void> {
    const entry = this.#entries.get(handle);
    this.#entries.delete(handle);
    let existed: boolean;
    try {
      existed = await this.#options.store.remove(handle);
    } catch (error) {
      if (entry !== undefined) this.#entries.set(handle, entry);
      throw unavailable(error);
    }
    if (entry !== undefined) await this.#end(handle, entry);
    if (!existed) throw unknownSession(handle);
  }

  /**
   * Another gateway changed or closed it (null: any may have been): the copy is read again when it
   * is next used.
   */
  distrust(handle: SessionHandle | null): void {
    if (handle === null) for (const entry of this.#entries.values()) entry.stale = true;
    const entry = handle === null ? undefined : this.#entries.get(handle);
    if (entry !== undefined) entry.stale = true;
  }

  /** Stops the keeper, ends operations, notes uses; sessions stay in the store. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#keeper;
    for (const entry of this.#entries.values()) await entry.operations.close();
    await this.#noteUses().catch(this.#options.onError);
  }

  #enter(record: SessionRecord): Entry {
    const { clock, defaults } = this.#options;
    const session = new Session(record, defaults, () => {
      entry.dirty = true;
    });
    const entry: Entry = {
      session,
      operations: new OperationQueue(clock),
      lastAccess: clock.monotonic(),
      used: false,
      dirty: false,
      stale: false,
    };
    this.#entries.set(record.handle, entry);
    return entry;
  }

  #load(handle: SessionHandle): Promise<Entry | null> {
    const running = this.#loading.get(handle);
    if (running !== undefined) return running;
    const loading = this.#read(handle).finally(() => this.#loading.delete(handle));
    this.#loading.set(handle, loading);
    return loading;
  }

  async #read(handle: SessionHandle): Promise<Entry | null> {
    const { store, idleTimeout } = this.#options;
    const record = await store.load(handle, idleTimeout).catch((error: unknown) => {
      throw unavailable(error);
    });
    const known = this.#entries.get(handle);
    if (record === null) {
      this.#entries.delete(handle);
      if (known !== undefined) await this.#end(handle, known);
      return null;
    }
    if (known === undefined) return this.#enter(record);
    known.stale = false;
    if (!known.dirty) known.session.adopt(record);
    return known;
  }

  async #end(handle: SessionHandle, entry: Entry): Promise<void> {
    await entry.operations.close();
    this.#options.onEnd(handle);
  }

  async #keep(): Promise<void> {
    const { clock, idleTimeout, onError } = this.#options;
    const pause =
      idleTimeout === null ? keepEvery : milliseconds(Math.min(keepEvery, idleTimeout / 4));
    while (!this.#stop.signal.aborted) {
      await clock.sleep(pause, this.#stop.signal);
      if (this.#stop.signal.aborted) return;
      try {
        await this.#noteUses();
        await this.#expire();
      } catch (error) {
        onError(error);
      }
      for (const entry of this.#entries.values()) entry.operations.collect();
    }
  }

  /**
   * One statement for all sessions that were used; those that are gone from the store end here
   * too.
   */
  async #noteUses(): Promise<void> {
    const used = [...this.#entries].filter(([, entry]) => entry.used);
    if (used.length === 0) return;
    for (const [, entry] of used) entry.used = false;
    const alive = await this.#options.store.touch(used.map(([handle]) => handle));
    for (const [handle, entry] of used) {
      if (alive.has(handle) || this.#entries.get(handle) !== entry) continue;
      this.#entries.delete(handle);
      await this.#end(handle, entry);
    }
  }

  async #expire(): Promise<void> {
    const { idleTimeout, store } = this.#options;
    if (idleTimeout === null) return;
    for (const handle of await store.expire(idleTimeout)) {
      const entry = this.#entries.get(handle);
      if (entry === undefined) continue;
      this.#entries.delete(handle);
      await this.#end(handle, entry);
    }
    for (const entry of this.#entries.values()) await this.save(entry.session);
  }
}

function tooMany(limit: number): GatewayError {
  return new GatewayError("GW-TOO-MANY-SESSIONS", `there are ${limit} sessions, the limit`, {
    hint: "Close sessions, or raise sessions.max-num.",
    flink: {
      class: sqlGatewayException,
      text:
        "Failed to create session, the count of active sessions exceeds the max count: " + limit,
    },
  });
}

function unknownSession(handle: SessionHandle): GatewayError {
  return new GatewayError("GW-SESSION-UNKNOWN", `session ${handle} does not exist`, {
    flink: {
      class: sqlGatewayException,
      text: `Session '${handle}' does not exist.`,
    },
  });
}

function unavailable(error: unknown): unknown {
  if (!isConnectionLoss(error)) return error;
  return new GatewayError("GW-UNAVAILABLE", "the database cannot be reached", {
    hint: "Try again in a moment; sessions are kept.",
    cause: error,
  });
}
