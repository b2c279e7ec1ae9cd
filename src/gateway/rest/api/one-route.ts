// The route of one row of a view: by its id, or by database and name.

import { createRoute, z } from "@hono/zod-openapi";
import type { ErrorCode } from "../../../common/error-codes.ts";
import { GatewayError } from "../../../common/gateway-error.ts";
import { ident, join, sql } from "../../../common/sql.ts";
import { errorResponses } from "./api-error.ts";
import type { AddRoute } from "./api-services.ts";
import { loadRow, type View, viewSchema } from "./view.ts";

export interface OneRoute {
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  readonly view: View;
  /** Path parameter → column of the view. */
  readonly params: Readonly<Record<string, string>>;
  readonly missing: { readonly code: ErrorCode; readonly what: string };
}

/** The function that adds the route. */
export function oneRoute({ path, summary, tag, view, params, missing }: OneRoute): AddRoute {
  const shape = Object.keys(params).map((name) => [name, z.string()]);
  const route = createRoute({
    method: "get",
    path,
    summary,
    tags: [tag],
    request: { params: z.object(Object.fromEntries(shape) as Record<string, z.ZodString>) },
    responses: {
      200: { description: "It", content: { "application/json": { schema: viewSchema(view) } } },
      ...errorResponses(404),
    },
  });
  return (api, { database }) => {
    api.openapi(route, async (c) => {
      const given = c.req.valid("param");
      const conditions = Object.entries(params).map(
        ([name, column]) => sql`r.${ident(column)} = ${given[name] ?? ""}`,
      );
      const row = await loadRow(database, view, join(conditions, " AND "));
      if (row !== null) return c.json(row, 200);
      const called = Object.values(given).join(".");
      throw new GatewayError(missing.code, `${missing.what} "${called}" does not exist`);
    });
  };
}
