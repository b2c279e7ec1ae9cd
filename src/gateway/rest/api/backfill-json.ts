// A backfill as it is asked for in JSON.

import { z } from "@hono/zod-openapi";
import type { BackfillRequest } from "../../../backfill/backfills.ts";

const target = z.strictObject({ database: z.string().default("public"), name: z.string() });

export const backfillSchema = z
  .strictObject({
    table: target.optional(),
    workflow: target.optional(),
    from: z.string().openapi({ description: "Partition value or timestamp; inclusive." }),
    to: z.string().openapi({ description: "Exclusive." }),
    variables: z.record(z.string(), z.string()).default({}),
    options: z.record(z.string(), z.string()).default({}),
  })
  .refine((given) => (given.table === undefined) !== (given.workflow === undefined), {
    error: "expected either table or workflow",
  })
  .refine((given) => given.table === undefined || Object.keys(given.variables).length === 0, {
    error: "variables belong to workflow",
  })
  .openapi("BackfillRequest");

export function toBackfillRequest(
  given: z.output<typeof backfillSchema>,
  catalog: string,
): BackfillRequest {
  const { table, workflow, from, to, variables, options } = given;
  const of = table ?? workflow ?? { database: "", name: "" };
  const identifier = { catalog, ...of };
  return {
    target:
      table === undefined
        ? { kind: "workflow", identifier, variables }
        : { kind: "table", identifier },
    from,
    to,
    options,
  };
}
