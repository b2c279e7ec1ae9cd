// Waiting for the end of an instance: told at once by this gateway's own loop, found by looking if
// another gateway ended it.

import type { Clock } from "../../common/clock.ts";
import type { InstanceId } from "../../common/ids.ts";
import { milliseconds } from "../../common/time.ts";
import type { InstanceState } from "../scheduler.ts";
import type { WorkflowStore } from "./store.ts";

const firstLook = 25;
const longestPause = 500;

export class EndWatch {
  readonly #store: WorkflowStore;
  readonly #clock: Clock;
  readonly #waiting = new Map<InstanceId, Set<(state: InstanceState) => void>>();

  constructor(store: WorkflowStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  tell(state: InstanceState): void {
    for (const resolve of this.#waiting.get(state.instanceId) ?? []) resolve(state);
  }

  /** Null if there is no such instance; rejects with the signal's reason when it aborts. */
  async wait(id: InstanceId, signal: AbortSignal): Promise<InstanceState | null> {
    let told: InstanceState | null = null;
    let nap = new AbortController();
    const hear = (state: InstanceState) => {
      told = state;
      nap.abort();
    };
    const stop = () => nap.abort();
    const listeners = this.#waiting.get(id) ?? new Set();
    this.#waiting.set(id, listeners.add(hear));
    signal.addEventListener("abort", stop);
    try {
      for (let pause = firstLook; ; pause = Math.min(pause * 2, longestPause)) {
        signal.throwIfAborted();
        if (told !== null) return told;
        const state = await this.#store.find(id);
        if (state === null || (state.status !== "PENDING" && state.status !== "RUNNING")) {
          return told ?? state;
        }
        if (told !== null || signal.aborted) continue;
        nap = new AbortController();
        await this.#clock.sleep(milliseconds(pause), nap.signal);
      }
    } finally {
      signal.removeEventListener("abort", stop);
      listeners.delete(hear);
      if (listeners.size === 0) this.#waiting.delete(id);
    }
  }
}
