// Events as JSON, in the order of their ids.

import { trusted } from "../../../../common/sql.ts";
import { json, nullable, number, text, time, type View } from "../view.ts";

export const eventView: View = {
  name: "Event",
  relation: trusted("sluice.events"),
  columns: {
    eventId: number,
    at: time,
    kind: text,
    database: nullable(text),
    workflow: nullable(text),
    tableName: nullable(text),
    task: nullable(text),
    instanceId: nullable(text),
    taskInstanceId: nullable(text),
    backfillId: nullable(text),
    status: nullable(text),
    detail: nullable(text),
    errorCode: nullable(text),
    error: nullable(text),
    facts: nullable(json),
  },
  order: [{ column: "event_id", type: "bigint", descending: true }],
};
