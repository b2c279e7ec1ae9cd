// What users do to backfills, as rows in their own transaction; the loop acts upon them
// (backfill-work.ts). The lock on the workflow's row makes one of two that begin at once see the
// other.

import type { RandomSource } from "../../common/clock.ts";
import { GatewayError } from "../../common/gateway-error.ts";
import type { WorkflowId } from "../../common/ids.ts";
import type { Tx } from "../../common/pg.ts";
import type { BackfillRuns, BackfillState, NewBackfill } from "../backfill-runs.ts";
import type { WorkflowStore } from "./store.ts";

type Locked = BackfillState & { readonly workflowId: WorkflowId };

export class DurableBackfills implements BackfillRuns {
  readonly #store: WorkflowStore;
  readonly #random: RandomSource;

  constructor(store: WorkflowStore, random: RandomSource) {
    this.#store = store;
    this.#random = random;
  }

  async create(tx: Tx, backfill: NewBackfill): Promise<string> {
    const { workflowId, queue, period, intervals } = backfill;
    const workflow = await this.#store.lockWorkflow(tx, workflowId);
    if (workflow === null) throw goneWorkflow(workflowId);
    const [unknown] = queue === null ? [] : await this.#store.unknownQueues(tx, [queue]);
    if (unknown !== undefined) {
      throw new GatewayError("WF-QUEUE-UNKNOWN", `queue "${unknown}" does not exist`);
    }
    if (backfill.exclusive) {
      const run = intervals.filter((interval) => interval.reason === null);
      const partitions = period === null ? run.map(({ partition }) => partition) : [];
      await this.#refuseOverlap(tx, { workflowId, period, partitions, except: null });
    }
    const backfillId = this.#random.hex32();
    const { version, definition } = workflow;
    const { database } = definition;
    await this.#store.insertBackfill(tx, { ...backfill, backfillId, version, database });
    await this.#store.wake(tx);
    return backfillId;
  }

  async pause(tx: Tx, id: string): Promise<void> {
    await this.#lockOpen(tx, id);
    await this.#store.pauseBackfill(tx, id, true);
  }

  async resume(tx: Tx, id: string): Promise<void> {
    await this.#lockOpen(tx, id);
    await this.#store.pauseBackfill(tx, id, false);
    await this.#store.wake(tx);
  }

  async cancel(tx: Tx, id: string): Promise<void> {
    await this.#lockOpen(tx, id);
    await this.#store.cancelBackfill(tx, id);
    await this.#store.wake(tx);
  }

  async retryFailed(tx: Tx, id: string): Promise<void> {
    const { workflowId, status, failed, canceled, reason } = await this.#lock(tx, id);
    const givenUp = status === "FAILED" && reason === "UPSTREAM_FAILED";
    if (status === "CANCELED" || givenUp || failed + canceled === 0) {
      throw new GatewayError("BF-NOT-FAILED", `backfill ${id} has no failed interval to retry`, {
        hint: givenUp ? "RETRY FAILED of the backfill that it waited for." : undefined,
      });
    }
    if ((await this.#store.lockWorkflow(tx, workflowId)) === null) throw goneWorkflow(workflowId);
    const { exclusive, ...range } = await this.#store.backfillRange(tx, id);
    if (exclusive) await this.#refuseOverlap(tx, { workflowId, ...range, except: id });
    await this.#store.retryBackfill(tx, id);
    await this.#store.wake(tx);
  }

  find(id: string): Promise<BackfillState | null> {
    return this.#store.findBackfill(id);
  }

  async #lock(tx: Tx, id: string): Promise<Locked> {
    const state = await this.#store.lockBackfill(tx, id);
    if (state !== null) return state;
    throw new GatewayError("BF-NOTFOUND", `backfill "${id}" does not exist`);
  }

  async #lockOpen(tx: Tx, id: string): Promise<void> {
    const { status } = await this.#lock(tx, id);
    if (status === "PENDING" || status === "RUNNING" || status === "PAUSED") return;
    throw new GatewayError("BF-ENDED", `backfill ${id} has ended ${status}`);
  }

  async #refuseOverlap(
    tx: Tx,
    range: Parameters<WorkflowStore["overlappingBackfill"]>[1],
  ): Promise<void> {
    const other = await this.#store.overlappingBackfill(tx, range);
    if (other === null) return;
    throw new GatewayError("BF-OVERLAP", `backfill ${other} has intervals in the same range`, {
      detail: "Backfills of one table or workflow run beside each other if their ranges are apart.",
      hint: `Wait until it has ended, or ALTER BACKFILL '${other}' CANCEL.`,
    });
  }
}

function goneWorkflow(id: WorkflowId): GatewayError {
  return new GatewayError("WF-NOTFOUND", `workflow ${id} does not exist`);
}
