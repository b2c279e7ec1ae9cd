// Errors of the text of a statement: MT-PARSE-* and GW-SYNTAX*.

import type { ErrorKind } from "../error-codes.ts";

export const parserErrors = {
  "GW-SYNTAX": {
    sqlstate: "42601",
    httpStatus: 400,
    meaning:
      "The text is not a statement of our grammar; the position and what was expected are given.",
  },
  "GW-SYNTAX-EOF": {
    sqlstate: "42601",
    httpStatus: 400,
    meaning: "The text ends before the statement does.",
  },
  "GW-MULTIPLE-STATEMENTS": {
    sqlstate: "42601",
    httpStatus: 400,
    meaning: "Several statements were sent where one is taken.",
  },
  "GW-NOT-SUPPORTED": {
    sqlstate: "0A000",
    httpStatus: 400,
    meaning: "The statement or clause is understood, but has no meaning on PostgreSQL.",
  },
  "GW-NOT-YET": {
    sqlstate: "0A000",
    httpStatus: 400,
    meaning: "The statement is understood, but this version of Sluice does not carry it out yet.",
  },
} as const satisfies Record<string, ErrorKind>;
