// Errors of schedules, workflows, instances and queues: WF-*.

import type { ErrorKind } from "../error-codes.ts";

export const workflowErrors = {
  "WF-CRON": {
    sqlstate: "22023",
    httpStatus: 400,
    meaning: "The cron expression cannot be read, or never fires.",
  },
} as const satisfies Record<string, ErrorKind>;
