// Errors of sessions, operations, results, configuration and the passage to PostgreSQL: GW-*.

import type { ErrorKind } from "../error-codes.ts";

export const gatewayErrors = {
  "GW-INTERNAL": {
    sqlstate: "XX000",
    httpStatus: 500,
    meaning: "A defect of Sluice. The log has the stack trace.",
  },
  "GW-POSTGRES": {
    sqlstate: "XX000",
    httpStatus: 400,
    meaning:
      "PostgreSQL refused the statement; its own SQLSTATE, detail, hint and position are passed on.",
  },
  "GW-UNAVAILABLE": {
    sqlstate: "57P03",
    httpStatus: 503,
    meaning: "The database cannot be reached at the moment, or the gateway is stopping.",
  },
} as const satisfies Record<string, ErrorKind>;
