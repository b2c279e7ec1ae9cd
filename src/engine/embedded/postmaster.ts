// One start and one stop of the server. It runs detached: it outlives a killed gateway and is
// adopted by the next. It listens on the loopback address alone, every connection needs a password,
// and it has no unix socket (their paths are limited to 107 bytes, and a shared folder of sockets
// is no better guarded). Callers hold the start lock.

import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, fstatSync, openSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import type { Clock } from "../../common/clock.ts";
import { GatewayError } from "../../common/gateway-error.ts";
import { milliseconds } from "../../common/time.ts";
import type { Binaries } from "./binaries.ts";
import { type DataDirectory, readIfThere, readPostmaster, replaceFile } from "./data-directory.ts";
import { isAlive, isPostgres, postgresProcessesIn, signalProcess } from "./process-table.ts";
import { commandAs, type ServerUser } from "./server-user.ts";

export interface ServerSetup {
  readonly directory: DataDirectory;
  readonly binaries: Binaries;
  readonly user: ServerUser;
  readonly clock: Clock;
  /** Settings on the server's command line, above those of postgresql.conf. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface RunningServer {
  readonly pid: number;
  readonly port: number;
  /** The child, if this process started it. */
  readonly child: ChildProcess | null;
}

/** A killed server's processes may hold its shared memory this long. */
const startPatience = 15_000;
const readyPatience = 120_000;
const stopPatience = 30_000;
const pause = milliseconds(10);

/**
 * The server that runs on the directory, or null. A pid file whose number is some other process's
 * is removed.
 */
export function findRunning(directory: DataDirectory): RunningServer | null {
  const postmaster = readPostmaster(directory);
  if (postmaster === null) return null;
  if (isPostgres(postmaster.pid)) return { ...postmaster, child: null };
  rmSync(join(directory.cluster, "postmaster.pid"), { force: true });
  return null;
}

/** Starts the server on its former port, or another if that is taken and `keepPort` is false. */
export async function startServer(setup: ServerSetup, keepPort: boolean): Promise<RunningServer> {
  const { directory, clock } = setup;
  const until = clock.monotonic() + startPatience;
  for (;;) {
    const port = await choosePort(directory, keepPort);
    const logFrom = sizeOf(directory.serverLog);
    const child = launch(setup, port);
    if (await becomesReady(setup, child)) {
      replaceFile(directory.portFile, String(port));
      return { pid: readPostmaster(directory)?.pid ?? child.pid ?? 0, port, child };
    }
    const said = readFileSync(directory.serverLog, "utf8").slice(logFrom);
    const passing = /pre-existing shared memory|could not bind|address already in use/i.test(said);
    if (!passing || clock.monotonic() > until) throw notStarted(directory, said);
    endOrphans(directory);
    await clock.sleep(milliseconds(100));
  }
}

/** Waits until a server that somebody else started takes connections; false if it ended instead. */
export async function awaitReady(
  directory: DataDirectory,
  pid: number,
  clock: Clock,
): Promise<boolean> {
  const until = clock.monotonic() + readyPatience;
  while (isAlive(pid) && clock.monotonic() < until) {
    const seen = readPostmaster(directory);
    if (seen?.pid === pid && seen.ready) return true;
    await clock.sleep(pause);
  }
  return false;
}

/** Fast shutdown: sessions are ended, what has committed is safe. */
export async function stopServer(pid: number, clock: Clock): Promise<void> {
  if (!signalProcess(pid, "SIGINT")) return;
  const until = clock.monotonic() + stopPatience;
  while (isAlive(pid)) {
    if (clock.monotonic() > until) {
      throw new GatewayError("GW-EMBEDDED", `server process ${pid} does not stop`);
    }
    await clock.sleep(pause);
  }
}

function launch(setup: ServerSetup, port: number): ChildProcess {
  const { directory, binaries, user } = setup;
  const settings: Record<string, string> = {
    port: String(port),
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    logging_collector: "off",
    ...setup.settings,
  };
  const flags = Object.entries(settings).flatMap(([key, value]) => ["-c", `${key}=${value}`]);
  const { command, args, options } = commandAs(user, binaries.postgres, [
    "-D",
    directory.cluster,
    ...flags,
  ]);
  const log = openSync(directory.serverLog, "a", 0o600);
  try {
    const child = spawn(command, args, {
      ...options,
      cwd: "/",
      detached: true,
      stdio: ["ignore", log, log],
      env: { PATH: process.env["PATH"], TZ: "UTC", LC_ALL: "C" },
    });
    child.unref();
    return child;
  } finally {
    closeSync(log);
  }
}

async function becomesReady(setup: ServerSetup, child: ChildProcess): Promise<boolean> {
  const { directory, clock } = setup;
  let over = false;
  child.once("error", () => {
    over = true;
  });
  child.once("exit", () => {
    over = true;
  });
  const until = clock.monotonic() + readyPatience;
  while (!over && clock.monotonic() < until) {
    const seen = readPostmaster(directory);
    if (seen?.ready && seen.pid === child.pid) return true;
    await clock.sleep(pause);
  }
  return false;
}

/**
 * Processes of a postmaster that was killed end by themselves only when they next wait for
 * something.
 */
function endOrphans(directory: DataDirectory): void {
  const postmaster = readPostmaster(directory)?.pid;
  if (postmaster !== undefined && isPostgres(postmaster)) return;
  for (const pid of postgresProcessesIn(directory.cluster)) signalProcess(pid, "SIGQUIT");
}

async function choosePort(directory: DataDirectory, keep: boolean): Promise<number> {
  const former = Number(readIfThere(directory.portFile) ?? 0);
  if (former > 0 && (keep || (await freePort(former)) !== null)) return former;
  const port = await freePort(0);
  if (port !== null) return port;
  throw new GatewayError("GW-EMBEDDED", "no free port on 127.0.0.1");
}

/** The port if it can be listened on (0: any), else null. */
function freePort(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(null));
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      const taken = typeof address === "object" ? (address?.port ?? null) : null;
      server.close(() => resolve(taken));
    });
  });
}

function sizeOf(path: string): number {
  const file = openSync(path, "a", 0o600);
  try {
    return fstatSync(file).size;
  } finally {
    closeSync(file);
  }
}

function notStarted(directory: DataDirectory, said: string): GatewayError {
  return new GatewayError("GW-EMBEDDED", "the embedded PostgreSQL did not start", {
    detail: said.trim().split("\n").slice(-5).join(" "),
    hint: `Its log is ${directory.serverLog}.`,
  });
}
