// Cells of the ledger as JSON.

import { trusted } from "../../../../common/sql.ts";
import { nullable, number, oneOf, text, time, type View } from "../view.ts";
import { cellStates } from "./words.ts";

export const partitionView: View = {
  name: "Partition",
  relation: trusted("sluice.partitions"),
  columns: {
    database: text,
    name: text,
    partition: text,
    state: oneOf(cellStates),
    dataTimestamp: nullable(time),
    completeUntil: nullable(time),
    rowCount: nullable(number),
    lastRunId: nullable(text),
    reason: nullable(text),
    changedAt: nullable(time),
    intervalStart: nullable(time),
    intervalEnd: nullable(time),
  },
  order: [
    { column: "database", type: "text" },
    { column: "name", type: "text" },
    { column: "partition", type: "text" },
  ],
};
