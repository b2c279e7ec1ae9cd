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
} as const satisfies Record<string, ErrorKind>;
