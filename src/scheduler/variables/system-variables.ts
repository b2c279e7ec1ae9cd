// The variables that are always there, from the scheduled time of a run in its workflow's zone.
// Pure.

import type { DataInterval, Instant } from "../../common/time.ts";
import { dayMs, wall, type Zone } from "../zone.ts";
import { formatWall } from "./date-value.ts";
import type { Variables } from "./references.ts";

/** What a run is, as far as variables tell it. */
export interface RunFacts {
  readonly scheduledAt: Instant;
  readonly interval: DataInterval;
  /** Name of the workflow. */
  readonly workflow: string;
  readonly instanceId: string;
}

/** Day before, day and moment of the scheduled time: these may be given other values. */
export const datedVariables = ["system.biz.date", "system.biz.curdate", "system.datetime"] as const;

/** What is true of a run and cannot be told otherwise. */
export const factVariables = [
  "interval.start",
  "interval.end",
  "workflow.name",
  "instance.id",
] as const;

/** Known only when a task runs: in texts that run, not in the values of variables. */
export const attemptVariable = "attempt";

/** All but the number of the attempt. */
export function systemVariables(run: RunFacts, zone: Zone): Variables {
  const at = zone.wallAt(run.scheduledAt);
  return {
    "system.biz.date": formatWall("yyyyMMdd", wall(at - dayMs)),
    "system.biz.curdate": formatWall("yyyyMMdd", at),
    "system.datetime": formatWall("yyyyMMddHHmmss", at),
    "interval.start": isoAt(run.interval.start, zone),
    "interval.end": isoAt(run.interval.end, zone),
    "workflow.name": run.workflow,
    "instance.id": run.instanceId,
  };
}

/** ISO 8601 with the zone's offset; milliseconds only if there are some. */
function isoAt(at: Instant, zone: Zone): string {
  const fraction = at % 1000 === 0 ? "" : ".SSS";
  const offset = zone.offsetAt(at);
  const size = Math.abs(offset);
  const seconds = size % 60_000 === 0 ? "" : formatWall(":ss", wall(size));
  const sign = offset < 0 ? "-" : "+";
  const local = formatWall(`yyyy-MM-dd HH:mm:ss${fraction}`, zone.wallAt(at)).replace(" ", "T");
  return `${local}${sign}${formatWall("HH:mm", wall(size))}${seconds}`;
}
