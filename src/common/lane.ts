// One kind of work of a loop, never beside itself. Whoever wants it done leaves a note; a note
// during the work means once more. Without notes it is done again after the time that it asked for
// itself, so that a lost note costs at most one poll. After an error it rests, whatever the notes,
// and goes on.

import type { Clock } from "./clock.ts";
import { type Duration, milliseconds } from "./time.ts";

const restAfterError = milliseconds(250);

export interface LaneOptions {
  readonly clock: Clock;
  readonly name: string;
  /** Gives how long to wait for the next time if nobody leaves a note. */
  readonly work: () => Promise<Duration>;
  /** Told of every failure of `work`; must not throw. */
  readonly onError: (error: unknown, lane: string) => void;
}

export class Lane {
  readonly #options: LaneOptions;
  #noted = false;
  #stopped = false;
  #sleep: AbortController | null = null;
  #resting = false;
  #loop: Promise<void> | null = null;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  /** Asks for the work to be done soon. */
  note(): void {
    this.#noted = true;
    if (!this.#resting) this.#sleep?.abort("noted");
  }

  /** Resolves when the work that is under way is done; nothing runs after that. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#sleep?.abort("noted");
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      this.#noted = false;
      const { clock, name, work, onError } = this.#options;
      let wait: Duration;
      this.#resting = false;
      try {
        wait = await work();
      } catch (error) {
        onError(error, name);
        this.#resting = true;
        wait = restAfterError;
      }
      if (this.#stopped || (this.#noted && !this.#resting)) continue;
      this.#sleep = new AbortController();
      await clock.sleep(wait, this.#sleep.signal);
      this.#sleep = null;
    }
  }
}
