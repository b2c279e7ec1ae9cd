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
  "MT-PARSE-TEMPORARY": {
    sqlstate: "0A000",
    httpStatus: 400,
    meaning: "A materialized table cannot be temporary.",
  },
  "MT-PARSE-REPLACE": {
    sqlstate: "0A000",
    httpStatus: 400,
    meaning: "A materialized table cannot be replaced; CREATE OR ALTER changes it.",
  },
  "MT-PARSE-FRESHNESS": {
    sqlstate: "42601",
    httpStatus: 400,
    meaning: "FRESHNESS is not an interval literal such as INTERVAL '5' MINUTE.",
  },
  "MT-PARSE-START-MODE": {
    sqlstate: "42601",
    httpStatus: 400,
    meaning: "The argument of FROM_NOW or RESUME_OR_FROM_NOW is not an interval literal.",
  },
  "MT-PARSE-WATERMARK": {
    sqlstate: "0A000",
    httpStatus: 400,
    meaning: "A list has more than one WATERMARK.",
  },
  "MT-PARSE-EXPLAIN": {
    sqlstate: "0A000",
    httpStatus: 400,
    meaning: "EXPLAIN of an ALTER that neither defines a query nor refreshes anything.",
  },
  "MT-PARSE-NAME-LENGTH": {
    sqlstate: "42622",
    httpStatus: 400,
    meaning: "A name has more than the 63 bytes that PostgreSQL keeps.",
  },
} as const satisfies Record<string, ErrorKind>;
