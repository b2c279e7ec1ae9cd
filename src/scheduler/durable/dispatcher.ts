// Claims tasks and runs them. A claimed task is in one of these states:
//
//   held       claimed, its runner at work; has a timer if it has a timeout, and an abort signal
//   returned   the runner has answered; the outcome waits in `#outcomes` to be recorded
//   forgotten  the gateway was fenced: whatever the runner answers is dropped
//
// held → returned when the runner answers; held → forgotten by `forget`. Recording may fail and is
// repeated: it is guarded by the token. A task that recorded its outcome in its own transaction is
// passed over by the guard.
//
// If the answer of a claim is lost, tasks may be RUNNING under our lease that nobody runs. After a
// failed claim, until its transaction could not commit any more, and once after that, the rows that
// we hold are compared with what we run.

import { unreachable } from "../../common/assert.ts";
import type { Timer } from "../../common/clock.ts";
import type { GatewayId, TaskInstanceId } from "../../common/ids.ts";
import { type Duration, milliseconds } from "../../common/time.ts";
import { FencedError, type TaskContext, type TaskOutcome } from "../task-runner.ts";
import type { SchedulerOptions, SchedulerPorts } from "./scheduler-options.ts";
import type { Deferral, HeldTask, Settlement } from "./store.ts";

/** Why a running task is aborted, besides the reasons of those who cancel. */
export type AbortWord = "TIMED_OUT" | "STOPPED" | "FENCED";

interface Held {
  readonly task: HeldTask;
  readonly controller: AbortController;
  readonly timer: Timer | null;
  forgotten: boolean;
}

export interface DispatcherEvents {
  /** A scheduled task has been claimed; its table may have slots waiting for that. */
  readonly onClaimed: () => void;
  /** An outcome waits to be recorded. */
  readonly onReturned: () => void;
}

export class Dispatcher {
  readonly #ports: SchedulerPorts;
  readonly #options: SchedulerOptions;
  readonly #events: DispatcherEvents;
  readonly #held = new Map<TaskInstanceId, Held>();
  readonly #idle = new Set<() => void>();
  #outcomes: Settlement[] = [];
  #releases: HeldTask[] = [];
  #deferrals: Deferral[] = [];
  /** By the monotonic clock; null: every claim has been answered. */
  #suspectUntil: number | null = null;

  constructor(ports: SchedulerPorts, options: SchedulerOptions, events: DispatcherEvents) {
    this.#ports = ports;
    this.#options = options;
    this.#events = events;
  }

  get running(): number {
    return this.#held.size;
  }

  /**
   * Claims what there is room for and starts it; gives how many. `isCurrent` tells, once the claim
   * has answered, whether its gateway is still the one that may run them; `isStopping`, whether
   * anything may start.
   */
  async claim(
    gatewayId: GatewayId,
    may: { readonly isCurrent: () => boolean; readonly isStopping: () => boolean },
  ): Promise<number> {
    await this.#reconcile(gatewayId);
    const room = Math.min(this.#options.maxRunning - this.#held.size, this.#options.claimBatch);
    if (room <= 0 || may.isStopping()) return 0;
    const tasks = await this.#claimed(gatewayId, room);
    if (!may.isCurrent()) return 0;
    if (may.isStopping()) {
      this.#releases.push(...tasks);
      this.#events.onReturned();
      return 0;
    }
    for (const task of tasks) this.#start(task);
    if (tasks.some(({ trigger }) => trigger === "SCHEDULE" || trigger === "CATCH_UP")) {
      this.#events.onClaimed();
    }
    return tasks.length;
  }

  async #claimed(gatewayId: GatewayId, room: number): Promise<readonly HeldTask[]> {
    try {
      return await this.#ports.store.claim(gatewayId, room);
    } catch (error) {
      this.#suspectUntil = this.#ports.clock.monotonic() + this.#options.lease;
      throw error;
    }
  }

  /** Until it has succeeded once after the last moment at which a lost claim may have committed. */
  async #reconcile(gatewayId: GatewayId): Promise<void> {
    const suspectUntil = this.#suspectUntil;
    if (suspectUntil === null) return;
    const settled = this.#ports.clock.monotonic() >= suspectUntil;
    const rows = await this.#ports.store.heldTasks(gatewayId);
    const ours = [
      ...[...this.#held.values()].map((held) => held.task),
      ...this.#outcomes,
      ...this.#releases,
      ...this.#deferrals,
    ];
    const known = new Set(ours.map(({ taskInstanceId, token }) => `${taskInstanceId} ${token}`));
    const strays = rows.filter((row) => !known.has(`${row.taskInstanceId} ${row.token}`));
    if (strays.length > 0) await this.#ports.store.release(gatewayId, strays);
    if (settled && this.#suspectUntil === suspectUntil) this.#suspectUntil = null;
  }

  #start(task: HeldTask): void {
    const controller = new AbortController();
    const { timeout } = task.policy;
    const timer =
      timeout === null
        ? null
        : this.#ports.clock.after(timeout, () => controller.abort("TIMED_OUT" satisfies AbortWord));
    const held: Held = { task, controller, timer, forgotten: false };
    this.#held.set(task.taskInstanceId, held);
    void this.#run(held);
  }

  async #run(held: Held): Promise<void> {
    const { task, controller } = held;
    const context = new RunContext(this.#ports, task, controller.signal);
    let outcome: TaskOutcome;
    try {
      outcome = await this.#ports.runner.run(task, context);
    } catch (error) {
      this.#ports.onError(error, `task ${task.taskInstanceId}`);
      outcome = {
        kind: "failed",
        code: "GW-INTERNAL",
        message: error instanceof Error ? error.message : String(error),
        retryable: false,
      };
    }
    held.timer?.cancel();
    context.end();
    if (held.forgotten) return;
    // A claim that a crash of the server undid may have been made again, here.
    if (this.#held.get(task.taskInstanceId) === held) this.#held.delete(task.taskInstanceId);
    this.#keep(task, outcome, controller.signal);
    this.#events.onReturned();
    if (this.#held.size === 0) for (const resolve of this.#idle) resolve();
  }

  #keep(task: HeldTask, outcome: TaskOutcome, signal: AbortSignal): void {
    if (outcome.kind === "fenced") return;
    const { taskInstanceId, token } = task;
    if (outcome.kind === "deferred") {
      const { until, detail } = outcome;
      this.#deferrals.push({ taskInstanceId, token, until, detail });
      return;
    }
    if (!signal.aborted || outcome.kind === "succeeded" || outcome.kind === "skipped") {
      this.#outcomes.push({ taskInstanceId, token, outcome, detail: null });
      return;
    }
    const word: unknown = signal.reason;
    if (word === "STOPPED") {
      this.#releases.push(task);
      return;
    }
    if (word === "TIMED_OUT") {
      const message = `the attempt took longer than ${task.policy.timeout ?? 0} ms`;
      const failed = { kind: "failed", code: "WF-TIMEOUT", message, retryable: true } as const;
      this.#outcomes.push({ taskInstanceId, token, outcome: failed, detail: "TIMED_OUT" });
      return;
    }
    const detail = word === "REPLACED" ? "REPLACED" : null;
    const canceled = { kind: "canceled", reason: String(word) } as const;
    this.#outcomes.push({ taskInstanceId, token, outcome: canceled, detail });
  }

  /**
   * Writes down what runners answered, gives how many; on failure everything is kept for the next
   * time.
   */
  async record(gatewayId: GatewayId): Promise<number> {
    const outcomes = [...this.#outcomes];
    if (outcomes.length > 0) {
      await this.#ports.store.record(outcomes);
      this.#outcomes = this.#outcomes.filter((outcome) => !outcomes.includes(outcome));
    }
    const releases = [...this.#releases];
    if (releases.length > 0) {
      await this.#ports.store.release(gatewayId, releases);
      this.#releases = this.#releases.filter((task) => !releases.includes(task));
    }
    const deferrals = [...this.#deferrals];
    if (deferrals.length > 0) {
      await this.#ports.store.defer(deferrals);
      this.#deferrals = this.#deferrals.filter((deferral) => !deferrals.includes(deferral));
    }
    return outcomes.length + releases.length + deferrals.length;
  }

  /** Aborts a running task; its outcome is recorded when the runner answers. */
  abort(id: TaskInstanceId, reason: string): void {
    this.#held.get(id)?.controller.abort(reason);
  }

  abortAll(word: AbortWord): void {
    for (const { controller } of this.#held.values()) controller.abort(word);
  }

  /** The lease is gone: nothing that runs here may be recorded any more. */
  forget(): void {
    this.abortAll("FENCED");
    for (const held of this.#held.values()) held.forgotten = true;
    this.#held.clear();
    this.#outcomes = [];
    this.#releases = [];
    this.#deferrals = [];
    for (const resolve of this.#idle) resolve();
  }

  /** Resolves when nothing runs, or after `limit`. */
  async drained(limit: Duration): Promise<void> {
    if (this.#held.size === 0) return;
    const done = new AbortController();
    const wake = () => done.abort();
    this.#idle.add(wake);
    await this.#ports.clock.sleep(limit, done.signal);
    this.#idle.delete(wake);
  }
}

const progressPause = milliseconds(500);

/** What a runner may do about the task that it runs. */
class RunContext implements TaskContext {
  readonly signal: AbortSignal;
  readonly #ports: SchedulerPorts;
  readonly #task: HeldTask;
  #latest: { readonly done: number; readonly total: number; readonly note: string } | null = null;
  #progressTimer: Timer | null = null;

  constructor(ports: SchedulerPorts, task: HeldTask, signal: AbortSignal) {
    this.#ports = ports;
    this.#task = task;
    this.signal = signal;
  }

  async attachBackend(pid: number): Promise<void> {
    const { taskInstanceId, token } = this.#task;
    if (await this.#ports.store.attachBackend(taskInstanceId, token, pid)) return;
    throw new FencedError(`task ${taskInstanceId} was taken over`);
  }

  settle: TaskContext["settle"] = async (tx, outcome) => {
    const { taskInstanceId, token } = this.#task;
    if (outcome.kind === "fenced") throw new FencedError(`task ${taskInstanceId} was taken over`);
    switch (outcome.kind) {
      case "succeeded":
      case "skipped":
      case "failed":
      case "canceled":
        return this.#ports.store.settle(tx, { taskInstanceId, token, outcome, detail: null });
      case "deferred":
        throw new Error("a deferral is answered, not settled: nothing happened");
      default:
        return unreachable(outcome);
    }
  };

  /**
   * What was told last is written now and then, for the first time after the pause: a task that is
   * quick writes nothing.
   */
  progress(done: number, total: number, note: string): void {
    this.#latest = { done, total, note };
    this.#progressTimer ??= this.#ports.clock.after(progressPause, () => this.#saveProgress());
  }

  /** Nothing is written from now on. */
  end(): void {
    this.#latest = null;
    this.#progressTimer?.cancel();
  }

  #saveProgress(): void {
    this.#progressTimer = null;
    if (this.#latest === null) return;
    const { done, total, note } = this.#latest;
    this.#ports.store
      .saveProgress(this.#task.taskInstanceId, done, total, note)
      .catch((error: unknown) => this.#ports.onError(error, "progress"));
  }
}
