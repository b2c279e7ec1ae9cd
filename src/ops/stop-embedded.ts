// Ends the embedded server of a data directory on request of the operator.

import { existsSync } from "node:fs";
import type { Clock } from "../common/clock.ts";
import {
  liveGateways,
  openDataDirectory,
  withStartLock,
} from "../engine/embedded/data-directory.ts";
import { findRunning, stopServer } from "../engine/embedded/postmaster.ts";

export interface StopOutcome {
  /** False if the server goes on. */
  readonly stopped: boolean;
  readonly message: string;
}

/** Stops the server unless a living gateway uses it. */
export async function stopEmbedded(dataDirectory: string, clock: Clock): Promise<StopOutcome> {
  if (!existsSync(dataDirectory)) return { stopped: true, message: "no data directory there" };
  const directory = openDataDirectory(dataDirectory);
  return withStartLock(directory, clock, async () => {
    const gateways = liveGateways(directory);
    if (gateways.length > 0) {
      const message = `gateways still use it: stop processes ${gateways.join(", ")} first`;
      return { stopped: false, message };
    }
    const running = findRunning(directory);
    if (running === null) return { stopped: true, message: "PostgreSQL was not running" };
    await stopServer(running.pid, clock);
    return { stopped: true, message: `PostgreSQL, process ${running.pid}, has stopped` };
  });
}
