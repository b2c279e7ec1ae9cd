// `sluice start`: a gateway until a signal. The first SIGTERM or SIGINT drains and gives claims
// back, the second ends at once.

import { pino } from "pino";
import { systemClock, systemRandom } from "../common/clock.ts";
import type { Log } from "../common/log.ts";
import { milliseconds } from "../common/time.ts";
import { type Config, loadConfig } from "../config.ts";
import { type Sluice, startSluice } from "../sluice.ts";
import type { Flags } from "./main.ts";

/** Resolves with the exit code when the gateway has ended. */
export async function start(flags: Flags): Promise<number> {
  const config = await loadConfig({
    flags,
    environment: process.env,
    folder: process.cwd(),
  });
  const log = makeLog(config);
  const signal = firstSignal();
  const started = systemClock.monotonic();
  const sluice = await startSluice(config, { clock: systemClock, random: systemRandom, log });
  const took = Math.round(systemClock.monotonic() - started);
  log.info({ url: sluice.url, milliseconds: took }, "ready");
  if (process.stdout.isTTY) process.stdout.write(banner(config, sluice));
  await warmUp(log);
  log.info({ signal: await signal }, "stopping");
  const patience = milliseconds(config["shutdown.timeout"]);
  systemClock.after(patience, () => {
    // What it held is taken over when its lease is over; nothing is lost by leaving now.
    log.error({ milliseconds: patience }, "did not stop in time; leaving");
    process.exit(1);
  });
  await sluice.close();
  log.info({}, "stopped");
  return 0;
}

/**
 * The first statement of ours would wait for the analysis of the grammar, a tenth of a second and
 * more: it is done once nobody waits for the start any longer.
 */
async function warmUp(log: Log): Promise<void> {
  const { parse } = await import("../parser/parse.ts");
  const began = systemClock.monotonic();
  parse("SHOW TABLES");
  log.debug({ milliseconds: Math.round(systemClock.monotonic() - began) }, "grammar is analysed");
}

function makeLog(config: Config): Log {
  return pino({
    level: config["log-level"],
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
  });
}

/** Resolves with the first signal; a second one ends the process with the usual code. */
function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let seen = false;
    const onSignal = (signal: NodeJS.Signals, number: number) => {
      if (seen) process.exit(128 + number);
      seen = true;
      resolve(signal);
    };
    process.on("SIGTERM", onSignal);
    process.on("SIGINT", onSignal);
  });
}

function banner(config: Config, sluice: Sluice): string {
  const data = config["database-url"] === null ? `\n  data   ${config["data-dir"]}` : "";
  return `\nSluice is ready.\n  url    ${sluice.url}${data}\n\n`;
}
