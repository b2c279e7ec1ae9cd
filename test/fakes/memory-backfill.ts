// The memory store's part of backfills: a backfill with all its intervals is one row, so that its
// figures are counted instead of kept.

import { asId, type WorkflowId } from "../../src/common/ids.ts";
import type { Tx } from "../../src/common/pg.ts";
import { instant, milliseconds } from "../../src/common/time.ts";
import type { BackfillState } from "../../src/scheduler/backfill-runs.ts";
import type {
  BackfillStore,
  BackfillsStepped,
  DueBackfill,
  MakeInstances,
  NewBackfillRow,
} from "../../src/scheduler/durable/backfill-store.ts";
import type { BackfillEntry, IntervalEntry, MemoryDatabase, Tables } from "./memory-database.ts";
import { insertRows, memory, must } from "./memory-rows.ts";

type Range = Parameters<BackfillStore["overlappingBackfill"]>[1];

export class MemoryBackfills implements BackfillStore {
  readonly #db: MemoryDatabase;

  constructor(database: MemoryDatabase) {
    this.#db = database;
  }

  async insertBackfill(tx: Tx, row: NewBackfillRow): Promise<void> {
    const { work } = memory(tx);
    const intervals = row.intervals.map(
      ({ reason, instanceId = null }): IntervalEntry => ({
        status: reason !== null ? "SKIPPED" : instanceId === null ? "PENDING" : "OPEN",
        reason,
        instanceId,
      }),
    );
    work.backfills.set(row.backfillId, {
      row,
      intervals,
      serial: this.#db.serial(),
      status: row.parent === null ? "RUNNING" : "PENDING",
      paused: false,
      reason: null,
      notBefore: null,
      finished: false,
    });
  }

  async overlappingBackfill(tx: Tx, range: Range): Promise<string | null> {
    const { work } = memory(tx);
    for (const [id, entry] of work.backfills) {
      const { row, finished } = entry;
      if (row.workflowId !== range.workflowId || finished || !row.exclusive) continue;
      if (id !== range.except && meets(entry, range)) return id;
    }
    return null;
  }

  async backfillRange(tx: Tx, id: string) {
    const { row, intervals } = must(memory(tx).work.backfills.get(id));
    const again = row.intervals.filter((_, n) => isRetried(must(intervals[n])));
    const partitions = row.period === null ? again.map(({ partition }) => partition) : [];
    return { exclusive: row.exclusive, period: row.period, partitions };
  }

  async lockBackfill(tx: Tx, id: string) {
    memory(tx).lock(`backfill ${id}`);
    const entry = memory(tx).work.backfills.get(id);
    return entry === undefined ? null : { ...stateOf(entry), workflowId: entry.row.workflowId };
  }

  async pauseBackfill(tx: Tx, id: string, paused: boolean): Promise<void> {
    const { work } = memory(tx);
    work.backfills.set(id, { ...must(work.backfills.get(id)), paused });
  }

  async cancelBackfill(tx: Tx, id: string): Promise<void> {
    const transaction = memory(tx);
    const { work } = transaction;
    for (const [key, entry] of work.backfills) {
      const open = entry.status === "PENDING" || entry.status === "RUNNING";
      if ((key !== id && entry.row.parent?.id !== id) || !open) continue;
      transaction.lock(`backfill ${key}`);
      work.backfills.set(key, givenUp(entry, "CANCELED", "canceled", null));
      for (const { status, instanceId } of entry.intervals) {
        if (status !== "OPEN" || instanceId === null || !work.instances.has(instanceId)) continue;
        if (!work.cancels.has(instanceId)) work.cancels.set(instanceId, "CANCELED");
      }
    }
  }

  async retryBackfill(tx: Tx, id: string): Promise<void> {
    const transaction = memory(tx);
    const { work } = transaction;
    const entry = must(work.backfills.get(id));
    const root = entry.row.parent?.id ?? id;
    const level = entry.row.parent?.level ?? 0;
    work.backfills.set(id, reopened(entry, "RUNNING", isRetried));
    for (const [key, child] of work.backfills) {
      const { parent } = child.row;
      if (parent?.id !== root || parent.level <= level) continue;
      if (child.reason !== "UPSTREAM_FAILED") continue;
      transaction.lock(`backfill ${key}`);
      const waits = ({ status, reason }: IntervalEntry) =>
        status === "SKIPPED" && reason === "UPSTREAM_FAILED";
      work.backfills.set(key, reopened(child, "PENDING", waits));
    }
  }

  async stepBackfills(limit: number, make: MakeInstances): Promise<BackfillsStepped> {
    const { tables } = this.#db;
    const entries = [...tables.backfills.values()]
      .filter(({ row, finished }) => !finished && !this.#db.isLocked(`backfill ${row.backfillId}`))
      .sort((a, b) => a.serial - b.serial);
    let made = 0;
    let changed = 0;
    for (const entry of entries) {
      if (changed >= limit) break;
      const id = entry.row.backfillId;
      const before = tables.backfills.get(id);
      this.#noteEnds(id);
      this.#giveUpLost(id);
      made += this.#makeNext(id, make);
      this.#endDone(id);
      if (tables.backfills.get(id) !== before) changed += 1;
    }
    return { made, more: changed > 0, nextIn: changed > 0 ? null : this.#untilThrottled() };
  }

  async findBackfill(id: string): Promise<BackfillState | null> {
    const entry = this.#db.tables.backfills.get(id);
    return entry === undefined ? null : stateOf(entry);
  }

  #noteEnds(id: string): void {
    const { tables } = this.#db;
    const entry = must(tables.backfills.get(id));
    let rested: number | null = null;
    const intervals = entry.intervals.map((interval): IntervalEntry => {
      const { status, instanceId } = interval;
      if (status !== "OPEN" || instanceId === null || tables.instances.has(instanceId)) {
        return interval;
      }
      const end = tables.history.get(instanceId);
      if (end === undefined) return { ...interval, status: "FAILED", reason: "LOST" };
      const ran = end.finishedAt - (startOf(tables, instanceId) ?? end.finishedAt);
      rested = Math.max(rested ?? 0, end.finishedAt) + 9 * ran;
      const word = end.errorCode ?? end.detail;
      const reason = end.status === "SUCCESSFUL" ? null : word;
      return { ...interval, status: end.status as IntervalEntry["status"], reason };
    });
    if (intervals.every((interval, n) => interval === entry.intervals[n])) return;
    const notBefore = rested === null || !entry.row.throttled ? null : instant(rested);
    tables.backfills.set(id, { ...entry, intervals, notBefore });
  }

  #giveUpLost(id: string): void {
    const { tables } = this.#db;
    const entry = must(tables.backfills.get(id));
    if (entry.status !== "PENDING" && entry.status !== "RUNNING") return;
    if (!tables.workflows.has(entry.row.workflowId)) {
      tables.backfills.set(id, givenUp(entry, "CANCELED", "dropped", "DROPPED"));
      return;
    }
    if (entry.status === "RUNNING") return;
    const lower = this.#lower(entry);
    if (lower.some((other) => other.finished && other.status !== "SUCCESSFUL")) {
      const word = "UPSTREAM_FAILED";
      tables.backfills.set(id, givenUp(entry, "FAILED", word, word));
    } else if (lower.every((other) => other.finished)) {
      tables.backfills.set(id, { ...entry, status: "RUNNING" });
    }
  }

  #lower({ row }: BackfillEntry): readonly BackfillEntry[] {
    const root = row.parent?.id;
    return [...this.#db.tables.backfills.values()].filter(
      (other) =>
        (other.row.backfillId === root || other.row.parent?.id === root) &&
        (other.row.parent?.level ?? 0) < (row.parent?.level ?? 0),
    );
  }

  #makeNext(id: string, make: MakeInstances): number {
    const { tables } = this.#db;
    const entry = must(tables.backfills.get(id));
    const due = this.#due(entry);
    if (due === null || due.intervals.length === 0) return 0;
    const rows = make(due, this.#db.now());
    insertRows(this.#db, tables, rows);
    const intervals = [...entry.intervals];
    for (const { instanceId, backfill } of rows) {
      intervals[must(backfill ?? undefined).ordinal] = { status: "OPEN", reason: null, instanceId };
    }
    tables.backfills.set(id, { ...entry, intervals, notBefore: null });
    return rows.length;
  }

  #due(entry: BackfillEntry): DueBackfill | null {
    const { row, intervals } = entry;
    const workflow = this.#db.tables.workflows.get(row.workflowId);
    const rests = entry.notBefore !== null && entry.notBefore > this.#db.now();
    if (entry.status !== "RUNNING" || entry.paused || rests || workflow === undefined) return null;
    if (this.#db.isLocked(`workflow ${row.workflowId}`)) return null;
    const open = intervals.filter(({ status }) => status === "OPEN").length;
    const next = intervals.flatMap(({ status }, ordinal) => {
      const { interval, partition } = must(row.intervals[ordinal]);
      return status === "PENDING" ? [{ ordinal, interval, partition }] : [];
    });
    const { backfillId, workflowId, queue, variables, request } = row;
    const version = workflow.definition.kind === "table" ? workflow.version : row.version;
    const definition = must(this.#db.tables.versions.get(`${workflowId} ${version}`));
    const room = Math.max(0, row.parallelism - open);
    return {
      backfillId,
      workflowId,
      version,
      definition,
      queue,
      variables,
      request,
      intervals: next.slice(0, room),
    };
  }

  #endDone(id: string): void {
    const { tables } = this.#db;
    const entry = must(tables.backfills.get(id));
    const { pending, open, failed } = stateOf(entry);
    if (entry.status === "PENDING" || entry.finished || pending + open > 0) return;
    const end = failed > 0 ? "FAILED" : "SUCCESSFUL";
    const status = entry.status === "RUNNING" ? end : entry.status;
    tables.backfills.set(id, { ...entry, status, finished: true });
  }

  #untilThrottled() {
    const waits = [...this.#db.tables.backfills.values()].flatMap((entry) => {
      const { pending, open } = stateOf(entry);
      const room = pending > 0 && open < entry.row.parallelism;
      const running = !entry.finished && entry.status === "RUNNING" && !entry.paused;
      return running && room && entry.notBefore !== null ? [entry.notBefore - this.#db.now()] : [];
    });
    return waits.length === 0 ? null : milliseconds(Math.max(1, Math.min(...waits)));
  }
}

/** When the first task of an ended instance started. */
function startOf(tables: Tables, instanceId: string): number | null {
  const starts = [...tables.taskHistory.values()].flatMap((task) =>
    task.instanceId === instanceId && task.claimedAt !== null ? [task.claimedAt] : [],
  );
  return starts.length === 0 ? null : Math.min(...starts);
}

function isRetried({ status }: IntervalEntry): boolean {
  return status === "FAILED" || status === "CANCELED";
}

function givenUp(
  entry: BackfillEntry,
  status: "CANCELED" | "FAILED",
  word: string,
  reason: string | null,
): BackfillEntry {
  const intervals = entry.intervals.map(
    (interval): IntervalEntry =>
      interval.status === "PENDING" ? { ...interval, status: "SKIPPED", reason: word } : interval,
  );
  const finished = !intervals.some((interval) => interval.status === "OPEN");
  return { ...entry, intervals, status, reason, finished };
}

function reopened(
  entry: BackfillEntry,
  status: "RUNNING" | "PENDING",
  which: (interval: IntervalEntry) => boolean,
): BackfillEntry {
  const again: IntervalEntry = { status: "PENDING", reason: null, instanceId: null };
  const intervals = entry.intervals.map((interval) => (which(interval) ? again : interval));
  return { ...entry, intervals, status, reason: null, finished: false };
}

function meets({ row, intervals }: BackfillEntry, { period, partitions }: Range): boolean {
  if (row.period !== null && period !== null) {
    return row.period.start < period.end && row.period.end > period.start;
  }
  if (row.period !== null || period !== null || partitions.includes(null)) return true;
  return row.intervals.some(({ partition }, n) => {
    const { status } = must(intervals[n]);
    const waits = status === "PENDING" || status === "OPEN";
    return waits && (partition === null || partitions.includes(partition));
  });
}

export function stateOf(entry: BackfillEntry): BackfillState & { workflowId: WorkflowId } {
  const count = (word: IntervalEntry["status"]) =>
    entry.intervals.filter(({ status }) => status === word).length;
  const holds = entry.paused && (entry.status === "PENDING" || entry.status === "RUNNING");
  return {
    workflowId: asId<WorkflowId>(entry.row.workflowId),
    status: holds ? "PAUSED" : entry.status,
    ended: entry.finished,
    reason: entry.reason,
    total: entry.intervals.length,
    pending: count("PENDING"),
    open: count("OPEN"),
    successful: count("SUCCESSFUL"),
    failed: count("FAILED"),
    skipped: count("SKIPPED"),
    canceled: count("CANCELED"),
  };
}
