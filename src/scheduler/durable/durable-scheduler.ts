// The loop. PostgreSQL remembers what is to be done and decides what is due; this decides when to
// look. Six lanes, each never beside itself, each idempotent, so that any of them may be killed at
// any point and be done again by any gateway:
//
//   lease      registers the gateway, renews its lease; fenced: workers forgotten, new id.
//              Every third of a lease.
//   schedule   due cursors → tick (pure) → instances, cursors moved. At the next due time.
//   claim      PENDING and ready → RUNNING here, started at once. On notes.
//   outcome    answers of runners recorded; recorded outcomes acted upon (retry, downstream,
//              end). On notes.
//   backfill   next intervals of backfills → instances, as earlier ones end. On notes.
//   rescue     wishes to cancel applied; tasks without a lease taken over. Every recoveryPoll.
//
// The life of a task: PENDING (waiting > 0: for upstream or for its gate) → PENDING (ready) →
// RUNNING → SUCCESSFUL, FAILED, CANCELED or SKIPPED, written by whoever holds the token → acted
// upon: back to PENDING for another attempt, or finished. When an instance has no open task it
// moves to history.
//
// Who leaves notes: NOTIFY at the commit of anything a user asked for (all lanes), a claim
// (schedule: the slots of a table wait while one of its runs does), a runner's answer (outcome,
// claim). Every lane also looks by itself after `poll`, so that a lost note costs a second and
// nothing else.

import type { Timer } from "../../common/clock.ts";
import { GatewayError } from "../../common/gateway-error.ts";
import type { InstanceId, WorkflowId } from "../../common/ids.ts";
import { InstanceStatements } from "./instance-statements.ts";
import { Lane } from "../../common/lane.ts";
import type { Tx } from "../../common/pg.ts";
import { type Duration, type Instant, milliseconds } from "../../common/time.ts";
import { type Schedule, scheduleOf } from "../schedule.ts";
import type {
  InstanceState,
  NewInstance,
  QueueOptions,
  RerunSpec,
  Scheduler,
  WorkflowDefinition,
} from "../scheduler.ts";
import { instanceEnd, planAdvance } from "./advance-plan.ts";
import { workOnBackfills } from "./backfill-work.ts";
import { Dispatcher } from "./dispatcher.ts";
import { EndWatch } from "./end-watch.ts";
import { Membership } from "./recovery.ts";
import type { SchedulerOptions, SchedulerPorts } from "./scheduler-options.ts";
import type { DueBatch, SettledTask } from "./store.ts";
import { tick } from "./tick.ts";
import { WorkflowStatements } from "./workflow-statements.ts";

const outcomesAtOnce = 200;
const schedulesKept = 20_000;

export class DurableScheduler implements Scheduler {
  readonly #ports: SchedulerPorts;
  readonly #options: SchedulerOptions;
  readonly #statements: WorkflowStatements;
  readonly #instances: InstanceStatements;
  readonly #dispatcher: Dispatcher;
  readonly #membership: Membership;
  readonly #ends: EndWatch;
  readonly #lease: Lane;
  readonly #schedule: Lane;
  readonly #claim: Lane;
  readonly #outcome: Lane;
  readonly #backfill: Lane;
  readonly #rescue: Lane;
  /** Parsed schedules by their text: a pure function remembered. */
  readonly #schedules = new Map<string, Schedule>();
  #stopping = false;
  #stopped: Promise<void> | null = null;
  /**
   * A claim that found nothing is repeated once soon: another gateway may just have been counting
   * the queue.
   */
  #foundNothing = false;
  #retryTimer: Timer | null = null;

  constructor(ports: SchedulerPorts, options: SchedulerOptions) {
    this.#ports = ports;
    this.#options = options;
    this.#statements = new WorkflowStatements(ports);
    this.#instances = new InstanceStatements(ports);
    this.#ends = new EndWatch(ports.store, ports.clock);
    this.#dispatcher = new Dispatcher(ports, options, {
      onClaimed: () => this.#schedule.note(),
      onReturned: () => this.#outcome.note(),
    });
    this.#membership = new Membership(ports, options, () => this.#fenced());
    const lane = (name: string, work: () => Promise<Duration>) =>
      new Lane({ clock: ports.clock, name, work, onError: ports.onError });
    this.#lease = lane("lease", () => this.#beat());
    this.#schedule = lane("schedule", () => this.#tickDue());
    this.#claim = lane("claim", () => this.#claimReady());
    this.#outcome = lane("outcome", () => this.#actUponOutcomes());
    this.#backfill = lane("backfill", () => this.#nextOfBackfills());
    this.#rescue = lane("rescue", () => this.#rescueWork());
  }

  /** Registers the gateway and starts the lanes; rejects if the store cannot be reached. */
  async start(): Promise<void> {
    await this.#membership.expireDeadNeighbours();
    await this.#membership.beat();
    for (const lane of this.#lanes()) lane.start();
    this.#ports.wakeSource?.start(() => this.wake());
  }

  /** Looks at everything soon. */
  wake(): void {
    for (const lane of [this.#schedule, this.#claim, this.#backfill, this.#rescue]) lane.note();
  }

  /** Tasks that run in this gateway. */
  get running(): number {
    return this.#dispatcher.running;
  }

  /**
   * Claims nothing more, waits up to `drain` for what runs, aborts the rest (it goes back to the
   * queue), gives up the lease. A second call waits for the first.
   */
  stop(drain: Duration): Promise<void> {
    this.#stopped ??= this.#stop(drain);
    return this.#stopped;
  }

  async #stop(drain: Duration): Promise<void> {
    this.#stopping = true;
    await this.#ports.wakeSource?.stop();
    this.#retryTimer?.cancel();
    await Promise.all([this.#schedule.stop(), this.#claim.stop(), this.#backfill.stop()]);
    await this.#dispatcher.drained(drain);
    this.#dispatcher.abortAll("STOPPED");
    await this.#dispatcher.drained(milliseconds(2000));
    await Promise.all([this.#outcome.stop(), this.#rescue.stop(), this.#lease.stop()]);
    try {
      await this.#actUponOutcomes();
      await this.#membership.leave();
    } catch (error) {
      // The store is gone: the lease runs out by itself, and others take over what is left.
      this.#ports.onError(error, "stop");
    }
  }

  #lanes(): readonly Lane[] {
    return [this.#lease, this.#schedule, this.#claim, this.#outcome, this.#backfill, this.#rescue];
  }

  // Lanes ---------------------------------------

  async #beat(): Promise<Duration> {
    const had = this.#membership.gatewayId;
    const wait = await this.#membership.beat();
    if (this.#membership.gatewayId === null) return milliseconds(0);
    if (had === null) this.wake();
    return wait;
  }

  #fenced(): void {
    this.#dispatcher.forget();
    this.#lease.note();
  }

  async #tickDue(): Promise<Duration> {
    const { store } = this.#ports;
    const batch = await store.loadDue(this.#options.tickBatch);
    if (batch.due.length > 0) {
      const changes = this.#changes(batch);
      const moved = await store.commitTick(changes);
      if (moved.length > 0) {
        this.#claim.note();
        if (changes.some((change) => change.replaced.length > 0)) this.#rescue.note();
        // Once more at once, so what comes next need not be known yet.
        this.#schedule.note();
        return this.#options.poll;
      }
    }
    return this.#untilNext();
  }

  /** One workflow that cannot be ticked (its definition is broken) does not keep the others. */
  #changes(batch: DueBatch) {
    const { claimOf, random, onError } = this.#ports;
    const tools = { claimOf, random, scheduleOf: (of: WorkflowDefinition) => this.#parsed(of) };
    return batch.due.flatMap((workflow) => {
      try {
        return tick({ ...batch, due: [workflow] }, tools);
      } catch (error) {
        onError(error, `schedule of workflow ${workflow.workflowId}`);
        return [];
      }
    });
  }

  #parsed({ schedule, timeZone }: WorkflowDefinition): Schedule {
    const key = `${timeZone} ${JSON.stringify(schedule)}`;
    const known = this.#schedules.get(key);
    if (known !== undefined) return known;
    if (this.#schedules.size >= schedulesKept) this.#schedules.clear();
    const parsed = scheduleOf(schedule, timeZone);
    this.#schedules.set(key, parsed);
    return parsed;
  }

  async #untilNext(): Promise<Duration> {
    const { now, nextDueAt, nextReadyAt } = await this.#ports.store.upcoming();
    const { poll } = this.#options;
    this.#retryTimer?.cancel();
    this.#retryTimer = null;
    if (nextReadyAt !== null && !this.#stopping) {
      const wait = untilPoll(now, nextReadyAt, poll);
      this.#retryTimer = this.#ports.clock.after(wait, () => this.#claim.note());
    }
    return nextDueAt === null ? poll : untilPoll(now, nextDueAt, poll);
  }

  async #claimReady(): Promise<Duration> {
    const { poll } = this.#options;
    const gatewayId = this.#membership.gatewayId;
    if (gatewayId === null || this.#stopping) return poll;
    const claimed = await this.#dispatcher.claim(gatewayId, {
      isCurrent: () => this.#membership.gatewayId === gatewayId,
      isStopping: () => this.#stopping,
    });
    if (claimed > 0) {
      this.#foundNothing = false;
      this.#claim.note();
      return poll;
    }
    this.#foundNothing = !this.#foundNothing;
    return this.#foundNothing ? milliseconds(15 + 20 * this.#ports.random.fraction()) : poll;
  }

  async #actUponOutcomes(): Promise<Duration> {
    const { store } = this.#ports;
    const { gatewayId } = this.#membership;
    const recorded = gatewayId === null ? 0 : await this.#dispatcher.record(gatewayId);
    if (recorded > 0) this.#claim.note();
    // Only user workflows have gates; a run that nobody asked for looks all the same.
    let gates = recorded === 0;
    let backfills = false;
    const plan = (settled: readonly SettledTask[]) => {
      gates ||= settled.some((task) => task.kind === "user");
      backfills ||= settled.some((task) => task.trigger === "BACKFILL");
      return planAdvance(settled);
    };
    const { ended, count, more } = await store.advance(outcomesAtOnce, plan, instanceEnd);
    for (const state of ended) this.#ends.tell(state);
    if (backfills && ended.length > 0) this.#backfill.note();
    if (more) this.#outcome.note();
    const opened = gates ? await store.openGates() : 0;
    if (opened > 0 || count > 0) this.#claim.note();
    return this.#options.poll;
  }

  #nextOfBackfills(): Promise<Duration> {
    const { poll } = this.#options;
    return workOnBackfills(this.#ports, poll, () => this.#claim.note());
  }

  async #rescueWork(): Promise<Duration> {
    const { store } = this.#ports;
    const { gatewayId } = this.#membership;
    if (gatewayId !== null) {
      const { running, ended } = await store.applyCancels(gatewayId);
      for (const { taskInstanceId, reason } of running) {
        this.#dispatcher.abort(taskInstanceId, reason);
      }
      if (ended > 0) this.#outcome.note();
    }
    if ((await this.#membership.takeOverLost()) > 0) this.#outcome.note();
    return this.#options.recoveryPoll;
  }

  // Scheduler ---------------------------------------

  createWorkflow(tx: Tx, definition: WorkflowDefinition): Promise<WorkflowId> {
    return this.#statements.create(tx, definition);
  }

  alterWorkflow(tx: Tx, id: WorkflowId, definition: WorkflowDefinition): Promise<void> {
    return this.#statements.alter(tx, id, definition);
  }

  dropWorkflow(tx: Tx, id: WorkflowId): Promise<void> {
    return this.#statements.drop(tx, id);
  }

  enable(tx: Tx, id: WorkflowId): Promise<void> {
    return this.#statements.enable(tx, id);
  }

  disable(tx: Tx, id: WorkflowId): Promise<void> {
    return this.#statements.disable(tx, id);
  }

  submit(tx: Tx, instance: NewInstance): Promise<InstanceId> {
    return this.#statements.submit(tx, instance);
  }

  cancel(tx: Tx, id: InstanceId): Promise<boolean> {
    return this.#statements.cancel(tx, id);
  }

  rerun(tx: Tx, id: InstanceId, what: RerunSpec): Promise<void> {
    return this.#instances.rerun(tx, id, what);
  }

  markTask(tx: Tx, id: InstanceId, task: string): Promise<void> {
    return this.#instances.endTask(tx, { id, task }, "SUCCESSFUL");
  }

  skipTask(tx: Tx, id: InstanceId, task: string): Promise<void> {
    return this.#instances.endTask(tx, { id, task }, "SKIPPED");
  }

  createQueue(tx: Tx, name: string, options: QueueOptions): Promise<boolean> {
    return this.#ports.store.insertQueue(tx, name, options);
  }

  alterQueue(tx: Tx, name: string, options: QueueOptions): Promise<void> {
    return this.#instances.alterQueue(tx, name, options);
  }

  dropQueue(tx: Tx, name: string): Promise<boolean> {
    return this.#instances.dropQueue(tx, name);
  }

  find(id: InstanceId): Promise<InstanceState | null> {
    return this.#ports.store.find(id);
  }

  async awaitEnd(id: InstanceId, signal: AbortSignal): Promise<InstanceState> {
    const state = await this.#ends.wait(id, signal);
    if (state !== null) return state;
    throw new GatewayError("WF-JOB-UNKNOWN", `job ${id} does not exist`);
  }
}

function untilPoll(now: Instant, at: Instant, poll: Duration): Duration {
  return milliseconds(Math.min(Math.max(at - now, 0), poll));
}
