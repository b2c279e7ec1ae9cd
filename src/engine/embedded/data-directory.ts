// The data directory of the embedded server and what lies in it:
//
//   postgres/      the cluster
//   pgpass         passwords of `postgres` and `sluice`, readable by the owner alone
//   gateways/      a file for each gateway that uses the server
//   start.lock     held while somebody starts or stops the server
//   port           the port it was started on first, kept over restarts
//   postgres.log   the server's log
//
// The start lock makes starting, adopting and stopping one at a time among gateways; the gateways'
// files tell who is left. Both name a process by number and start mark, so what a killed gateway
// leaves behind counts for nothing.

import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Clock, RandomSource } from "../../common/clock.ts";
import { GatewayError } from "../../common/gateway-error.ts";
import { milliseconds } from "../../common/time.ts";
import { isAlive, startMark } from "./process-table.ts";

export interface DataDirectory {
  readonly path: string;
  /** The PostgreSQL cluster. */
  readonly cluster: string;
  readonly serverLog: string;
  readonly passwordFile: string;
  readonly portFile: string;
}

export interface Passwords {
  readonly postgres: string;
  readonly sluice: string;
}

/** What postmaster.pid says. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly ready: boolean;
}

/**
 * Makes the directory if it is not there. Others may pass through it (the server may run as another
 * user).
 */
export function openDataDirectory(path: string): DataDirectory {
  const root = resolve(path);
  mkdirSync(join(root, "gateways"), { recursive: true, mode: 0o711 });
  return {
    path: root,
    cluster: join(root, "postgres"),
    serverLog: join(root, "postgres.log"),
    passwordFile: join(root, "pgpass"),
    portFile: join(root, "port"),
  };
}

/** Owner of the cluster's files, or null while there is no cluster. */
export function clusterOwner(directory: DataDirectory): { uid: number; gid: number } | null {
  const facts = statSync(directory.cluster, { throwIfNoEntry: false });
  return facts === undefined ? null : { uid: facts.uid, gid: facts.gid };
}

/** Makes the passwords of the two roles unless they are there. Called under the start lock. */
export function makePasswords(directory: DataDirectory, random: RandomSource): void {
  if (existsSync(directory.passwordFile)) return;
  const line = (role: string) => `127.0.0.1:*:*:${role}:${random.hex32()}\n`;
  replaceFile(directory.passwordFile, line("postgres") + line("sluice"));
}

/** The passwords of the two roles. */
export function readPasswords(directory: DataDirectory): Passwords {
  const lines = (readIfThere(directory.passwordFile) ?? "").split("\n");
  const find = (role: string) => {
    const found = lines.find((line) => line.split(":")[3] === role)?.split(":")[4];
    if (found !== undefined) return found;
    throw new GatewayError("GW-EMBEDDED", `no password for ${role} in ${directory.passwordFile}`);
  };
  return { postgres: find("postgres"), sluice: find("sluice") };
}

/** What postmaster.pid tells, or null if there is none or it is half written. */
export function readPostmaster(directory: DataDirectory): Postmaster | null {
  const text = readIfThere(join(directory.cluster, "postmaster.pid"));
  const lines = text?.split("\n") ?? [];
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!Number.isInteger(pid) || pid <= 0 || !Number.isInteger(port) || port <= 0) return null;
  return { pid, port, ready: lines[7]?.trim() === "ready" };
}

/**
 * Writes a gateway of this process down among those that use the server; `key` tells two of one
 * process apart.
 */
export function registerGateway(directory: DataDirectory, key: string): void {
  writeFileSync(gatewayFile(directory, `${process.pid}.${key}`), startMark(process.pid));
}

/** Strikes a gateway of this process out; true if no other living gateway is left. */
export function unregisterGateway(directory: DataDirectory, key: string): boolean {
  rmSync(gatewayFile(directory, `${process.pid}.${key}`), { force: true });
  return liveGateways(directory).length === 0;
}

/** Process numbers of the living gateways on this directory; files of dead ones are swept. */
export function liveGateways(directory: DataDirectory): number[] {
  const names = readdirSync(join(directory.path, "gateways"));
  const live = names.filter((name) => {
    const mark = readIfThere(gatewayFile(directory, name));
    if (mark !== null && isSame(processOf(name), mark)) return true;
    rmSync(gatewayFile(directory, name), { force: true });
    return false;
  });
  return live.map(processOf);
}

/** Runs `body` while no other process starts or stops the server; waits at most a minute. */
export async function withStartLock<T>(
  directory: DataDirectory,
  clock: Clock,
  body: () => Promise<T>,
): Promise<T> {
  const lock = join(directory.path, "start.lock");
  const mine = `${process.pid} ${startMark(process.pid)}`;
  const until = clock.monotonic() + 60_000;
  while (!takeLock(lock, mine)) {
    if (clock.monotonic() > until) {
      throw new GatewayError("GW-EMBEDDED", `data directory ${directory.path} is locked`, {
        detail: `Process ${readIfThere(lock) ?? "?"} has been starting or stopping the server.`,
      });
    }
    await clock.sleep(milliseconds(20));
  }
  try {
    return await body();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Replaces a file at once and for its owner alone. */
export function replaceFile(path: string, content: string): void {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, content, { mode: 0o600 });
  renameSync(draft, path);
}

/** Content of a file, or null if it is not there. */
export function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

function gatewayFile(directory: DataDirectory, name: string): string {
  return join(directory.path, "gateways", name);
}

function processOf(name: string): number {
  return Number(name.split(".")[0]);
}

/** A link appears whole or not at all, so the lock never names nobody. */
function takeLock(lock: string, mine: string): boolean {
  const draft = `${lock}.${process.pid}`;
  writeFileSync(draft, mine);
  try {
    linkSync(draft, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const [pid, mark] = (readIfThere(lock) ?? "").split(" ");
    if (pid && !isSame(Number(pid), mark ?? "")) removeStale(lock, `${pid} ${mark ?? ""}`);
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Two may see the same stale lock: moved aside first, and put back if it was a fresh one by then.
 */
function removeStale(lock: string, seen: string): void {
  const aside = `${lock}.stale.${process.pid}`;
  try {
    renameSync(lock, aside);
    if (readIfThere(aside) !== seen) linkSync(aside, lock);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== "ENOENT" && code !== "EEXIST") throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function isSame(pid: number, mark: string): boolean {
  return Number.isInteger(pid) && isAlive(pid) && (mark === "" || startMark(pid) === mark);
}
