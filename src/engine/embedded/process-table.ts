// Questions about processes of this machine by number. A number alone proves nothing (it is used
// again), so a process is known by number and start mark; where the system tells no mark (not
// Linux), by number alone.

import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** What the system says of a process, or null if it is gone (a zombie is gone). */
interface ProcessFacts {
  readonly name: string;
  readonly startMark: string;
}

/** True if the process lives; another user's process counts. */
export function isAlive(pid: number): boolean {
  if (process.platform === "linux") return factsOf(pid) !== null;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * Distinguishes a process from a later one of the same number; empty where the system does not
 * tell.
 */
export function startMark(pid: number): string {
  return factsOf(pid)?.startMark ?? "";
}

/** True if the process lives and is a PostgreSQL (assumed where the system does not tell names). */
export function isPostgres(pid: number): boolean {
  if (process.platform !== "linux") return isAlive(pid);
  return factsOf(pid)?.name === "postgres";
}

/** Sends a signal; false if the process is gone already. */
export function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}

/**
 * Numbers of the PostgreSQL processes that work in a data directory; empty where the system does
 * not tell.
 */
export function postgresProcessesIn(clusterDirectory: string): number[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => isPostgres(pid) && workingDirectory(pid) === clusterDirectory);
}

function workingDirectory(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return null; // gone meanwhile, or another user's
  }
}

function factsOf(pid: number): ProcessFacts | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return null;
  }
  // pid (name) state ppid …: the name may have blanks and brackets, so cut at the last one.
  const end = text.lastIndexOf(")");
  const fields = text.slice(end + 2).split(" ");
  if (fields[0] === "Z" || fields[0] === "X") return null;
  return { name: text.slice(text.indexOf("(") + 1, end), startMark: fields[19] ?? "" };
}
