// What users do to instances and queues, as rows in their own transaction. An instance that has
// ended comes back from history; the loop carries on from the rows as after any other event.

import type { RandomSource } from "../../common/clock.ts";
import { GatewayError } from "../../common/gateway-error.ts";
import type { InstanceId } from "../../common/ids.ts";
import type { Tx } from "../../common/pg.ts";
import type { ClaimOf, QueueOptions, RerunSpec } from "../scheduler.ts";
import { newInstance, resolveRun } from "./new-instance.ts";
import { planEnd, planRerun, taskOf } from "./rerun-plan.ts";
import type { LockedInstance, WorkflowStore } from "./store.ts";

/** Made by the first migration: the defaults of workflows and of tables. */
const keptQueues: readonly string[] = ["default-queue", "tables"];

export class InstanceStatements {
  readonly #store: WorkflowStore;
  readonly #random: RandomSource;
  readonly #claimOf: ClaimOf;

  constructor(ports: {
    readonly store: WorkflowStore;
    readonly random: RandomSource;
    readonly claimOf: ClaimOf;
  }) {
    this.#store = ports.store;
    this.#random = ports.random;
    this.#claimOf = ports.claimOf;
  }

  async rerun(tx: Tx, id: InstanceId, what: RerunSpec): Promise<void> {
    const instance = await this.#lock(tx, id);
    if (instance.open) {
      throw new GatewayError("WF-INSTANCE-RUNNING", `instance ${id} has not ended`, {
        hint: "Cancel it, or wait for its end.",
      });
    }
    if (instance.tasks.length === 0) return this.#makeTasks(tx, instance, what);
    const tasks = planRerun(instance.tasks, what);
    if (tasks.length === 0) return;
    const gated = await this.#gated(tx, instance);
    await this.#store.reopen(tx, { instanceId: id, gated, tasks, marked: null });
    await this.#store.wake(tx);
  }

  /** MARK and SKIP. A task that is done already stays as it is. */
  async endTask(
    tx: Tx,
    { id, task: name }: { readonly id: InstanceId; readonly task: string },
    status: "SUCCESSFUL" | "SKIPPED",
  ): Promise<void> {
    const instance = await this.#lock(tx, id);
    const task = taskOf(instance.tasks, name);
    if (task.status === "RUNNING") {
      throw new GatewayError("WF-TASK-RUNNING", `task "${name}" is running`, {
        hint: "Cancel the instance, or wait for the end of the task.",
      });
    }
    if (task.status === "SUCCESSFUL" || task.status === "SKIPPED") return;
    const tasks = planEnd(instance.tasks, task);
    const gated = await this.#gated(tx, instance);
    // What has been counted down once is not counted down again; but something must end the
    // instance.
    const goesOn = tasks.length > 0 || instance.tasks.some((other) => !other.advanced);
    const advanced = task.advanced && goesOn;
    const marked = { taskInstanceId: task.taskInstanceId, status, advanced };
    await this.#store.reopen(tx, { instanceId: id, gated, tasks, marked });
    await this.#store.wake(tx);
  }

  async #lock(tx: Tx, id: InstanceId): Promise<LockedInstance> {
    const instance = await this.#store.lockInstance(tx, id);
    if (instance !== null) return instance;
    throw new GatewayError("WF-INSTANCE-UNKNOWN", `workflow instance ${id} does not exist`);
  }

  /**
   * True if the instance must wait for others of its workflow. The workflow is marked, so that a
   * tick that did not see this run is void.
   */
  async #gated(tx: Tx, instance: LockedInstance): Promise<boolean> {
    const { workflowId, trigger, open } = instance;
    if (open) return instance.gated;
    const workflow = await this.#store.lockWorkflow(tx, workflowId);
    if (workflow === null) {
      throw new GatewayError("WF-NOTFOUND", "the workflow of the instance has been dropped");
    }
    if (workflow.definition.kind === "table" || trigger === "BACKFILL") return false;
    await this.#store.updateWorkflow(tx, { ...workflow, revision: workflow.revision + 1 });
    return (await this.#store.openRuns(tx, workflowId)).length > 0;
  }

  /** An instance that never was more than a row (missed, without variables) gets its tasks now. */
  async #makeTasks(tx: Tx, instance: LockedInstance, what: RerunSpec): Promise<void> {
    const { workflowId, version, trigger, instanceId, backfill } = instance;
    const definition = await this.#store.readVersion(tx, workflowId, version);
    if (definition === null) {
      throw new GatewayError("WF-NOTFOUND", "the definition of the instance is gone");
    }
    if (what.kind === "task") {
      throw new GatewayError("WF-TASK-UNKNOWN", `task "${what.task}" has never run`, {
        detail: "The instance ended before it had tasks.",
        hint: "Rerun the whole instance.",
      });
    }
    if (trigger === "MANUAL" || trigger === "COMMAND") {
      throw new GatewayError("WF-INSTANCE-ENDED", `instance ${instanceId} never ran`, {
        hint: "Execute the workflow again.",
      });
    }
    const { interval, request, scheduledAt } = instance;
    const run = { workflowId, version, definition, trigger, interval, request, scheduledAt };
    const place = backfill === null ? null : { ...backfill, queue: null };
    const spec = { ...run, overrides: {}, backfill: place, instanceId };
    const resolved = resolveRun(spec, this.#claimOf, this.#random);
    const gated = await this.#gated(tx, instance);
    await this.#store.forgetEnded(tx, instanceId);
    await this.#store.insertInstances(tx, [newInstance(resolved, this.#random, gated)]);
    await this.#store.wake(tx);
  }

  // Queues ---------------------------------------

  async alterQueue(tx: Tx, name: string, options: QueueOptions): Promise<void> {
    if (await this.#store.updateQueue(tx, name, options)) return this.#store.wake(tx);
    throw new GatewayError("WF-QUEUE-UNKNOWN", `queue "${name}" does not exist`);
  }

  async dropQueue(tx: Tx, name: string): Promise<boolean> {
    if (keptQueues.includes(name)) {
      throw new GatewayError("WF-QUEUE-IN-USE", `queue "${name}" cannot be dropped`, {
        detail: "It is there for all that name no queue.",
      });
    }
    const users = await this.#store.queueUsers(tx, name);
    if (users.length === 0) return this.#store.deleteQueue(tx, name);
    const more = users.length > 3 ? ` and ${users.length - 3} more` : "";
    throw new GatewayError("WF-QUEUE-IN-USE", `queue "${name}" is in use`, {
      detail: `It is used by ${users.slice(0, 3).join(", ")}${more}.`,
    });
  }
}
