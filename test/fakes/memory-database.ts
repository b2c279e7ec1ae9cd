// A database in memory with real transactions, for the simulation: rows are immutable values in
// maps; a transaction works on a snapshot and, at its commit, everything that it wrote appears at
// once, or, if somebody changed one of those rows meanwhile, nothing does (40001). Row locks are
// held until the end of the transaction. It holds metadata and data, so that "both or neither" can
// be observed. A transaction whose client is gone lives on until somebody ends its backend.

import type { Isolation, Tx } from "../../src/common/pg.ts";
import type { Sql } from "../../src/common/sql.ts";
import type { Instant } from "../../src/common/time.ts";
import type { NewBackfillRow } from "../../src/scheduler/durable/backfill-store.ts";
import type {
  GatewayIdentity,
  NewInstanceRow,
  NewTask,
} from "../../src/scheduler/durable/store.ts";
import type { InstanceStatus, WorkflowDefinition } from "../../src/scheduler/scheduler.ts";

export interface WorkflowEntry {
  readonly id: string;
  readonly version: number;
  readonly enabled: boolean;
  readonly definition: WorkflowDefinition;
  readonly nextDueAt: Instant | null;
  readonly previousFireAt: Instant | null;
  readonly revision: number;
}

export interface InstanceEntry extends Omit<NewInstanceRow, "tasks" | "ended"> {
  readonly status: InstanceStatus;
  readonly detail: string | null;
  readonly errorCode: string | null;
  readonly error: string | null;
  readonly createdAt: Instant;
  /** Order of creation, as the time stamp alone would not give it. */
  readonly ordinal: number;
  readonly openTasks: number;
  readonly taskCount: number;
}

export interface TaskEntry extends NewTask {
  readonly instanceId: string;
  readonly workflowId: string;
  readonly status: InstanceStatus;
  readonly detail: string | null;
  readonly errorCode: string | null;
  readonly error: string | null;
  readonly retryable: boolean;
  readonly readyAt: Instant;
  readonly ordinal: number;
  readonly attempt: number;
  readonly lost: number;
  readonly token: number;
  /** Which life of the server it was claimed in. */
  readonly serverStart: number;
  readonly gatewayId: string | null;
  readonly claimedAt: Instant | null;
  readonly finishedAt: Instant | null;
  readonly advanced: boolean;
}

export interface GatewayEntry extends GatewayIdentity {
  readonly startedAt: Instant;
  readonly expiresAt: Instant;
}

/** A refresh that was published: one for each commit of a task's own transaction. */
export interface Applied {
  readonly taskInstanceId: string;
  /** Under which it was claimed. */
  readonly token: number;
  readonly instanceId: string;
  readonly attempt: number;
  readonly at: Instant;
}

export interface IntervalEntry {
  readonly status: "PENDING" | "OPEN" | "SUCCESSFUL" | "FAILED" | "SKIPPED" | "CANCELED";
  readonly reason: string | null;
  readonly instanceId: string | null;
}

export interface BackfillEntry {
  readonly row: NewBackfillRow;
  /** By ordinal. */
  readonly intervals: readonly IntervalEntry[];
  readonly serial: number;
  readonly status: "PENDING" | "RUNNING" | "SUCCESSFUL" | "FAILED" | "CANCELED";
  readonly paused: boolean;
  readonly reason: string | null;
  readonly notBefore: Instant | null;
  readonly finished: boolean;
}

export interface Tables {
  readonly workflows: Map<string, WorkflowEntry>;
  readonly instances: Map<string, InstanceEntry>;
  readonly tasks: Map<string, TaskEntry>;
  readonly cancels: Map<string, string>;
  readonly backends: Map<string, { readonly token: number; readonly pid: number }>;
  readonly gateways: Map<string, GatewayEntry>;
  readonly history: Map<string, InstanceEntry & { readonly finishedAt: Instant }>;
  readonly taskHistory: Map<string, TaskEntry>;
  readonly attempts: Map<string, TaskEntry>;
  readonly data: Map<string, Applied>;
  readonly queues: Map<string, number>;
  /** By `id version`. */
  readonly versions: Map<string, WorkflowDefinition>;
  readonly backfills: Map<string, BackfillEntry>;
}

export function emptyTables(): Tables {
  return {
    workflows: new Map(),
    instances: new Map(),
    tasks: new Map(),
    cancels: new Map(),
    backends: new Map(),
    gateways: new Map(),
    history: new Map(),
    taskHistory: new Map(),
    attempts: new Map(),
    data: new Map(),
    backfills: new Map(),
    queues: new Map([
      ["default-queue", 10],
      ["tables", 8],
    ]),
    versions: new Map(),
  };
}

function copyOf(tables: Tables): Tables {
  const maps = Object.entries(tables).map(([name, rows]) => [name, new Map(rows)]);
  return Object.fromEntries(maps) as Tables;
}

/** An error as PostgreSQL raises it. */
export class SqlStateError extends Error {
  override readonly name = "SqlStateError";
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export class MemoryTx implements Tx {
  readonly backendPid: number;
  readonly base: Tables;
  readonly work: Tables;
  open = true;
  readonly #database: MemoryDatabase;
  readonly #isolation: Isolation;

  constructor(database: MemoryDatabase, pid: number, isolation: Isolation) {
    this.#database = database;
    this.#isolation = isolation;
    this.backendPid = pid;
    this.base = copyOf(database.tables);
    this.work = copyOf(database.tables);
  }

  /** Throws if the backend has been ended. */
  check(): void {
    if (!this.open) throw new SqlStateError("57P01", "terminating connection");
  }

  /** A statement begins: in READ COMMITTED it sees what others have committed by now. */
  statement(): void {
    this.check();
    if (this.#isolation === "repeatable read") return;
    for (const name of Object.keys(this.base) as (keyof Tables)[]) {
      const base: Map<string, unknown> = this.base[name];
      const work: Map<string, unknown> = this.work[name];
      const current: Map<string, unknown> = this.#database.tables[name];
      for (const key of new Set([...base.keys(), ...current.keys()])) {
        if (base.get(key) !== work.get(key)) continue;
        for (const rows of [base, work]) {
          if (current.has(key)) rows.set(key, current.get(key));
          else rows.delete(key);
        }
      }
    }
  }

  /** Takes a row lock until the end; where PostgreSQL would wait, this fails with 55P03. */
  lock(row: string): void {
    this.check();
    if (this.#database.isLocked(row, this)) throw new SqlStateError("55P03", `${row} is locked`);
    this.#database.locks.set(row, this);
  }

  commit(): void {
    this.check();
    this.#database.commit(this);
  }

  /** Ends the transaction without effect; harmless if it has ended. */
  abort(): void {
    this.open = false;
    this.#database.unlock(this);
  }

  query<Row extends object>(_statement: Sql): Promise<Row[]> {
    return Promise.reject(new SqlStateError("0A000", "the memory database has no SQL"));
  }

  execute(_statement: Sql): Promise<number> {
    return Promise.reject(new SqlStateError("0A000", "the memory database has no SQL"));
  }

  savepoint<T>(body: () => Promise<T>): Promise<T> {
    return body();
  }
}

export class MemoryDatabase {
  tables: Tables = emptyTables();
  readonly locks = new Map<string, MemoryTx>();
  readonly #backends = new Map<number, MemoryTx>();
  readonly #now: () => Instant;
  /** Grows with each restart. */
  serverStart = 0;
  /** As of the last commit that waited for the disk; null: that is now. */
  #flushed: Tables | null = null;
  #serial = 0;

  constructor(now: () => Instant) {
    this.#now = now;
  }

  now(): Instant {
    return this.#now();
  }

  /** Grows with each call. */
  serial(): number {
    this.#serial += 1;
    return this.#serial;
  }

  begin(isolation: Isolation): MemoryTx {
    const tx = new MemoryTx(this, this.serial(), isolation);
    this.#backends.set(tx.backendPid, tx);
    return tx;
  }

  isLocked(row: string, by?: MemoryTx): boolean {
    const holder = this.locks.get(row);
    return holder !== undefined && holder !== by;
  }

  commit(tx: MemoryTx): void {
    for (const name of Object.keys(this.tables) as (keyof Tables)[]) {
      const base: Map<string, unknown> = tx.base[name];
      const work: Map<string, unknown> = tx.work[name];
      const current = this.tables[name] as Map<string, unknown>;
      for (const key of new Set([...base.keys(), ...work.keys()])) {
        if (base.get(key) === work.get(key)) continue;
        if (current.get(key) !== base.get(key)) {
          tx.abort();
          throw new SqlStateError("40001", `${name} ${key} was changed meanwhile`);
        }
      }
    }
    for (const name of Object.keys(this.tables) as (keyof Tables)[]) {
      const base: Map<string, unknown> = tx.base[name];
      const work: Map<string, unknown> = tx.work[name];
      const current = this.tables[name] as Map<string, unknown>;
      for (const key of new Set([...base.keys(), ...work.keys()])) {
        if (base.get(key) === work.get(key)) continue;
        if (work.has(key)) current.set(key, work.get(key));
        else current.delete(key);
      }
    }
    tx.open = false;
    this.unlock(tx);
  }

  unlock(tx: MemoryTx): void {
    this.#backends.delete(tx.backendPid);
    for (const [row, holder] of this.locks) if (holder === tx) this.locks.delete(row);
  }

  /** A claim follows: its commit does not wait for the disk. */
  keepBefore(): void {
    this.#flushed ??= copyOf(this.tables);
  }

  /** Something is committed that a restart may forget. */
  get hasTail(): boolean {
    return this.#flushed !== null;
  }

  /** Everything up to here is on disk. */
  flush(): void {
    this.#flushed = null;
  }

  /** The server dies and comes back; what was not on disk may be gone with it. */
  restart(tailIsLost: boolean): void {
    for (const tx of this.#backends.values()) tx.abort();
    if (tailIsLost && this.#flushed !== null) this.tables = this.#flushed;
    this.#flushed = null;
    this.serverStart += 1;
  }

  /** pg_terminate_backend. */
  terminate(pid: number): void {
    this.#backends.get(pid)?.abort();
  }

  /** Runs `body` in a transaction of its own. */
  async transaction<T>(body: (tx: MemoryTx) => Promise<T>): Promise<T> {
    const tx = this.begin("read committed");
    try {
      const value = await body(tx);
      tx.commit();
      return value;
    } catch (error) {
      tx.abort();
      throw error;
    }
  }
}
