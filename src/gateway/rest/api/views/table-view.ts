// Materialized tables as JSON.

import { trusted } from "../../../../common/sql.ts";
import { boolean, duration, nullable, number, oneOf, text, time, type View } from "../view.ts";
import { runStatuses, tableStatuses } from "./words.ts";

export const tableView: View = {
  name: "MaterializedTable",
  relation: trusted("sluice.materialized_tables"),
  columns: {
    catalog: text,
    database: text,
    name: text,
    status: oneOf(tableStatuses),
    refreshMode: oneOf(["FULL", "CONTINUOUS"]),
    requestedMode: oneOf(["AUTOMATIC", "FULL", "CONTINUOUS"]),
    modeReason: nullable(text),
    freshness: duration,
    dataTimestamp: nullable(time),
    lag: nullable(duration),
    nextRefresh: nullable(time),
    lastRefresh: nullable(time),
    lastStatus: nullable(oneOf(runStatuses)),
    lastError: nullable(text),
    rowCount: nullable(number),
    bytes: nullable(number),
    healthy: nullable(boolean),
    owner: nullable(text),
    query: text,
    comment: nullable(text),
    timeZone: text,
    version: number,
    createdAt: time,
    alteredAt: time,
  },
  order: [
    { column: "database", type: "text" },
    { column: "name", type: "text" },
  ],
};
