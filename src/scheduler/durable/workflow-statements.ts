// What users do to workflows, as rows in their own transaction: nothing here starts anything. The
// loop decides, woken when the transaction commits.

import type { RandomSource } from "../../common/clock.ts";
import { unreachable } from "../../common/assert.ts";
import { GatewayError } from "../../common/gateway-error.ts";
import { asId, type InstanceId, type WorkflowId } from "../../common/ids.ts";
import type { Tx } from "../../common/pg.ts";
import type { Instant } from "../../common/time.ts";
import { cronError } from "../cron-expression.ts";
import { type OverlapDecision, overlapOf, suspendable } from "../policies.ts";
import { scheduleOf } from "../schedule.ts";
import type { ClaimOf, NewInstance, WorkflowDefinition } from "../scheduler.ts";
import {
  checkTasks,
  newInstance,
  type ResolvedRun,
  resolveRun,
  type RunSpec,
  skippedInstance,
} from "./new-instance.ts";
import type { StoredWorkflow, WorkflowStore } from "./store.ts";
import { nextSlot } from "./tick.ts";

type Stored = StoredWorkflow & { readonly now: Instant };

export class WorkflowStatements {
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

  async create(tx: Tx, definition: WorkflowDefinition): Promise<WorkflowId> {
    await this.#check(tx, definition);
    const id = asId<WorkflowId>(this.#random.hex32());
    await this.#store.insertWorkflow(tx, id, definition);
    if (definition.schedule.kind === "cron") refuseNeverAgain(await this.#lock(tx, id));
    return id;
  }

  async alter(tx: Tx, id: WorkflowId, definition: WorkflowDefinition): Promise<void> {
    await this.#check(tx, definition);
    const workflow = await this.#lock(tx, id);
    const altered = { ...workflow, version: workflow.version + 1, definition };
    refuseNeverAgain(altered);
    await this.#store.updateWorkflow(
      tx,
      altered.enabled ? await this.#started(tx, altered) : altered,
    );
    await this.#store.wake(tx);
  }

  async drop(tx: Tx, id: WorkflowId): Promise<void> {
    await this.#store.deleteWorkflow(tx, id);
    await this.#store.wake(tx);
  }

  async enable(tx: Tx, id: WorkflowId): Promise<void> {
    const workflow = await this.#lock(tx, id);
    if (workflow.enabled) return;
    await this.#store.updateWorkflow(tx, await this.#started(tx, { ...workflow, enabled: true }));
    await this.#store.wake(tx);
  }

  /** For a table, what its schedule has queued ends too: after the commit no such run starts. */
  async disable(tx: Tx, id: WorkflowId): Promise<void> {
    const workflow = await this.#lock(tx, id);
    if (workflow.enabled) {
      await this.#store.updateWorkflow(tx, { ...workflow, enabled: false, nextDueAt: null });
    }
    if (workflow.definition.kind === "user") return;
    await this.#store.skipPending(tx, id, suspendable, "SUSPENDED");
    await this.#store.wake(tx);
  }

  async submit(tx: Tx, instance: NewInstance): Promise<InstanceId> {
    const workflow = await this.#forSubmit(tx, instance);
    const { workflowId, version, definition } = workflow;
    const { trigger, interval, request, scheduledAt, variables, backfill } = instance;
    const run: RunSpec = {
      workflowId,
      version,
      definition,
      trigger,
      interval,
      request,
      scheduledAt: scheduledAt ?? interval.end,
      overrides: variables ?? {},
      backfill: backfill ?? null,
      instanceId: instance.instanceId,
    };
    const resolved = resolveRun(run, this.#claimOf, this.#random);
    const row = await this.#newRow(tx, resolved, await this.#overlap(tx, resolved));
    await this.#store.insertInstances(tx, [row]);
    await this.#store.wake(tx);
    return row.instanceId;
  }

  /** A user workflow is locked and marked, so that a tick that did not see this run is void. */
  async #forSubmit(tx: Tx, { workflowId, trigger }: NewInstance): Promise<Stored> {
    const workflow = await this.#store.readWorkflow(tx, workflowId);
    if (workflow === null) throw unknownWorkflow(workflowId);
    if (workflow.definition.kind === "table" || trigger === "BACKFILL") return workflow;
    const locked = await this.#lock(tx, workflowId);
    await this.#store.updateWorkflow(tx, { ...locked, revision: locked.revision + 1 });
    return locked;
  }

  async #overlap(tx: Tx, { run, tasks }: ResolvedRun): Promise<OverlapDecision> {
    const { kind, overlap } = run.definition;
    if (kind === "table" || run.trigger === "BACKFILL") return { kind: "run" };
    const open = await this.#store.openRuns(tx, run.workflowId);
    const claims = tasks.map((task) => task.claim);
    return overlapOf(overlap, kind, claims, open);
  }

  async #newRow(tx: Tx, resolved: ResolvedRun, decision: OverlapDecision) {
    switch (decision.kind) {
      case "run":
        return newInstance(resolved, this.#random);
      case "wait":
        return newInstance(resolved, this.#random, true);
      case "skip":
        return skippedInstance(resolved.run, this.#random, "OVERLAP");
      case "replace": {
        for (const id of decision.instanceIds) {
          await this.#store.requestCancel(tx, asId<InstanceId>(id), "REPLACED");
        }
        return newInstance(resolved, this.#random, true);
      }
      default:
        return unreachable(decision);
    }
  }

  async cancel(tx: Tx, id: InstanceId): Promise<boolean> {
    const open = await this.#store.requestCancel(tx, id, "CANCELED");
    if (open) await this.#store.wake(tx);
    return open;
  }

  async #check(tx: Tx, definition: WorkflowDefinition): Promise<void> {
    checkTasks(definition.tasks);
    scheduleOf(definition.schedule, definition.timeZone);
    const queues = [...new Set(definition.tasks.map((task) => task.queue))];
    const [unknown] = await this.#store.unknownQueues(tx, queues);
    if (unknown === undefined) return;
    throw new GatewayError("WF-QUEUE-UNKNOWN", `queue "${unknown}" does not exist`);
  }

  /** The cursor from now on; behind what has run, though the clock may have been set back. */
  async #started(tx: Tx, workflow: Stored): Promise<StoredWorkflow> {
    const last = await this.#store.lastSlot(tx, workflow.workflowId);
    const now = last === null || last < workflow.now ? workflow.now : last;
    return withCursor({ ...workflow, now });
  }

  async #lock(tx: Tx, id: WorkflowId): Promise<Stored> {
    const workflow = await this.#store.lockWorkflow(tx, id);
    if (workflow === null) throw unknownWorkflow(id);
    return workflow;
  }
}

function unknownWorkflow(id: WorkflowId): GatewayError {
  return new GatewayError("WF-NOTFOUND", `workflow ${id} does not exist`);
}

function refuseNeverAgain({ definition, now }: Stored): void {
  const { schedule, timeZone } = definition;
  if (schedule.kind !== "cron" || scheduleOf(schedule, timeZone).nextAfter(now) !== null) return;
  throw cronError("cron expression never fires again", 0, "Its last time lies in the past.");
}

/** The cursor from now on: time before is never missed. */
function withCursor(workflow: Stored): StoredWorkflow {
  const { definition, now } = workflow;
  const schedule = scheduleOf(definition.schedule, definition.timeZone);
  const nextDueAt = nextSlot(schedule, definition, now);
  const previousFireAt =
    nextDueAt === null
      ? schedule.previousAtOrBefore(now)
      : schedule.intervalEndingAt(nextDueAt).start;
  return { ...workflow, nextDueAt, previousFireAt };
}
