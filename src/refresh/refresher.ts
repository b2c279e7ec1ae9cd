// THE DOOR: the only way into a materialized table, for first loads, slots, REFRESH, repairs and
// backfills alike. One task instance is one refresh run is one transaction: data, ledger, run row
// and the task's outcome commit together or not at all. A failure is recorded in a transaction of
// its own, under the same fence; a run that was fenced out records nothing.

import type { Catalog } from "../catalog/catalog.ts";
import type { MaterializedTable } from "../catalog/materialized-table.ts";
import type { RandomSource } from "../common/clock.ts";
import { GatewayError } from "../common/gateway-error.ts";
import { asId, type RunId, type TableId } from "../common/ids.ts";
import type { Database, Tx } from "../common/pg.ts";
import { sql } from "../common/sql.ts";
import type { Instant } from "../common/time.ts";
import type { Engine, RefreshMeasures } from "../engine/engine.ts";
import type { Scheduler } from "../scheduler/scheduler.ts";
import type { Claim, ClaimedTask, TaskContext, TaskOutcome } from "../scheduler/task-runner.ts";
import { afterRun } from "./after-run.ts";
import { classifyFailure, type Failure, isDataFault, isSilent } from "./classify-failure.ts";
import { frozenBy } from "./frozen.ts";
import { failCells, markScope, settleCells } from "./ledger.ts";
import { admit } from "./may-run.ts";
import type { RefreshScope } from "../engine/refresh-step.ts";
import { planRefresh, type RefreshPlan } from "./plan-refresh.ts";
import type { Reason } from "./reasons.ts";
import type { RefreshRequest } from "./refresh-request.ts";
import { queueSeparately } from "./repairs.ts";
import { recordRun, type RunRecord } from "./run-record.ts";
import { loadKin, markChildren } from "./stale-children.ts";
import { loadAnalysisNow } from "./stored-analysis.ts";

export interface RefresherServices {
  readonly database: Database;
  readonly catalog: Catalog;
  readonly engine: Engine;
  readonly scheduler: Scheduler;
  readonly random: RandomSource;
  /** Told of what must not pass in silence and has no row to stand in. */
  readonly onError: (error: unknown) => void;
  /** Told of each run that has ended, after its record. Must not throw. */
  readonly onEnd: (end: RunEnd) => void;
}

/** How a run ended, with the ids that its rows have. */
export interface RunEnd {
  readonly runId: RunId;
  readonly tableId: TableId;
  readonly task: ClaimedTask;
  readonly outcome: TaskOutcome;
  /** Null unless it succeeded. */
  readonly measures: RefreshMeasures | null;
}

/** A passage through the door, from the claimed task. */
export interface RefreshTask {
  readonly tableId: TableId;
  readonly request: RefreshRequest;
  readonly task: ClaimedTask;
  /**
   * Asked for by a user's workflow: that the table is suspended does not hold it up, each attempt
   * runs the definition of its moment, and what cannot be run is a failure, not passed over.
   */
  readonly byWorkflow?: boolean;
}

/**
 * How often a run begins again because the definition changed under it, before it gives up as
 * SUPERSEDED.
 */
const replans = 3;

/** The definition changed between plan and snapshot; nothing was written. */
class SupersededError extends Error {
  override readonly name = "SupersededError";
}

export class Refresher {
  readonly #services: RefresherServices;

  constructor(services: RefresherServices) {
    this.#services = services;
  }

  /** Runs it to its recorded end. Never rejects. */
  async run(what: RefreshTask, context: TaskContext): Promise<TaskOutcome> {
    const runId = asId<RunId>(this.#services.random.hex32());
    const passage = new Passage(this.#services, what, context, runId);
    const outcome = await this.#pass(passage, what);
    if (outcome.kind === "deferred") return outcome;
    const measures = outcome.kind === "succeeded" ? passage.measures : null;
    this.#services.onEnd({ runId, tableId: what.tableId, task: what.task, outcome, measures });
    return outcome;
  }

  async #pass(passage: Passage, what: RefreshTask): Promise<TaskOutcome> {
    try {
      const outcome = await passage.run();
      await this.#follow(what, passage, outcome);
      return outcome;
    } catch (error) {
      const failure = await passage.recordFailure(error);
      await this.#follow(what, passage, failure);
      return failure;
    }
  }

  /** What the ledger and the readers still lack; if it cannot be done now, the next run does it. */
  async #follow({ task }: RefreshTask, passage: Passage, outcome: TaskOutcome): Promise<void> {
    const { table } = passage;
    if (table === null || outcome.kind === "fenced" || outcome.kind === "deferred") return;
    const measures = outcome.kind === "succeeded" ? passage.measures : null;
    try {
      await afterRun(this.#services, { table, task, outcome, measures });
    } catch (error) {
      this.#services.onError(error);
    }
  }
}

/**
 * One run, with what is known of it so far: the record of a failure needs it wherever the failure
 * happened.
 */
class Passage {
  readonly #services: RefresherServices;
  readonly #what: RefreshTask;
  readonly #context: TaskContext;
  readonly #runId: RunId;
  #table: MaterializedTable | null = null;
  #plan: RefreshPlan | null = null;
  #measures: RefreshMeasures | null = null;
  /** What the record must say beside the outcome. */
  #remark: Reason | null = null;
  #startedAt: Instant;

  constructor(services: RefresherServices, what: RefreshTask, context: TaskContext, runId: RunId) {
    this.#services = services;
    this.#what = what;
    this.#context = context;
    this.#runId = runId;
    this.#startedAt = what.task.claimedAt;
  }

  /** The definition that ran; null if the table was gone. */
  get table(): MaterializedTable | null {
    return this.#table;
  }

  /** What was last settled with; it has happened only if the run succeeded. */
  get measures(): RefreshMeasures | null {
    return this.#measures;
  }

  async run(): Promise<TaskOutcome> {
    for (let attempt = 1; attempt <= replans; attempt++) {
      try {
        return await this.#once();
      } catch (error) {
        if (!(error instanceof SupersededError)) throw error;
      }
    }
    return this.#skip("SUPERSEDED");
  }

  /**
   * Records what ended the run by an error. What was cancelled or took too long is only noted: the
   * scheduler, which asked for the end, records the task's outcome. If recording fails, the
   * scheduler has the outcome all the same.
   */
  async recordFailure(error: unknown): Promise<TaskOutcome> {
    const failure = classifyFailure(error, this.#context.signal);
    if (failure.kind === "fenced" || isSilent(failure)) return failure;
    if (failure.kind === "failed" && failure.code === "GW-INTERNAL") this.#services.onError(error);
    try {
      await this.#services.database.transaction(async (tx) => {
        await this.#recordEnd(tx, failure);
        if (isDataFault(error)) await this.#isolate(tx);
        if (failure.kind === "failed") await this.#context.settle(tx, failure);
      });
      return failure;
    } catch (again) {
      const second = classifyFailure(again, this.#context.signal);
      if (second.kind === "fenced") return second;
      this.#services.onError(again);
      return failure;
    }
  }

  /** What the schedule bundled in one run is tried cell by cell. */
  async #isolate(tx: Tx): Promise<void> {
    const kind = this.#what.request.kind;
    const scope = this.#plan?.scope;
    if (kind !== "scheduled" && kind !== "repair") return;
    if (this.#what.byWorkflow === true) return;
    if (this.#table === null || scope?.kind !== "partitions") return;
    await queueSeparately(tx, this.#services.scheduler, this.#table, scope.specs);
  }

  async #once(): Promise<TaskOutcome> {
    const { database, catalog } = this.#services;
    const table = await catalog.findById(database, this.#what.tableId);
    this.#table = table;
    if (table === null) return this.#skip("TABLE_DROPPED");
    const refused = await this.#whyNot(table);
    if (refused !== null) return this.#skip(refused);
    const { analysis, now, hasParents } = await loadAnalysisNow(database, table.id);
    this.#startedAt = now;
    const { task, request } = this.#what;
    const candidate = { table, task, request, hasParents, now };
    const admission = await admit(database, candidate, this.#context);
    if (admission.kind === "defer") return { ...admission, kind: "deferred" };
    const plan = planRefresh(table, analysis, request, frozenBy(table, now));
    if (admission.kind === "skip" && plan !== null) return this.#skip(admission.reason, plan);
    this.#plan = plan;
    if (plan === null || admission.kind === "skip") return this.#skip("NO_CELLS");
    if (!isClaimed(plan.scope, task.claim)) return this.#skip("SUPERSEDED");
    this.#remark = admission.reason;
    return this.#execute(table, plan);
  }

  /** A reason not to run at all; null: run. */
  async #whyNot(table: MaterializedTable): Promise<Reason | null> {
    const { task, request, byWorkflow = false } = this.#what;
    const bySchedule = !byWorkflow && (request.kind === "scheduled" || request.kind === "repair");
    if (bySchedule && table.status === "SUSPENDED") return "SUSPENDED";
    const partitions = "partitions" in request ? (request.partitions ?? []) : [];
    const foreign = partitions.some((spec) =>
      Object.keys(spec).some((key) => !table.partitionKeys.includes(key)),
    );
    if (foreign) return "SUPERSEDED";
    if (task.attempt === 1 || byWorkflow) return null;
    // A retry runs the definition that its earlier attempt ran, or nothing.
    const rows = await this.#services.database.query<{ version: number | null }>(sql`
      SELECT table_version AS version FROM sluice_private.refresh_runs
      WHERE instance_id = ${task.instanceId} AND table_version IS NOT NULL
      ORDER BY finished_at DESC LIMIT 1`);
    const pinned = rows[0]?.version ?? table.version;
    return pinned === table.version ? null : "SUPERSEDED";
  }

  async #execute(table: MaterializedTable, plan: RefreshPlan): Promise<TaskOutcome> {
    const { database, name } = table.identifier;
    const { signal } = this.#context;
    const { request } = this.#what;
    signal.throwIfAborted();
    await this.#services.engine.refresh({
      target: {
        displayName: `${database}.${name}`,
        database,
        name,
        columns: table.columns,
        partitionKeys: table.partitionKeys,
        timeZone: table.timeZone,
      },
      steps: plan.steps,
      serial: request.kind === "backfill" && request.throttled,
      onBackend: (pid) => this.#context.attachBackend(pid),
      onStep: (done, total, what) => this.#context.progress(done, total, what),
      settle: (tx, measures) => this.#settle(tx, measures, table, plan),
      signal,
    });
    return { kind: "succeeded" };
  }

  /** The last statements of the refresh's own transaction. */
  async #settle(
    tx: Tx,
    measures: RefreshMeasures,
    table: MaterializedTable,
    plan: RefreshPlan,
  ): Promise<void> {
    // The snapshot was taken after the target's lock, which ALTER and DROP wait for: what it shows
    // is what was run.
    this.#measures = measures;
    const version = await this.#services.catalog.versionOf(tx, table.id);
    if (version !== table.version) throw new SupersededError();
    const { children, rootTimestamp } = await loadKin(tx, table.id, measures.dataTimestamp);
    const run = { runId: this.#runId, scope: plan.scope, measures, rootTimestamp };
    await settleCells(tx, table, run);
    const { changed } = measures;
    await markChildren(tx, this.#services.catalog, table, { children, changed });
    const { code = null } = plan.wholeBecause ?? {};
    await recordRun(tx, {
      ...this.#record(),
      status: "SUCCESSFUL",
      measures,
      reason: this.#remark ?? measures.reason ?? code,
    });
    await this.#context.settle(tx, { kind: "succeeded" });
  }

  /** `plan`: what would have been computed, if it has to be known as stale. */
  async #skip(reason: Reason, plan: RefreshPlan | null = null): Promise<TaskOutcome> {
    if (this.#what.byWorkflow === true) refuseToSkip(reason);
    const outcome: TaskOutcome = { kind: "skipped", reason };
    await this.#services.database.transaction(async (tx) => {
      await recordRun(tx, { ...this.#record(), status: "SKIPPED", reason });
      if (reason === "UPSTREAM_FAILED" && plan !== null && this.#table !== null) {
        await markScope(tx, this.#table, plan.scope, { state: "STALE", reason });
      }
      await this.#context.settle(tx, outcome);
    });
    return outcome;
  }

  async #recordEnd(tx: Tx, failure: Exclude<Failure, { readonly kind: "fenced" }>): Promise<void> {
    const record = this.#record();
    if (failure.kind === "canceled" && failure.reason !== "TIMED_OUT") {
      await recordRun(tx, { ...record, status: "CANCELED", reason: failure.reason });
      return;
    }
    const { code, message } =
      failure.kind === "failed"
        ? failure
        : { code: "WF-TIMEOUT", message: "the attempt took too long" };
    await recordRun(tx, { ...record, status: "FAILED", errorCode: code, error: message });
    if (this.#table === null) return;
    if (code === "MT-STORAGE-MISSING") await this.#suspend(tx, this.#table);
    if (this.#plan === null) return;
    const scope = this.#plan.scope;
    await failCells(tx, this.#table, { runId: this.#runId, scope, reason: code });
  }

  /**
   * The stored table was dropped from outside: nothing runs until CREATE OR ALTER has made it anew.
   */
  async #suspend(tx: Tx, { id, workflowId }: MaterializedTable): Promise<void> {
    const { catalog } = this.#services;
    const table = await catalog.lockById(tx, id);
    if (table === null || (await catalog.relationOf(tx, id)) !== null) return;
    await catalog.update(tx, { ...table, status: "SUSPENDED" });
    await this.#services.scheduler.disable(tx, workflowId);
  }

  #record(): Omit<RunRecord, "status"> {
    return {
      runId: this.#runId,
      task: this.#what.task,
      tableId: this.#what.tableId,
      table: this.#table,
      scope: this.#plan?.scope ?? null,
      startedAt: this.#startedAt,
      measures: null,
      errorCode: null,
      error: null,
      reason: null,
    };
  }
}

/** A user's workflow goes on after a skipped task: what it did not get must stop it. */
function refuseToSkip(reason: Reason): void {
  if (reason === "TABLE_DROPPED") {
    throw new GatewayError("MT-NOTFOUND", "the materialized table of the task does not exist");
  }
  if (reason !== "SUPERSEDED") return;
  throw new GatewayError("WF-SUPERSEDED", "the materialized table of the task was altered", {
    detail: "What the run set aside for itself when it was made is not what it would refresh now.",
    hint: "Run the workflow again.",
  });
}

/**
 * True if the claim covers what would be computed. It does not if the definition changed after the
 * claim was made; the cells outside it may be in another run's hands.
 */
function isClaimed(scope: RefreshScope, claim: Claim | null): boolean {
  const scopes = claim?.scopes ?? null;
  if (scopes === null) return true;
  if (scope.kind === "whole") return scopes.some((claimed) => Object.keys(claimed).length === 0);
  return scope.specs.every((spec) =>
    scopes.some((claimed) =>
      Object.keys(claimed).every((key) => key in spec && spec[key] === claimed[key]),
    ),
  );
}
