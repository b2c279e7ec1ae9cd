// The world of the simulation: one virtual clock and the only queue of continuations. Whatever the
// product waits for (an answer of the store, a pause) is an entry of the queue, and one seeded
// generator decides which goes next, whether time passes first, and which message is lost. The same
// seed gives the same run.

import type { Clock, RandomSource, Timer } from "../../src/common/clock.ts";
import { type Duration, type Instant, instant, toIso } from "../../src/common/time.ts";
import { SqlStateError } from "../fakes/memory-database.ts";

/** Small, fast, good enough: mulberry32. */
export function prng(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface FaultRates {
  /** A request fails before it had an effect. */
  readonly refused: number;
  /** The effect happened, the answer is lost. */
  readonly answerLost: number;
  /** Time passes although something could go on at once. */
  readonly slow: number;
}

export const noFaults: FaultRates = { refused: 0, answerLost: 0, slow: 0 };

const tracedSteps = 60;

interface Entry {
  readonly owner: string;
  readonly label: string;
  readonly run: () => void | Promise<void>;
}

interface WorldTimer extends Entry {
  readonly at: number;
  readonly order: number;
  canceled: boolean;
}

export class World {
  readonly fraction: () => number;
  faults: FaultRates = noFaults;
  steps = 0;
  readonly #trace: { at: Instant; owner: string; label: string }[] = [];
  #noted = 0;
  readonly #dead = new Set<string>();
  #ready: Entry[] = [];
  #timers: WorldTimer[] = [];
  /** Time that passes: what timers and monotonic clocks go by. */
  #now: number;
  /** How far the store's clock is from it. */
  #offset = 0;
  #downUntil = Number.NEGATIVE_INFINITY;
  #serial = 0;

  constructor(seed: number, start: Instant) {
    this.fraction = prng(seed);
    this.#now = start;
  }

  /** The store's clock. */
  now(): Instant {
    return instant(this.#now + this.#offset);
  }

  /** Milliseconds that have passed, whatever the store's clock was set to. */
  elapsed(): number {
    return this.#now;
  }

  /** A whole number in [0, below). */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<T>(values: readonly T[]): T {
    const value = values[this.below(values.length)];
    if (value === undefined) throw new Error("nothing to pick from");
    return value;
  }

  serial(): number {
    this.#serial += 1;
    return this.#serial;
  }

  /** From now on nothing that `owner` waits for ever comes back. */
  kill(owner: string): void {
    this.#dead.add(owner);
    this.#note(owner, "KILL");
  }

  isDead(owner: string): boolean {
    return this.#dead.has(owner);
  }

  /** Time passes in which nothing happens; timers that are due then fire late. */
  jump(by: number): void {
    this.#now += by;
    this.#note("world", `JUMP ${by}`);
  }

  /** The store's clock is set, forward or back; what waits is not woken by it. */
  stepClock(by: number): void {
    this.#offset += by;
    this.#note("world", `CLOCK ${by}`);
  }

  /** For so long no message reaches the store. */
  outage(length: number): void {
    this.#downUntil = this.#now + length;
    this.#note("world", `SERVER DOWN ${length}`);
  }

  /**
   * One message to the store and its answer: two entries, so that a sender may die between them. A
   * dead sender's message may have got through.
   */
  request<T>(owner: string, label: string, effect: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const answer = (word: string, deliver: () => void): void => {
        this.#ready.push({ owner, label: `${word} ${label}`, run: deliver });
      };
      const lost = () => reject(new SqlStateError("08006", `connection lost during ${label}`));
      const arrive = async (): Promise<void> => {
        const dead = this.isDead(owner);
        if (this.#now < this.#downUntil) return answer("!", lost);
        if (dead ? this.chance(0.5) : this.chance(this.faults.refused)) return answer("!", lost);
        const forget = this.chance(this.faults.answerLost);
        try {
          const value = await effect();
          answer(forget ? "?" : "<", forget ? lost : () => resolve(value));
        } catch (error) {
          answer("x", () => reject(error));
        }
      };
      this.#ready.push({ owner: "store", label: `${owner} > ${label}`, run: arrive });
    });
  }

  after(owner: string, delay: number, label: string, run: () => void): Timer {
    const at = this.#now + Math.max(0, delay);
    const timer: WorldTimer = { owner, label, run, at, order: this.serial(), canceled: false };
    this.#timers.push(timer);
    return {
      cancel: () => {
        timer.canceled = true;
      },
    };
  }

  clockOf(owner: string, skew: number): Clock {
    return {
      now: () => instant(this.#now + skew),
      monotonic: () => this.#now + skew,
      after: (delay: Duration, callback: () => void) => this.after(owner, delay, "timer", callback),
      sleep: (delay: Duration, signal?: AbortSignal) =>
        new Promise<void>((resolve) => {
          if (signal?.aborted === true) return resolve();
          const wake = () => this.#ready.push({ owner, label: "woken", run: resolve });
          const timer = this.after(owner, delay, "sleep", () => {
            signal?.removeEventListener("abort", abort);
            resolve();
          });
          const abort = () => {
            timer.cancel();
            wake();
          };
          signal?.addEventListener("abort", abort, { once: true });
        }),
    };
  }

  randomSource(): RandomSource {
    const hex = () => this.serial().toString(16).padStart(32, "0");
    return { hex32: hex, uuid: hex, fraction: this.fraction };
  }

  /** Lets one continuation go on, or time pass to the next timer; false if nothing is left. */
  async step(): Promise<boolean> {
    this.steps += 1;
    const passes = this.#ready.length === 0 || this.chance(this.faults.slow);
    const entry = (passes ? this.#nextTimer() : null) ?? this.#nextReady();
    if (entry === null) return false;
    if (!this.isDead(entry.owner)) {
      this.#note(entry.owner, entry.label);
      await entry.run();
      await settled();
    }
    return true;
  }

  #nextReady(): Entry | null {
    if (this.#ready.length === 0) return null;
    const index = this.below(this.#ready.length);
    return this.#ready.splice(index, 1)[0] ?? null;
  }

  #nextTimer(): Entry | null {
    this.#timers = this.#timers.filter((timer) => !timer.canceled && !this.isDead(timer.owner));
    let next: WorldTimer | undefined;
    for (const timer of this.#timers) {
      const earlier = next === undefined || timer.at < next.at;
      if (earlier || (timer.at === next?.at && timer.order < next.order)) next = timer;
    }
    if (next === undefined) return null;
    next.canceled = true;
    this.#now = Math.max(this.#now, next.at);
    return next;
  }

  #note(owner: string, label: string): void {
    this.#trace[this.#noted % tracedSteps] = { at: this.now(), owner, label };
    this.#noted += 1;
  }

  /** The last entries that ran, for the report of a failure. */
  trace(): readonly string[] {
    const oldest = this.#noted % tracedSteps;
    const notes = [...this.#trace.slice(oldest), ...this.#trace.slice(0, oldest)];
    return notes.map(({ at, owner, label }) => `${toIso(at).slice(11, 23)} ${owner}: ${label}`);
  }
}

/**
 * Everything that follows from an entry without waiting has happened: a macrotask comes after all
 * microtasks.
 */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
