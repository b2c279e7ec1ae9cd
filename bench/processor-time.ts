// How much processor time a process and all below it have used, from /proc; Linux only.

import { readdirSync, readFileSync } from "node:fs";
import { cpus } from "node:os";

/** The kernel counts in hundredths of a second on every platform that Node runs on. */
const ticksPerSecond = 100;

interface ProcessUse {
  readonly pid: number;
  readonly parent: number;
  /** Of itself and of children that have ended. */
  readonly seconds: number;
}

/** Seconds of the process and its living descendants; null where there is no /proc. */
export function processorSeconds(pid: number): number | null {
  if (process.platform !== "linux") return null;
  const all = readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? useOf(name) : []));
  const family = new Set([pid]);
  for (let grown = true; grown; ) {
    const before = family.size;
    for (const one of all) if (family.has(one.parent)) family.add(one.pid);
    grown = family.size > before;
  }
  return all.filter((one) => family.has(one.pid)).reduce((sum, one) => sum + one.seconds, 0);
}

/** The share of the whole machine that was used between two readings, in percent. */
export function machineShare(before: number | null, after: number | null, elapsed: number): string {
  if (before === null || after === null) return "not known on this platform";
  return `${Math.round(((after - before) / elapsed / cpus().length) * 100)} %`;
}

function useOf(name: string): ProcessUse[] {
  try {
    const stat = readFileSync(`/proc/${name}/stat`, "utf8");
    // The command may hold blanks and brackets: count from behind the last bracket.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0);
    return [{ pid: Number(name), parent: Number(fields[1]), seconds: ticks / ticksPerSecond }];
  } catch {
    return []; // it has ended in the meantime
  }
}
