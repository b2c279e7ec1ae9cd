// Errors of backfills: BF-*.

import type { ErrorKind } from "../error-codes.ts";

export const backfillErrors = {
  "BF-NOTFOUND": {
    sqlstate: "42704",
    httpStatus: 404,
    meaning: "There is no backfill of that id.",
  },
  "BF-RANGE": {
    sqlstate: "22023",
    httpStatus: 400,
    meaning: "FROM is not before TO.",
  },
  "BF-VALUE": {
    sqlstate: "22007",
    httpStatus: 400,
    meaning: "FROM or TO is neither a value of the partition column nor a timestamp.",
  },
  "BF-FUTURE": {
    sqlstate: "22023",
    httpStatus: 400,
    meaning: "The range lies wholly in the future: no interval of it has ended.",
  },
  "BF-EMPTY": {
    sqlstate: "22023",
    httpStatus: 400,
    meaning: "No interval begins in the range and has ended.",
  },
  "BF-TOO-MANY": {
    sqlstate: "54000",
    httpStatus: 400,
    meaning: "The range holds more than 100,000 intervals.",
  },
  "BF-OVERLAP": {
    sqlstate: "55006",
    httpStatus: 409,
    meaning:
      "A backfill of the same table or workflow that has not ended has intervals in the range.",
  },
  "BF-NOT-PARTITIONED": {
    sqlstate: "42809",
    httpStatus: 400,
    meaning: "The table has no partitions: there is nothing to go through.",
  },
  "BF-NOT-PERIODIC": {
    sqlstate: "55000",
    httpStatus: 400,
    meaning: "The workflow has no schedule: it has no intervals.",
  },
  "BF-OPTION-UNKNOWN": {
    sqlstate: "22023",
    httpStatus: 400,
    meaning: "BACKFILL … WITH names an option that does not exist.",
  },
  "BF-OPTION-VALUE": {
    sqlstate: "22023",
    httpStatus: 400,
    meaning: "The value of an option of BACKFILL cannot be used.",
  },
  "BF-ENDED": {
    sqlstate: "55000",
    httpStatus: 409,
    meaning: "The backfill has ended: there is nothing to pause, resume or cancel.",
  },
  "BF-NOT-FAILED": {
    sqlstate: "55000",
    httpStatus: 409,
    meaning: "RETRY FAILED of a backfill that was canceled or has no failed interval.",
  },
  "BF-RUN-FAILED": {
    sqlstate: "55000",
    httpStatus: 500,
    meaning: "Intervals of the backfill that a statement waited for have failed.",
  },
  "BF-RUN-CANCELED": {
    sqlstate: "57014",
    httpStatus: 500,
    meaning: "The backfill that a statement waited for was canceled.",
  },
} as const satisfies Record<string, ErrorKind>;
