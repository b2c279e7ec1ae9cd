// Ends work in the server from outside: cancels what a backend of ours runs, terminates the backend
// of a dead gateway. Both on a connection of their own, since the pool may be full of exactly the
// work that is to end.

import type { Clock } from "../../common/clock.ts";
import type { Database } from "../../common/pg.ts";
import { milliseconds } from "../../common/time.ts";

/**
 * Cancels the statement that `pid` runs; nothing happens if it runs none. Rejects if the server
 * cannot be reached.
 */
export async function cancelBackend(database: Database, pid: number): Promise<void> {
  const client = await database.connect();
  try {
    await client.query("SELECT pg_cancel_backend($1)", [pid]);
  } finally {
    await client.end();
  }
}

/**
 * Terminates `(pid, startedAt)`; false if that backend is gone, be it that another one has its pid
 * now. `startedAt` is pg_stat_activity's backend_start, as text with microseconds.
 */
export async function reapBackend(
  database: Database,
  pid: number,
  startedAt: string,
): Promise<boolean> {
  const client = await database.connect();
  try {
    const result = await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE pid = $1 AND backend_start = $2::timestamptz AND pid <> pg_backend_pid()`,
      [pid, startedAt],
    );
    return (result.rowCount ?? 0) > 0;
  } finally {
    await client.end();
  }
}

/** Watches a signal for the length of one transaction. */
export interface CancelWatch {
  /**
   * Stops; resolves when no cancel request is on its way any more. Only then may the connection be
   * used for something else: a late request would hit the wrong statement.
   */
  stop(): Promise<void>;
}

const again = milliseconds(50);

/**
 * From the abort on, cancels whatever `pid` runs, again and again until stopped: between statements
 * one is lost.
 */
export function watchForAbort(
  services: { readonly database: Database; readonly clock: Clock },
  pid: number,
  signal: AbortSignal,
): CancelWatch {
  const stopped = new AbortController();
  let working: Promise<void> = Promise.resolve();
  const work = async () => {
    while (!stopped.signal.aborted) {
      // An unreachable server has ended the work itself, or will when it notices that we are gone.
      await cancelBackend(services.database, pid).catch(() => undefined);
      await services.clock.sleep(again, stopped.signal);
    }
  };
  const onAbort = () => {
    working = work();
  };
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  return {
    async stop() {
      signal.removeEventListener("abort", onAbort);
      stopped.abort();
      await working;
    },
  };
}
