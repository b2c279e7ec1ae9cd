// Errors of /api/v1: {"error": {code, message, detail, hint, position}}, with the status that the
// registry gives the code.

import { z } from "@hono/zod-openapi";
import { HTTPException } from "hono/http-exception";
import { GatewayError } from "../../../common/gateway-error.ts";
import { hasSqlState } from "../../../common/pg.ts";
import { postgresError } from "../../../common/postgres-error.ts";

export const errorSchema = z
  .object({
    error: z.object({
      code: z.string().openapi({ description: "From the list of codes.", example: "WF-NOTFOUND" }),
      message: z.string(),
      detail: z.string().nullable(),
      hint: z.string().nullable(),
      position: z
        .number()
        .int()
        .nullable()
        .openapi({ description: "Where in a text that was sent, in code points from 0." }),
    }),
  })
  .openapi("Error");

const meanings = {
  400: "The request is malformed, or asks for what there cannot be",
  404: "There is none of that name or id",
  409: "It is in a state that does not allow it, or the name is taken",
  503: "The database cannot be reached",
} as const;

/** Entries of a route's responses, for its document. */
export function errorResponses(...statuses: readonly (keyof typeof meanings)[]) {
  const content = { "application/json": { schema: errorSchema } };
  return Object.fromEntries(
    [...statuses, 503 as const].map((status) => [
      status,
      { description: meanings[status], content },
    ]),
  );
}

/** Null: a defect, to be logged; the answer is the same as for GW-INTERNAL. */
export function knownError(error: unknown): GatewayError | null {
  if (error instanceof GatewayError) return error;
  if (error instanceof HTTPException) {
    const code = error.status === 413 ? "GW-TOO-LARGE" : "GW-REQUEST";
    return new GatewayError(code, lowerFirst(error.message || "the request cannot be read"));
  }
  if (isUnreachable(error)) {
    return new GatewayError("GW-UNAVAILABLE", "the database cannot be reached", { cause: error });
  }
  const passed = postgresError(error);
  return passed instanceof GatewayError ? passed : null;
}

/** Classes 08 and 57P0x, and errors of the connection itself. */
function isUnreachable(error: unknown): boolean {
  return (
    hasSqlState(error, "08", "57P0", "ECONN", "EPIPE", "ETIMEDOUT") ||
    (error instanceof Error && /connection (terminated|ended|closed)/i.test(error.message))
  );
}

export function errorAnswer(error: GatewayError): Response {
  const { code, message, detail = null, hint = null, position = null } = error;
  return Response.json(
    { error: { code, message, detail, hint, position } },
    { status: error.httpStatus },
  );
}

/** The sentence for what the schema of a request refused. */
export function requestError(error: z.ZodError, target: string): GatewayError {
  const [issue] = error.issues;
  const path = issue === undefined ? "" : issue.path.map(String).join(".");
  const where = path === "" ? target : `${target} ${path}`;
  const message = `${where}: ${lowerFirst(issue?.message ?? "cannot be read")}`;
  return new GatewayError("GW-REQUEST", message.replace(/\.$/, ""));
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
