// Workflows as JSON: those of users and those of tables.

import { trusted } from "../../../../common/sql.ts";
import { boolean, json, nullable, number, oneOf, text, time, type View } from "../view.ts";
import { workflowKinds } from "./words.ts";

export const workflowView: View = {
  name: "Workflow",
  relation: trusted("sluice.workflows"),
  columns: {
    workflowId: text,
    database: text,
    workflow: text,
    kind: oneOf(workflowKinds),
    tableName: nullable(text),
    enabled: boolean,
    version: number,
    schedule: text,
    timeZone: nullable(text),
    startsAt: nullable(time),
    endsAt: nullable(time),
    nextExecution: nullable(time),
    lastExecution: nullable(time),
    pending: number,
    running: number,
    successful: number,
    failed: number,
    tags: json,
    createdAt: time,
  },
  order: [
    { column: "database", type: "text" },
    { column: "workflow", type: "text" },
  ],
};
