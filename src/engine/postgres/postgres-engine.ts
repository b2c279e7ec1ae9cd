// The engine on PostgreSQL: one refresh is one REPEATABLE READ transaction.
//
//   before it   what is to be locked is looked up on another connection: a query would take the
//               snapshot
//   BEGIN       onBackend(pid), settings by SET LOCAL, LOCK TABLE in OID order under a lock_timeout
//   snapshot    taken by the query that also reads the clock and checks the table
//   publish     diff-apply, delete-insert or swap; readers keep the old rows until COMMIT
//   settle      last (for a swap: before the renames, the only thing done under the strong lock)
//   COMMIT      data, ledger, run and outcome become true together, or nothing does

import { assert, present, unreachable } from "../../common/assert.ts";
import type { Clock, RandomSource } from "../../common/clock.ts";
import type { Database, Tx } from "../../common/pg.ts";
import { compile, sql } from "../../common/sql.ts";
import { milliseconds } from "../../common/time.ts";
import type { Engine, RefreshJob, RefreshMeasures, StageTarget } from "../engine.ts";
import type { RefreshStep, StageStep } from "../refresh-step.ts";
import { type CancelWatch, reapBackend, watchForAbort } from "./cancel.ts";
import { applySmall, smallSlice } from "./apply-small.ts";
import { applyDifference, type Publication, type Published, rewriteDirectly } from "./publish.ts";
import { commitError, refreshError } from "./refresh-errors.ts";
import {
  findLockables,
  type Guard,
  type Lockable,
  type LockPatience,
  pins,
  takeLocks,
  takeSnapshot,
} from "./snapshot.ts";
import { stageSelect } from "./stage-sql.ts";
import { buildReplacement, dropReplacement, takeName } from "./swap.ts";

export interface PostgresEngineServices {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** How long a refresh waits for its locks; half a minute in tries of a second if absent. */
  readonly patience?: LockPatience;
  /** Slices of up to so many rows are compared without temporary tables; 500 if absent. */
  readonly smallSlice?: number;
}

/** Locks, snapshot, publication; the records follow with the commit. */
const refreshSteps = 4;
const defaultPatience: LockPatience = {
  timeout: milliseconds(1_000),
  attempts: 30,
  pause: milliseconds(100),
};

/** The engine for the database that the pool leads to. */
export function postgresEngine(services: PostgresEngineServices): Engine {
  return new PostgresEngine(services);
}

type StepOf<Kind extends RefreshStep["kind"]> = Extract<RefreshStep, { readonly kind: Kind }>;

interface Steps {
  readonly lock: StepOf<"lock">;
  readonly stage: StepOf<"stage">;
  readonly verify: StepOf<"verify">;
  readonly publish: StepOf<"publish">;
}

/** Thrown out of a savepoint to undo a settle whose swap starved. */
class SwapStarved extends Error {
  override readonly name = "SwapStarved";
}

class PostgresEngine implements Engine {
  readonly #services: PostgresEngineServices;
  readonly #smallSlice: number;
  #serverVersion: number | undefined;

  constructor(services: PostgresEngineServices) {
    this.#services = services;
    this.#smallSlice = services.smallSlice ?? smallSlice;
  }

  async refresh(job: RefreshJob): Promise<RefreshMeasures> {
    const { database } = this.#services;
    const steps = stepsOf(job.steps);
    let committing = false;
    try {
      job.signal.throwIfAborted();
      const version = await this.#version();
      const lockables = await findLockables(database, job.target, steps.lock.relations);
      return await database.transaction(async (tx) => {
        await job.onBackend(tx.backendPid);
        const watch = watchForAbort(this.#services, tx.backendPid, job.signal);
        const measures = await this.#run(tx, { job, steps, lockables, version }, watch);
        committing = true;
        return measures;
      }, "repeatable read");
    } catch (error) {
      throw committing ? commitError(error, job.target) : refreshError(error, job.target);
    }
  }

  async reap(pid: number, startedAt: string): Promise<void> {
    await reapBackend(this.#services.database, pid, startedAt);
  }

  render(target: StageTarget, step: StageStep): string {
    const { text, values } = compile(stageSelect(step, target));
    assert(values.length === 0, "the values of a stage stand in its text");
    return text;
  }

  /**
   * Asked once: the pins differ by version, and a query inside the transaction would come too
   * early.
   */
  async #version(): Promise<number> {
    if (this.#serverVersion === undefined) {
      const [row] = await this.#services.database.query<{ version: number }>(
        sql`SELECT current_setting('server_version_num')::int AS version`,
      );
      this.#serverVersion = present(row, "the server has a version").version;
    }
    return this.#serverVersion;
  }

  /**
   * The watch is over before COMMIT: a cancel that came late would leave nobody knowing the
   * outcome.
   */
  async #run(tx: Tx, run: Run, watch: CancelWatch): Promise<RefreshMeasures> {
    const { job } = run;
    try {
      const patience = this.#services.patience ?? defaultPatience;
      const settings = pins(job.target, run.version, job.serial);
      job.onStep?.(0, refreshSteps, "waiting for its tables");
      await takeLocks(tx, { lockables: run.lockables, settings, patience }, this.#services.clock);
      job.signal.throwIfAborted();
      job.onStep?.(1, refreshSteps, "looking at what there is");
      const guard = await this.#guard(tx, run);
      job.onStep?.(2, refreshSteps, "computing and publishing");
      const measures = await this.#publish(tx, run, guard);
      job.signal.throwIfAborted();
      return measures;
    } finally {
      await watch.stop();
    }
  }

  #guard(tx: Tx, { job, steps }: Run): Promise<Guard> {
    const { primaryKey } = steps.publish;
    return takeSnapshot(tx, job.target, {
      ...steps.stage,
      primaryKey,
      countUpTo: this.#smallSlice + 1,
    });
  }

  async #publish(tx: Tx, run: Run, guard: Guard): Promise<RefreshMeasures> {
    const publication = publicationOf(run, guard);
    switch (publication.tactic) {
      case "diff-apply":
        return settled(tx, run, guard, await this.#applyChanges(tx, publication, guard));
      case "delete-insert":
        return settled(tx, run, guard, await rewriteDirectly(tx, publication));
      case "swap":
        return this.#swap(tx, run, guard, publication);
      default:
        return unreachable(publication.tactic);
    }
  }

  /** A slice that has some rows, but few, is compared without temporary tables. */
  async #applyChanges(tx: Tx, publication: Publication, guard: Guard): Promise<Published> {
    const small = guard.existing > 0 && guard.existing <= this.#smallSlice;
    const published = small ? await applySmall(tx, publication) : null;
    return published ?? applyDifference(tx, publication);
  }

  async #swap(tx: Tx, run: Run, guard: Guard, publication: Publication): Promise<RefreshMeasures> {
    const { clock, random } = this.#services;
    assert(publication.scope.kind === "whole", "a swap is of the whole table");
    const replacement = await buildReplacement(tx, publication, random);
    if (!replacement) {
      const changes = await this.#applyChanges(tx, publication, guard);
      return settled(tx, run, { ...guard, reason: "SWAP_FOREIGN" }, changes);
    }
    const { published, relation } = replacement;
    try {
      return await tx.savepoint(async () => {
        const measures = await settled(tx, run, guard, { ...published, newRelation: relation });
        if (await takeName(tx, publication, replacement, clock)) return measures;
        throw new SwapStarved();
      });
    } catch (error) {
      if (!(error instanceof SwapStarved)) throw error;
    }
    await dropReplacement(tx, publication, replacement);
    const changes = await this.#applyChanges(tx, publication, guard);
    return settled(tx, run, { ...guard, reason: "SWAP_STARVED" }, changes);
  }
}

/** One refresh on its way. */
interface Run {
  readonly job: RefreshJob;
  readonly steps: Steps;
  readonly lockables: readonly Lockable[];
  readonly version: number;
}

function stepsOf(steps: readonly RefreshStep[]): Steps {
  const find = <Kind extends RefreshStep["kind"]>(kind: Kind): StepOf<Kind> => {
    const found = steps.filter((step): step is StepOf<Kind> => step.kind === kind);
    assert(found.length === 1, `a refresh has one step of kind ${kind}`);
    return present(found[0], kind);
  };
  return {
    lock: find("lock"),
    stage: find("stage"),
    verify: find("verify"),
    publish: find("publish"),
  };
}

function publicationOf({ job, steps }: Run, guard: Guard): Publication {
  const { target } = job;
  const { columns, restrictionsHold, keyIndexed } = guard;
  const { database, name, partitionKeys } = target;
  const table = { database, name, columns, partitionKeys };
  const restrictions = restrictionsHold ? steps.stage.restrictions : [];
  return {
    table,
    keyIndexed,
    select: stageSelect({ ...steps.stage, restrictions }, table),
    scope: steps.publish.scope,
    primaryKey: steps.publish.primaryKey,
    tactic: steps.publish.tactic,
    rewriteAbove: steps.publish.rewriteAbove,
    maxRows: steps.verify.maxRows,
  };
}

/** Completes the measures and settles with them. */
async function settled(
  tx: Tx,
  { job }: Run,
  guard: Guard & { readonly reason?: string },
  published: Omit<RefreshMeasures, "dataTimestamp" | "reason">,
): Promise<RefreshMeasures> {
  const changedType = guard.restrictionsHold ? null : "SOURCE_CHANGED";
  const reason = guard.reason ?? changedType;
  const measures = { ...published, dataTimestamp: guard.dataTimestamp, reason };
  job.onStep?.(3, refreshSteps, "recording");
  await job.settle(tx, measures);
  return measures;
}
