// Hears what other gateways say about sessions. One connection per gateway; while it is lost,
// nothing is heard, so after it is back every session's copy is read again before it is used.

import type pg from "pg";
import type { Clock } from "../../common/clock.ts";
import { asId, type SessionHandle } from "../../common/ids.ts";
import type { Database } from "../../common/pg.ts";
import { seconds } from "../../common/time.ts";
import { sessionChannel } from "./pg-session-store.ts";

export interface SessionListenerOptions {
  readonly database: Database;
  /** This gateway's name in notifications. */
  readonly gateway: string;
  readonly clock: Clock;
  /** A session was changed or closed elsewhere; null: any may have been. */
  readonly onChange: (handle: SessionHandle | null) => void;
  readonly onError: (error: unknown) => void;
}

const retryAfter = seconds(1);

export class SessionListener {
  readonly #options: SessionListenerOptions;
  readonly #stop = new AbortController();
  #loop: Promise<void> = Promise.resolve();

  constructor(options: SessionListenerOptions) {
    this.#options = options;
  }

  /** Listens from now on, in the background. */
  start(): void {
    this.#loop = this.#listen();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }

  async #listen(): Promise<void> {
    const { clock, onChange, onError } = this.#options;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await this.#listenOnce();
      } catch (error) {
        if (!signal.aborted) onError(error);
      }
      if (signal.aborted) return;
      await clock.sleep(retryAfter, signal);
      onChange(null);
    }
  }

  /** Resolves when the connection is lost, or on stop. */
  async #listenOnce(): Promise<void> {
    const client = await this.#options.database.connect();
    try {
      const lost = new Promise<void>((resolve) => {
        // It may have aborted while the connection was being made; then no event will come.
        if (this.#stop.signal.aborted) resolve();
        client.once("end", () => resolve());
        client.once("error", () => resolve());
        this.#stop.signal.addEventListener("abort", () => resolve(), { once: true });
      });
      client.on("notification", (message) => this.#hear(message));
      await client.query(`LISTEN ${sessionChannel}`);
      await lost;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  #hear(message: pg.Notification): void {
    const [gateway, handle] = (message.payload ?? "").split(":", 2);
    if (gateway === this.#options.gateway || handle === undefined) return;
    this.#options.onChange(asId<SessionHandle>(handle));
  }
}
