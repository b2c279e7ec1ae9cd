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
  "WF-VARIABLE": {
    sqlstate: "22023",
    httpStatus: 400,
    meaning:
      "A variable is undefined, cannot be resolved, or its value would change the statement it stands in.",
  },
  "WF-ENABLED": {
    sqlstate: "55000",
    httpStatus: 409,
    meaning: "An enabled workflow refuses edits; disable it first.",
  },
  "WF-INSTANCE-UNKNOWN": {
    sqlstate: "42704",
    httpStatus: 404,
    meaning: "No workflow instance has that id.",
  },
  "WF-INSTANCE-ENDED": {
    sqlstate: "55000",
    httpStatus: 409,
    meaning: "The workflow instance has ended.",
  },
  "WF-INSTANCE-RUNNING": {
    sqlstate: "55000",
    httpStatus: 409,
    meaning: "The workflow instance has not ended.",
  },
  "WF-TASK-RUNNING": {
    sqlstate: "55000",
    httpStatus: 409,
    meaning: "The task is running.",
  },
  "WF-QUEUE-EXISTS": {
    sqlstate: "42710",
    httpStatus: 409,
    meaning: "A queue of that name exists.",
  },
  "WF-QUEUE-IN-USE": {
    sqlstate: "55006",
    httpStatus: 409,
    meaning: "The queue is used by workflows or tasks, or always there.",
  },
  "WF-NAME": {
    sqlstate: "42602",
    httpStatus: 400,
    meaning: "The name of a workflow, task or queue is empty, too long or kept for tables.",
  },
  "WF-TEXT": {
    sqlstate: "22021",
    httpStatus: 400,
    meaning: "A text of a request has a character that PostgreSQL cannot store.",
  },
  "WF-SCHEDULE": {
    sqlstate: "22023",
    httpStatus: 400,
    meaning: "EVERY is not a positive whole number of seconds, minutes, hours, days or weeks.",
  },
  "WF-TIMESTAMP": {
    sqlstate: "22007",
    httpStatus: 400,
    meaning: "START AT, END AT or AT cannot be read as a timestamp.",
  },
  "WF-BOUNDS": {
    sqlstate: "22023",
    httpStatus: 400,
    meaning: "END AT is not after START AT, or a workflow without a schedule has bounds.",
  },
  "WF-OPTION-UNKNOWN": {
    sqlstate: "42704",
    httpStatus: 400,
    meaning: "There is no option of that name for workflows, tasks or queues.",
  },
  "WF-OPTION-VALUE": {
    sqlstate: "22023",
    httpStatus: 400,
    meaning: "An option of a workflow, task or queue does not take this value.",
  },
  "WF-CHANGE-EMPTY": {
    sqlstate: "42601",
    httpStatus: 400,
    meaning: "SET or RESET of a workflow or queue names nothing.",
  },
  "WF-TASKS-EMPTY": {
    sqlstate: "42601",
    httpStatus: 400,
    meaning: "A workflow has no task; the last one cannot be dropped.",
  },
  "WF-TASK-NEEDED": {
    sqlstate: "2BP01",
    httpStatus: 409,
    meaning: "A task cannot be dropped because others run after it.",
  },
  "WF-STATEMENT": {
    sqlstate: "42601",
    httpStatus: 400,
    meaning: "An EXECUTE text or condition is not exactly one statement that a task can run.",
  },
  "WF-PARTITION-NEEDED": {
    sqlstate: "42601",
    httpStatus: 400,
    meaning: "A workflow without a schedule refreshes a partitioned table and names no PARTITION.",
  },
  "WF-DOWNSTREAM": {
    sqlstate: "55000",
    httpStatus: 400,
    meaning: "There is no table below the task that could be added, or it refreshes none.",
  },
  "WF-VERSION-UNKNOWN": {
    sqlstate: "42704",
    httpStatus: 404,
    meaning: "The workflow has no version of that number.",
  },
  "WF-RUN-FAILED": {
    sqlstate: "55000",
    httpStatus: 500,
    meaning: "The run that a statement waited for has failed, by an error that has no code here.",
  },
  "WF-RUN-CANCELED": {
    sqlstate: "57014",
    httpStatus: 500,
    meaning: "The run that a statement waited for was canceled.",
  },
  "WF-SUPERSEDED": {
    sqlstate: "55000",
    httpStatus: 409,
    meaning: "The table of a REFRESH task was altered between the making of the run and the task.",
  },
  "WF-SQL-FAILED": {
    sqlstate: "58000",
    httpStatus: 500,
    meaning: "The statement of an EXECUTE task, or a task's condition, failed in the database.",
  },
  "WF-CONNECTION-ENDED": {
    sqlstate: "08006",
    httpStatus: 500,
    meaning: "The statement of a task ended its own connection; nothing of it was kept.",
  },
} as const satisfies Record<string, ErrorKind>;
