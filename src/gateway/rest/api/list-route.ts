// The route of a list: {items, next}, with cursor, limit and the list's own filters. A filter that
// the list does not have, or a value that cannot be, is 400.

import { createRoute, z } from "@hono/zod-openapi";
import { type Sql, sql } from "../../../common/sql.ts";
import type { ErrorCode } from "../../../common/error-codes.ts";
import { GatewayError } from "../../../common/gateway-error.ts";
import type { Queryable } from "../../../common/pg.ts";
import { errorResponses } from "./api-error.ts";
import type { AddRoute } from "./api-services.ts";
import { loadPage } from "./page.ts";
import { type View, viewSchema } from "./view.ts";

/** A query parameter, and what it asks of a row `r`. */
export interface Filter {
  readonly schema: z.ZodType;
  readonly where: (value: unknown) => Sql;
}

export interface ListRoute {
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  readonly view: View;
  readonly filters: Readonly<Record<string, Filter>>;
  /** What a path parameter asks of a row. */
  readonly params?: Readonly<Record<string, (value: string) => Sql>>;
  /** What the path names; if it is not there, the list is 404 instead of empty. */
  readonly parent?: {
    readonly code: ErrorCode;
    readonly what: string;
    readonly exists: (params: Readonly<Record<string, string>>) => Sql;
  };
}

const paging = {
  cursor: z.string().optional().openapi({ description: "`next` of the page before." }),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
};

/** The function that adds the route. */
export function listRoute(list: ListRoute): AddRoute {
  const { path, summary, tag, view, filters, params = {}, parent } = list;
  const shape = Object.entries(filters).map(([name, { schema }]) => [name, schema.optional()]);
  const query = z.strictObject({
    ...paging,
    ...(Object.fromEntries(shape) as Record<string, z.ZodOptional>),
  });
  const names = Object.keys(params).map((name) => [name, z.string()]);
  const pathSchema = z.object(Object.fromEntries(names) as Record<string, z.ZodString>);
  const page = z
    .object({ items: z.array(viewSchema(view)), next: z.string().nullable() })
    .openapi(`${view.name}List`);
  const route = createRoute({
    method: "get",
    path,
    summary,
    tags: [tag],
    request: { params: pathSchema, query },
    responses: {
      200: { description: "A page", content: { "application/json": { schema: page } } },
      ...(parent === undefined ? errorResponses(400) : errorResponses(400, 404)),
    },
  });
  return (api, { database }) => {
    api.openapi(route, async (c) => {
      const { cursor, limit, ...given } = c.req.valid("query");
      const conditions = Object.entries(given).flatMap(([name, value]) =>
        value === undefined ? [] : [filters[name]?.where(value) ?? sql`true`],
      );
      for (const [name, value] of Object.entries(c.req.valid("param"))) {
        const where = params[name];
        if (where !== undefined) conditions.push(where(value));
      }
      const answer = await loadPage(database, view, { cursor: cursor ?? null, limit, conditions });
      if (parent !== undefined && answer.items.length === 0) {
        await requireParent(database, parent, c.req.valid("param"));
      }
      return c.json(answer, 200);
    });
  };
}

async function requireParent(
  on: Queryable,
  { code, what, exists }: NonNullable<ListRoute["parent"]>,
  params: Readonly<Record<string, string>>,
): Promise<void> {
  const [row] = await on.query<{ there: boolean }>(sql`SELECT EXISTS (${exists(params)}) AS there`);
  if (row?.there === true) return;
  throw new GatewayError(code, `${what} "${Object.values(params).join(".")}" does not exist`);
}
