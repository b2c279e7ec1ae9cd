// The registry of everything that can be said to be wrong. docs/reference/errors.md is generated
// from it, and a test keeps both equal. Add a code to the section it belongs to; a code never
// changes its meaning.

import { backfillErrors } from "./error-codes/backfill.ts";
import { gatewayErrors } from "./error-codes/gateway.ts";
import { parserErrors } from "./error-codes/parser.ts";
import { serverErrors } from "./error-codes/server.ts";
import { tableErrors } from "./error-codes/materialized-table.ts";
import { workflowErrors } from "./error-codes/workflow.ts";

/** One kind of error: how it is classed, and one sentence for the reference page. */
export interface ErrorKind {
  readonly sqlstate: string;
  readonly httpStatus: number;
  /** When a user meets it, as a sentence. */
  readonly meaning: string;
}

export const errorCodes = {
  ...gatewayErrors,
  ...serverErrors,
  ...parserErrors,
  ...tableErrors,
  ...workflowErrors,
  ...backfillErrors,
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorCodes;
