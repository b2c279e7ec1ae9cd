// Backfills and their intervals as JSON.

import { trusted } from "../../../../common/sql.ts";
import { json, nullable, number, oneOf, text, time, type View } from "../view.ts";
import { backfillStatuses, instanceStatuses } from "./words.ts";

export const backfillView: View = {
  name: "Backfill",
  relation: trusted("sluice.backfills"),
  columns: {
    backfillId: text,
    database: text,
    workflow: text,
    tableName: nullable(text),
    rangeStart: text,
    rangeEnd: text,
    status: oneOf(backfillStatuses),
    total: number,
    pending: number,
    running: number,
    successful: number,
    failed: number,
    skipped: number,
    startedAt: nullable(time),
    finishedAt: nullable(time),
    eta: nullable(time),
    options: json,
    parentId: nullable(text),
    reason: nullable(text),
    createdAt: time,
  },
  order: [
    { column: "created_at", type: "timestamptz", descending: true },
    { column: "backfill_id", type: "text" },
  ],
};

export const backfillIntervalView: View = {
  name: "BackfillInterval",
  relation: trusted("sluice.backfill_intervals"),
  columns: {
    ordinal: number,
    intervalStart: nullable(time),
    intervalEnd: nullable(time),
    partition: nullable(text),
    instanceId: nullable(text),
    status: oneOf(instanceStatuses),
    reason: nullable(text),
  },
  order: [{ column: "ordinal", type: "integer" }],
};
