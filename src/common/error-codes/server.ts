// Errors of starting: configuration, the embedded server, the metadata schema, a database that does
// not fit: GW-*.

import type { ErrorKind } from "../error-codes.ts";

export const serverErrors = {
  "GW-CONFIG": {
    sqlstate: "22023",
    httpStatus: 500,
    meaning: "An option of the gateway is unknown or its value is not legal; it does not start.",
  },
  "GW-NO-BINARIES": {
    sqlstate: "0A000",
    httpStatus: 500,
    meaning:
      "There is no packaged PostgreSQL for this platform, so SLUICE_DATABASE_URL must name a server.",
  },
  "GW-EMBEDDED": {
    sqlstate: "58000",
    httpStatus: 500,
    meaning: "The embedded PostgreSQL could not be made, started or stopped.",
  },
  "GW-MIGRATION-CHANGED": {
    sqlstate: "55000",
    httpStatus: 500,
    meaning: "A migration that the database has had differs from the file of this version.",
  },
  "GW-SCHEMA-NEWER": {
    sqlstate: "55000",
    httpStatus: 503,
    meaning:
      "A newer gateway has changed the metadata schema beyond what this version reads; it neither starts nor claims work.",
  },
  "GW-DATABASE-UNFIT": {
    sqlstate: "55000",
    httpStatus: 500,
    meaning:
      "The database or the role lacks something that Sluice needs; the detail lists the statements to run.",
  },
  "GW-SETTINGS-DIFFER": {
    sqlstate: "55000",
    httpStatus: 500,
    meaning:
      "An option that changes the meaning of tables is configured differently from the database's other gateways.",
  },
} as const satisfies Record<string, ErrorKind>;
