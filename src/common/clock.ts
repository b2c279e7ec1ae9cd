// The only file that touches the machine's clock, timers and chance. Everything else is given a
// Clock or a RandomSource by main.ts, so that the simulation can put its own in place. A gateway's
// clock only ever paces loops and measures durations: what is due, leased or expired is decided by
// the database's clock (sluice_private.clock()).

import { randomBytes, randomUUID } from "node:crypto";
import { type Duration, type Instant, instant } from "./time.ts";

/** A timer that can be taken back; cancelling one that has fired does nothing. */
export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** The moment now, by this process. */
  now(): Instant;
  /** Milliseconds that only ever grow, with fractions; for measuring. */
  monotonic(): number;
  /** Calls `callback` once after `delay`; does not keep the process alive. */
  after(delay: Duration, callback: () => void): Timer;
  /** Resolves after `delay`, or at once when `signal` aborts; never rejects. */
  sleep(delay: Duration, signal?: AbortSignal): Promise<void>;
}

/** Where ids come from; the simulation gives a seeded one. */
export interface RandomSource {
  /** 32 lower-case hex digits. */
  hex32(): string;
  /** A random UUID in lower case. */
  uuid(): string;
  /** A number in [0, 1). */
  fraction(): number;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => instant(Date.now()),
  monotonic: () => performance.now(),
  after(delay, callback) {
    const handle = setTimeout(callback, delay);
    handle.unref();
    return { cancel: () => clearTimeout(handle) };
  },
  sleep: (delay, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const finish = () => {
        clearTimeout(handle);
        signal?.removeEventListener("abort", finish);
        resolve();
      };
      const handle = setTimeout(finish, delay);
      signal?.addEventListener("abort", finish, { once: true });
    }),
};

/** Chance from the operating system. */
export const systemRandom: RandomSource = {
  hex32: () => randomBytes(16).toString("hex"),
  uuid: () => randomUUID(),
  fraction: () => randomBytes(4).readUInt32BE() / 2 ** 32,
};
