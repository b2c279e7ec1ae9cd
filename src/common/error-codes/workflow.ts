// Errors of schedules, workflows, instances and queues: WF-*.

import type { ErrorKind } from "../error-codes.ts";

export const workflowErrors = {
  "WF-CRON": {
    sqlstate: "22023",
    httpStatus: 400,
    meaning: "The cron expression cannot be read, or never fires.",
  },
  "WF-JOB-UNKNOWN": {
    sqlstate: "42704",
    httpStatus: 404,
    meaning: "There is no job (workflow instance) of that id, or its history has been removed.",
  },
  "WF-JOB-ENDED": {
    sqlstate: "55000",
    httpStatus: 409,
    meaning: "The job has ended already and cannot be stopped.",
  },
  "WF-TIME-ZONE": {
    sqlstate: "22023",
    httpStatus: 400,
    meaning: "There is no time zone of that name.",
  },
  "WF-EXISTS": {
    sqlstate: "42710",
    httpStatus: 409,
    meaning: "A workflow of that name exists already in the database.",
  },
  "WF-NOTFOUND": {
    sqlstate: "42704",
    httpStatus: 404,
    meaning: "There is no workflow of that name, or it has been dropped.",
  },
  "WF-QUEUE-UNKNOWN": {
    sqlstate: "42704",
    httpStatus: 400,
    meaning: "A task names a queue that does not exist.",
  },
  "WF-CYCLE": {
    sqlstate: "42P17",
    httpStatus: 400,
    meaning: "The tasks of a workflow wait for each other in a circle.",
  },
  "WF-TASK-UNKNOWN": {
    sqlstate: "42704",
    httpStatus: 400,
    meaning: "AFTER names a task that the workflow does not have.",
  },
  "WF-TASK-DUPLICATE": {
    sqlstate: "42710",
    httpStatus: 400,
    meaning: "Two tasks of a workflow have the same name.",
  },
  "WF-TIMEOUT": {
    sqlstate: "57014",
    httpStatus: 500,
    meaning: "An attempt of a task ran longer than its timeout and was ended.",
  },
  "WF-LOST": {
    sqlstate: "58000",
    httpStatus: 500,
    meaning: "The gateway or the database died too often under a task; it was given up.",
  },
  "WF-UPSTREAM-FAILED": {
    sqlstate: "55000",
    httpStatus: 500,
    meaning: "A task did not run because a task it waits for failed.",
  },
  "WF-TABLE-OWNED": {
    sqlstate: "55000",
    httpStatus: 409,
    meaning: "The workflow belongs to a materialized table and is managed through it.",
  },
  "WF-MISSING-SUSPEND": {
    sqlstate: "42704",
    httpStatus: 500,
    meaning: "Suspend of a refresh workflow that does not exist, on Flink's scheduler endpoints.",
  },
  "WF-MISSING-RESUME": {
    sqlstate: "42704",
    httpStatus: 500,
    meaning: "Resume of a refresh workflow that does not exist, on Flink's scheduler endpoints.",
  },
} as const satisfies Record<string, ErrorKind>;
