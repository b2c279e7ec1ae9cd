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
  "GW-OPTION-VALUE": {
    sqlstate: "22023",
    httpStatus: 400,
    meaning: "The value is not legal for this option of the session.",
  },
  "GW-OPTION-GATEWAY": {
    sqlstate: "55P02",
    httpStatus: 400,
    meaning: "The option belongs to the gateway's configuration and cannot be set in a session.",
  },
  "GW-CATALOG-UNKNOWN": {
    sqlstate: "3D000",
    httpStatus: 404,
    meaning: "There is no catalog of that name: the only one is the connected database.",
  },
  "GW-DATABASE-UNKNOWN": {
    sqlstate: "3F000",
    httpStatus: 404,
    meaning: "There is no database (schema) of that name.",
  },
  "GW-DATABASE-EXISTS": {
    sqlstate: "42P06",
    httpStatus: 409,
    meaning: "A database (schema) of that name exists already.",
  },
  "GW-DATABASE-IN-USE": {
    sqlstate: "55006",
    httpStatus: 409,
    meaning:
      "The database is the session's current one, or materialized tables depend on its name.",
  },
  "GW-DATABASE-NOT-EMPTY": {
    sqlstate: "2BP01",
    httpStatus: 409,
    meaning: "The database holds objects; DROP … CASCADE takes them along.",
  },
  "GW-DATABASE-PROTECTED": {
    sqlstate: "42501",
    httpStatus: 403,
    meaning: "The database belongs to PostgreSQL or to Sluice and cannot be changed.",
  },
  "GW-OBJECT-UNKNOWN": {
    sqlstate: "42P01",
    httpStatus: 404,
    meaning: "There is no table, view or function of that name.",
  },
  "GW-OBJECT-KIND": {
    sqlstate: "42809",
    httpStatus: 400,
    meaning: "The object is of another kind than the statement is for.",
  },
  "GW-NAME": {
    sqlstate: "42602",
    httpStatus: 400,
    meaning: "A name has too many parts, or cannot be read.",
  },
  "GW-SESSION-UNKNOWN": {
    sqlstate: "08003",
    httpStatus: 404,
    meaning: "There is no session of that handle: it was closed, expired, or never opened.",
  },
  "GW-OPERATION-UNKNOWN": {
    sqlstate: "42704",
    httpStatus: 404,
    meaning: "There is no operation of that handle in the session: it was closed or collected.",
  },
  "GW-OPERATION-STATUS": {
    sqlstate: "55000",
    httpStatus: 409,
    meaning: "The operation is in a status that does not allow what was asked.",
  },
  "GW-RESULT-TOKEN": {
    sqlstate: "22023",
    httpStatus: 400,
    meaning: "The token is neither the next page nor the one served last.",
  },
  "GW-RESULT-ABANDONED": {
    sqlstate: "57014",
    httpStatus: 410,
    meaning:
      "The result is larger than what is kept, and its rows were not fetched in time, so the query was ended.",
  },
  "GW-SPOOL": {
    sqlstate: "58030",
    httpStatus: 507,
    meaning: "Rows of a large result could not be kept in the data directory.",
  },
  "GW-TOO-MANY-SESSIONS": {
    sqlstate: "53300",
    httpStatus: 429,
    meaning: "The gateway holds as many sessions as it is configured for.",
  },
  "GW-TOO-MANY-PINNED": {
    sqlstate: "53300",
    httpStatus: 429,
    meaning:
      "As many sessions as are configured hold a connection of their own (open transactions, temporary tables and the like).",
  },
  "GW-CANCELED": {
    sqlstate: "57014",
    httpStatus: 409,
    meaning: "The statement was cancelled on request.",
  },
  "GW-COMMIT-UNKNOWN": {
    sqlstate: "08007",
    httpStatus: 500,
    meaning:
      "The connection broke, or the statement was cancelled, while it was being committed: look whether it took effect.",
  },
  "GW-REQUEST": {
    sqlstate: "22023",
    httpStatus: 400,
    meaning: "The request is malformed: a path or query parameter, or the body.",
  },
  "GW-ROW-UNKNOWN": {
    sqlstate: "42704",
    httpStatus: 404,
    meaning: "There is nothing of that name or id, or its history has been removed.",
  },
  "GW-ROUTE-UNKNOWN": {
    sqlstate: "42704",
    httpStatus: 404,
    meaning: "There is no such route below /api.",
  },
  "GW-TOO-LARGE": {
    sqlstate: "54000",
    httpStatus: 413,
    meaning: "The body of the request is larger than request.max-bytes.",
  },
  "GW-TIMEOUT-OPTION": {
    sqlstate: "0A000",
    httpStatus: 400,
    meaning: "executionTimeout is not supported; set statement_timeout instead.",
  },
  "GW-CONFIGURE": {
    sqlstate: "0A000",
    httpStatus: 400,
    meaning: "The statement cannot be sent to configure-session.",
  },
  "GW-SCRIPTS": {
    sqlstate: "0A000",
    httpStatus: 400,
    meaning: "Deploying scripts to a cluster has no meaning on PostgreSQL.",
  },
  "GW-ORIGIN": {
    sqlstate: "28000",
    httpStatus: 403,
    meaning: "The request came from a web page or for a host name that is not allowed.",
  },
} as const satisfies Record<string, ErrorKind>;
