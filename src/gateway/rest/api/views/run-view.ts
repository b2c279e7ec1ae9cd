// Refresh runs as JSON, newest first.

import { trusted } from "../../../../common/sql.ts";
import { nullable, number, oneOf, text, texts, time, type View } from "../view.ts";
import { runStatuses } from "./words.ts";

export const runView: View = {
  name: "RefreshRun",
  relation: trusted("sluice.refresh_runs"),
  columns: {
    runId: text,
    database: text,
    name: text,
    instanceId: text,
    taskInstanceId: text,
    trigger: text,
    intervalStart: nullable(time),
    intervalEnd: nullable(time),
    partitions: nullable(texts),
    attempt: number,
    dueAt: time,
    startedAt: time,
    finishedAt: time,
    dataTimestamp: nullable(time),
    status: oneOf(runStatuses),
    tactic: nullable(text),
    planBranch: nullable(text),
    rowsInserted: number,
    rowsUpdated: number,
    rowsDeleted: number,
    errorCode: nullable(text),
    error: nullable(text),
    reason: nullable(text),
  },
  order: [
    { column: "finished_at", type: "timestamptz", descending: true },
    { column: "run_id", type: "text" },
  ],
};
