// Errors of materialized tables: MT-*.

import type { ErrorKind } from "../error-codes.ts";

export const tableErrors = {
  "MT-NOTFOUND": {
    sqlstate: "42P01",
    httpStatus: 404,
    meaning: "There is no materialized table of that name.",
  },
} as const satisfies Record<string, ErrorKind>;
