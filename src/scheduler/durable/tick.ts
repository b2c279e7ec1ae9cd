// Time → instances, without I/O: which runs must exist that do not, and where each cursor moves.
// What makes it right is the cursor: a change is applied only if the workflow still is as it was
// read, so that a tick that is repeated, or made by two gateways at once, counts once. Every due
// slot ends up in exactly one instance: run, or SKIPPED with a reason.

import type { RandomSource } from "../../common/clock.ts";
import { assert, unreachable } from "../../common/assert.ts";
import { GatewayError } from "../../common/gateway-error.ts";
import { asId, type InstanceId } from "../../common/ids.ts";
import { dataInterval, type Instant, instant } from "../../common/time.ts";
import { newestSlot, type OpenRun, overlapOf } from "../policies.ts";
import type { Schedule } from "../schedule.ts";
import type { ClaimOf, WorkflowDefinition } from "../scheduler.ts";
import type { Trigger } from "../task-runner.ts";
import {
  failedInstance,
  newInstance,
  plainRun,
  type ResolvedRun,
  resolveRun,
  type RunSpec,
  skippedInstance,
} from "./new-instance.ts";
import type { DueBatch, DueWorkflow, NewInstanceRow, TickChange } from "./store.ts";

/**
 * Under `all`: most instances that one tick makes of one workflow; the cursor stays behind for the
 * next.
 */
const mostAtOnce = 1000;

export interface TickTools {
  readonly scheduleOf: (definition: WorkflowDefinition) => Schedule;
  readonly claimOf: ClaimOf;
  readonly random: RandomSource;
}

/** The changes that bring every due workflow up to `batch.now`. */
export function tick(batch: DueBatch, tools: TickTools): readonly TickChange[] {
  return batch.due.map((workflow) => new WorkflowTick(workflow, batch, tools).change());
}

class WorkflowTick {
  readonly #workflow: DueWorkflow;
  readonly #batch: DueBatch;
  readonly #tools: TickTools;
  readonly #schedule: Schedule;
  readonly #instances: NewInstanceRow[] = [];
  readonly #replaced: InstanceId[] = [];
  #open: readonly OpenRun[];
  /** End of the last slot that is dealt with. */
  #reached: Instant;

  constructor(workflow: DueWorkflow, batch: DueBatch, tools: TickTools) {
    this.#workflow = workflow;
    this.#batch = batch;
    this.#tools = tools;
    this.#schedule = tools.scheduleOf(workflow.definition);
    this.#open = workflow.open;
    this.#reached =
      workflow.previousFireAt ?? this.#schedule.intervalEndingAt(workflow.nextDueAt).start;
  }

  change(): TickChange {
    const newest = this.#newestDue();
    if (this.#workflow.definition.catchup === "all") this.#runAll(newest);
    else this.#runNewest(newest);
    const { workflowId, version, revision, nextDueAt } = this.#workflow;
    return {
      workflowId,
      version,
      revision,
      expectedDueAt: nextDueAt,
      nextDueAt: nextSlot(this.#schedule, this.#workflow.definition, this.#reached),
      previousFireAt: this.#reached,
      instances: this.#instances,
      replaced: this.#replaced,
    };
  }

  #newestDue(): Instant {
    const { endAt } = this.#workflow.definition;
    const until = endAt === null ? this.#batch.now : Math.min(this.#batch.now, endAt - 1);
    const newest = this.#schedule.previousAtOrBefore(instant(until));
    const due = this.#workflow.nextDueAt;
    return newest === null || newest < due ? due : newest;
  }

  #runAll(newest: Instant): void {
    let slot: Instant | null = this.#workflow.nextDueAt;
    for (let made = 0; slot !== null && slot < newest && made < mostAtOnce; made++) {
      this.#run("CATCH_UP", slot);
      slot = this.#schedule.nextAfter(slot);
    }
    if (slot === newest) this.#runLast(newest);
  }

  #runNewest(newest: Instant): void {
    if (newest > this.#workflow.nextDueAt) {
      const missed = this.#schedule.previousAtOrBefore(instant(newest - 1));
      assert(missed !== null, "a slot precedes the newest of several");
      const kept = newestSlot(this.#workflow.definition.catchup, newest, this.#batch.aliveSince);
      // One row spans a contiguous run of missed slots, the newest included if it is missed too.
      if (kept === "MISSED") return this.#skip(newest, "MISSED");
      this.#skip(missed, "MISSED");
    }
    this.#runLast(newest);
  }

  #runLast(slot: Instant): void {
    const { catchup } = this.#workflow.definition;
    const word = newestSlot(catchup, slot, this.#batch.aliveSince);
    if (word === "MISSED") this.#skip(slot, "MISSED");
    else this.#run(word, slot);
  }

  #spec(trigger: Trigger, slot: Instant): RunSpec {
    const { workflowId, version, definition } = this.#workflow;
    const start = instant(Math.min(this.#reached, slot));
    const interval = dataInterval(start, slot);
    return plainRun({ workflowId, version, definition, trigger, interval, request: {} });
  }

  #skip(slot: Instant, detail: string): void {
    const spec = this.#spec("SCHEDULE", slot);
    this.#instances.push(skippedInstance(spec, this.#tools.random, detail));
    this.#reached = slot;
  }

  /** Null: the run cannot be made, and the slot is dealt with by an instance that says so. */
  #resolved(spec: RunSpec): ResolvedRun | null {
    const { claimOf, random } = this.#tools;
    try {
      return resolveRun(spec, claimOf, random);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      this.#instances.push(failedInstance(spec, random, error));
      this.#reached = spec.interval.end;
      return null;
    }
  }

  #run(trigger: Trigger, slot: Instant): void {
    const spec = this.#spec(trigger, slot);
    const { overlap, kind } = spec.definition;
    const { random } = this.#tools;
    const resolved = this.#resolved(spec);
    if (resolved === null) return;
    const claims = resolved.tasks.map((task) => task.claim);
    const decision = overlapOf(overlap, kind, claims, this.#open);
    switch (decision.kind) {
      case "skip":
        return this.#skip(slot, "OVERLAP");
      case "replace":
        this.#replaced.push(...decision.instanceIds.map((id) => asId<InstanceId>(id)));
        break;
      case "wait":
      case "run":
        break;
      default:
        return unreachable(decision);
    }
    const gated = kind === "user" && decision.kind !== "run";
    const row = newInstance(resolved, random, gated);
    this.#instances.push(row);
    this.#open = [...this.#open, { instanceId: row.instanceId, claims }];
    this.#reached = slot;
  }
}

/** The first slot after `at` inside the workflow's bounds; null if none is to come. */
export function nextSlot(
  schedule: Schedule,
  definition: Pick<WorkflowDefinition, "startAt" | "endAt">,
  at: Instant,
): Instant | null {
  const from = definition.startAt === null ? at : Math.max(at, definition.startAt - 1);
  const slot = schedule.nextAfter(instant(from));
  return slot === null || (definition.endAt !== null && slot >= definition.endAt) ? null : slot;
}
