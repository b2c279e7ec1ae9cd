// LISTEN on a connection of its own. When that connection dies it is made again; what was missed
// meanwhile the polls find, and a wake after each reconnect makes up for it at once.

import type { Clock } from "../../common/clock.ts";
import type { Database } from "../../common/pg.ts";
import { milliseconds } from "../../common/time.ts";
import { wakeChannel } from "./pg-workflows.ts";
import type { WakeSource } from "./scheduler-options.ts";

const pauseBetweenAttempts = milliseconds(500);

export function pgWakeSource(
  database: Database,
  clock: Clock,
  onError: (error: unknown, where: string) => void,
): WakeSource {
  const stopping = new AbortController();
  let loop: Promise<void> = Promise.resolve();
  const listen = async (onWake: () => void) => {
    while (!stopping.signal.aborted) {
      try {
        await listenOnce(database, onWake, stopping.signal);
      } catch (error) {
        onError(error, "listen");
      }
      await clock.sleep(pauseBetweenAttempts, stopping.signal);
    }
  };
  return {
    start(onWake) {
      loop = listen(onWake);
    },
    async stop() {
      stopping.abort();
      await loop;
    },
  };
}

/** Resolves when the connection has ended or `signal` aborts. */
async function listenOnce(
  database: Database,
  onWake: () => void,
  signal: AbortSignal,
): Promise<void> {
  const client = await database.connect();
  const ended = new Promise<void>((resolve) => {
    // It may have aborted while the connection was being made; then no event will come.
    if (signal.aborted) resolve();
    client.once("end", resolve);
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  try {
    client.on("notification", onWake);
    await client.query(`LISTEN ${wakeChannel}`);
    onWake();
    await ended;
  } finally {
    await client.end();
  }
}
