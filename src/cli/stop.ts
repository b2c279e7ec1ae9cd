// `sluice stop`: ends the embedded PostgreSQL of a data directory, orphaned or not. Gateways that
// use it would start it again, so they must be stopped first.

import { systemClock } from "../common/clock.ts";
import { loadConfig } from "../config.ts";
import type { Flags } from "./main.ts";

/** Resolves with the exit code: 0 if no server runs any more, 1 if gateways still use it. */
export async function stop(flags: Flags): Promise<number> {
  const config = await loadConfig({ flags, environment: process.env, folder: process.cwd() });
  const { stopEmbedded } = await import("../ops/stop-embedded.ts");
  const outcome = await stopEmbedded(config["data-dir"], systemClock);
  process.stdout.write(`${outcome.message}\n`);
  return outcome.stopped ? 0 : 1;
}
